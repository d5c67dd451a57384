// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Pairing, bonds and GATT operations of a device object.
#include <utility>

#include "ble/virtual/bluez_error.h"
#include "ble/virtual/device_object.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr Milliseconds kPairDelay{120};
constexpr Milliseconds kOperationDelay{10};

}  // namespace

// ---- pairing ----

void DeviceObject::pairCalled(const sdbus::MethodCall& call) {
  if (isPaired_) throw bluez_error::alreadyExists();
  if (bonding_) throw bluez_error::inProgress();
  const std::string client = call.getSender();
  const auto done = [call](const std::optional<sdbus::Error>& error) {
    bluez_error::reply(call, error);
  };
  bonding_ = Bonding{client, done};
  if (isConnected_) return later(kPairDelay, [this, client] { askAgent(client); });
  reach([this, client](const std::optional<sdbus::Error>& error) {
    if (!bonding_) return;
    if (error) {
      return finishBonding(bluez_error::of("ConnectionAttemptFailed", "Page Timeout"));
    }
    later(kPairDelay, [this, client] { askAgent(client); });
  });
}

void DeviceObject::cancelPairingCalled(const sdbus::MethodCall& call) {
  if (!bonding_) throw bluez_error::doesNotExist();
  context_.agents.cancelQuestions(path_);
  finishBonding(bluez_error::of("AuthenticationCanceled", "Authentication Canceled"));
  call.createReply().send();
}

void DeviceObject::bond(const std::string& client, Done done) {
  bonding_ = Bonding{client, std::move(done)};
  later(kPairDelay, [this, client] { askAgent(client); });
}

void DeviceObject::askAgent(const std::string& client) {
  if (!bonding_) return;
  const DevicePlan& plan = peripheral_.plan();
  const auto answered = [this, link = link_](std::optional<std::uint32_t> answer) {
    if (link != link_) return;
    if (answer) return finishBonding(std::nullopt);
    finishBonding(bluez_error::of("AuthenticationFailed", "Authentication Failed"));
  };
  switch (plan.pairing) {
    case Pairing::kJustWorks:
      // src/device.c, device_confirm_passkey(): a client that called Pair() has shown its will; a
      // pairing nobody called for is the agent's to grant.
      if (!client.empty()) return answered(0);
      [[fallthrough]];
    case Pairing::kAuthorisation:
      return context_.agents.requestAuthorization(client, path_, answered);
    case Pairing::kComparison:
      return context_.agents.requestConfirmation(client, path_, plan.passkey, answered);
    case Pairing::kPasskey:
      return context_.agents.requestPasskey(
          client, path_, [answered, shown = plan.passkey](std::optional<std::uint32_t> entered) {
            answered(entered == shown ? entered : std::nullopt);
          });
  }
}

void DeviceObject::finishBonding(const std::optional<sdbus::Error>& error) {
  if (!bonding_) return;
  const Done done = std::move(bonding_->done);
  bonding_.reset();
  if (!error) {
    isPaired_ = true;
    isForgotten_ = false;
    keepBond();
    tell({"Paired", "Bonded"});
  }
  done(error);
  if (isConnected_ && !isResolved_) resolve();
}

void DeviceObject::keepBond() {
  const auto kept = context_.bonds.set(peripheral_.plan().address, {isPaired_, isTrusted_});
  if (!kept) context_.onFault(kept.error());
}

void DeviceObject::clientGone(const std::string& client) {
  if (gatt_) gatt_->clientGone(client);
  if (bonding_ && bonding_->client == client) {
    finishBonding(bluez_error::of("AuthenticationCanceled", "Authentication Canceled"));
  }
}

void DeviceObject::remove() {
  powerOff();
  isPaired_ = false;
  isTrusted_ = false;
  keepBond();
  vanish();
}

void DeviceObject::powerOff() {
  failReaching();
  dropLink();
}

// ---- operations ----

// As bluetoothd does, an operation that the device refuses for want of a bond starts pairing.
bool DeviceObject::isAuthenticationWanted(AttError error) {
  return error == AttError::kInsufficientAuthentication && !isPaired_ && !bonding_;
}

void DeviceObject::read(const std::string& characteristic, ReadDone done) {
  context_.loop.after(
      kOperationDelay + peripheral_.lateness(), [this, link = link_, characteristic, done] {
        if (link != link_) return done(std::unexpected(bluez_error::notConnected()));
        auto value = peripheral_.read(characteristic, {isPaired_});
        if (value) return done(std::move(*value));
        const sdbus::Error refusal = bluez_error::of(value.error());
        if (!isAuthenticationWanted(value.error())) return done(std::unexpected(refusal));
        bond("", [this, characteristic, done, refusal](const std::optional<sdbus::Error>& error) {
          if (error) return done(std::unexpected(refusal));
          read(characteristic, done);
        });
      });
}

void DeviceObject::write(const std::string& characteristic, Bytes value, Done done) {
  context_.loop.after(kOperationDelay + peripheral_.lateness(),
                      [this, link = link_, characteristic, value, done] {
                        if (link != link_) return done(bluez_error::notConnected());
                        const auto written = peripheral_.write(characteristic, value, {isPaired_});
                        if (written) return done(std::nullopt);
                        const sdbus::Error refusal = bluez_error::of(written.error());
                        if (!isAuthenticationWanted(written.error())) return done(refusal);
                        bond("", [this, characteristic, value, done,
                                  refusal](const std::optional<sdbus::Error>& error) {
                          if (error) return done(refusal);
                          write(characteristic, value, done);
                        });
                      });
}

void DeviceObject::subscribe(const std::string& characteristic, bool isOn, Done done) {
  // At once, so that nothing is sent to nobody.
  if (!isOn) peripheral_.unsubscribe(characteristic, {isPaired_});
  context_.loop.after(kOperationDelay + peripheral_.lateness(),
                      [this, link = link_, characteristic, isOn, done] {
                        if (link != link_) return done(bluez_error::notConnected());
                        if (!isOn) return done(std::nullopt);
                        const auto written = peripheral_.subscribe(characteristic, {isPaired_});
                        if (!written) return done(bluez_error::of(written.error()));
                        // Values can overtake the reply.
                        if (peripheral_.lateness() == Milliseconds{0}) peripheral_.sendOne();
                        done(std::nullopt);
                      });
}

void DeviceObject::onValue(const Outgoing& outgoing) {
  if (isConnected_ && gatt_) gatt_->notified(outgoing.characteristic, outgoing.value);
}

}  // namespace vardnav::ble::virtual_home
