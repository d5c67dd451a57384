// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/device_object.h"

#include <algorithm>
#include <utility>

#include "ble/virtual/bluez_error.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr const char* kInterface = "org.bluez.Device1";

// Of the order that real links show; short, so that weeks fit into a minute.
constexpr Milliseconds kConnectDelay{60};
constexpr Milliseconds kPairDelay{120};
constexpr Milliseconds kResolveDelay{80};
constexpr Milliseconds kCachedResolveDelay{15};
constexpr Milliseconds kLateObjectsDelay{250};
constexpr Milliseconds kOperationDelay{10};
constexpr Milliseconds kDisconnectDelay{30};
constexpr Milliseconds kReachTime{20'000};      // the kernel's time-out of an LE connection
constexpr Milliseconds kTemporaryTime{30'000};  // src/main.conf, TemporaryTimeout

}  // namespace

DeviceObject::DeviceObject(const Context& context, Peripheral& peripheral)
    : context_(context), peripheral_(peripheral), alias_(peripheral.plan().name) {
  std::string name = peripheral.plan().address;
  std::ranges::replace(name, ':', '_');
  path_ = context_.adapter + "/dev_" + name;
  const BondStore::Bond bond = context_.bonds.of(peripheral.plan().address);
  isPaired_ = bond.isBonded;
  isTrusted_ = bond.isTrusted;
  if (isPaired_) appear();
}

// ---- the object ----

void DeviceObject::appear() {
  object_ = sdbus::createObject(context_.bus, path_);
  publish();
  object_->emitInterfacesAddedSignal();
}

void DeviceObject::vanish() {
  if (!object_) return;
  context_.loop.cancel(goneTimer_);
  if (gatt_) gatt_->withdraw();
  gatt_.reset();
  object_->emitInterfacesRemovedSignal();
  object_.reset();
  rssi_ = 127;
}

void DeviceObject::tell(const std::vector<std::string>& properties) {
  if (object_) object_->emitPropertiesChangedSignal(kInterface, properties);
}

void DeviceObject::publish() {
  sdbus::IObject& object = *object_;
  const auto method = [&](const char* name,
                          void (DeviceObject::*called)(const sdbus::MethodCall&)) {
    object.registerMethod(kInterface, name, "", "",
                          [this, called](const sdbus::MethodCall& call) { (this->*called)(call); });
  };
  method("Connect", &DeviceObject::connectCalled);
  method("Disconnect", &DeviceObject::disconnectCalled);
  method("Pair", &DeviceObject::pairCalled);
  method("CancelPairing", &DeviceObject::cancelPairingCalled);
  const auto property = [&](const char* name, const char* type, auto get) {
    object.registerProperty(kInterface, name, type,
                            [get](sdbus::PropertyGetReply& reply) { reply << get(); });
  };
  const DevicePlan& plan = peripheral_.plan();
  property("Address", "s", [&plan] { return plan.address; });
  property("AddressType", "s", [&plan] { return plan.addressType; });
  property("Name", "s", [&plan] { return plan.name; });
  property("Adapter", "o", [this] { return sdbus::ObjectPath{context_.adapter}; });
  property("RSSI", "n", [this] { return rssi_; });
  property("Paired", "b", [this] { return isPaired_; });
  property("Bonded", "b", [this] { return isPaired_; });
  property("Connected", "b", [this] { return isConnected_; });
  property("ServicesResolved", "b", [this] { return isResolved_; });
  property("Blocked", "b", [] { return false; });
  property("LegacyPairing", "b", [] { return false; });
  property("UUIDs", "as", [this] {
    std::vector<std::string> uuids;
    for (const Service& service : peripheral_.model().services()) {
      uuids.push_back(longUuid(service.uuid));
      if (!gatt_) break;  // before its services are known: the one it advertises
    }
    return uuids;
  });
  object.registerProperty(
      kInterface, "Trusted", "b", [this](sdbus::PropertyGetReply& reply) { reply << isTrusted_; },
      [this](sdbus::PropertySetCall& call) {
        call >> isTrusted_;
        keepBond();
        tell({"Trusted"});
      });
  object.registerProperty(
      kInterface, "Alias", "s", [this](sdbus::PropertyGetReply& reply) { reply << alias_; },
      [this](sdbus::PropertySetCall& call) {
        call >> alias_;
        tell({"Alias"});
      });
  object.finishRegistration();
}

void DeviceObject::onAdvert(bool isReported) {
  if (isReported) {
    const bool isNew = !isKnown();
    // It varies on real radios, and BlueZ tells every change while a filter is set.
    rssi_ = static_cast<std::int16_t>(rssi_ == -61 ? -63 : -61);
    if (isNew) {
      appear();
    } else {
      tell({"RSSI"});
    }
  }
  if (!isKnown()) return;
  keepWhileHeard();
  if (!reaching_.empty() && establishTimer_ == 0) {
    establishTimer_ = context_.loop.after(kConnectDelay, [this] {
      establishTimer_ = 0;
      establish();
    });
  }
}

void DeviceObject::keepWhileHeard() {
  context_.loop.cancel(goneTimer_);
  goneTimer_ = context_.loop.after(kTemporaryTime, [this] {
    if (!isPaired_ && !isTrusted_ && !isConnected_ && reaching_.empty()) vanish();
  });
}

// ---- the link ----

void DeviceObject::later(Milliseconds delay, Loop::Task task) {
  context_.loop.after(delay, [this, link = link_, task = std::move(task)] {
    if (link == link_) task();
  });
}

void DeviceObject::connectCalled(const sdbus::MethodCall& call) {
  if (isConnected_) throw bluez_error::of("AlreadyConnected", "Already Connected");
  if (!reaching_.empty() || bonding_) throw bluez_error::inProgress();
  reach([call](const std::optional<sdbus::Error>& error) { bluez_error::reply(call, error); });
}

void DeviceObject::reach(Done done) {
  reaching_.push_back(std::move(done));
  if (reachTimer_ == 0) {
    reachTimer_ = context_.loop.after(kReachTime, [this] {
      reachTimer_ = 0;
      failReaching();
    });
  }
  if (peripheral_.isAdvertising()) onAdvert(false);
}

void DeviceObject::establish() {
  if (reaching_.empty()) return;
  if (!peripheral_.isAdvertising()) return;  // fell asleep; its next advert tries again
  context_.loop.cancel(std::exchange(reachTimer_, 0));
  peripheral_.connect();
  ++link_;
  isConnected_ = true;
  tell({"Connected"});
  for (const Done& done : std::exchange(reaching_, {})) done(std::nullopt);
  // A pairing that was asked for comes first.
  if (!bonding_) resolve();
}

void DeviceObject::failReaching() {
  context_.loop.cancel(std::exchange(reachTimer_, 0));
  context_.loop.cancel(std::exchange(establishTimer_, 0));
  for (const Done& done : std::exchange(reaching_, {})) done(bluez_error::connectionAborted());
}

void DeviceObject::disconnectCalled(const sdbus::MethodCall& call) {
  if (!isConnected_ && reaching_.empty()) {
    throw bluez_error::of("NotConnected", "Not Connected");
  }
  failReaching();
  const auto ended = [this, call] {
    dropLink();
    call.createReply().send();
  };
  context_.loop.after(kDisconnectDelay, ended);
}

void DeviceObject::dropLink() {
  if (!isConnected_) return;
  peripheral_.disconnect();
  linkDown();
}

void DeviceObject::onLinkLost() {
  if (isConnected_) linkDown();
}

void DeviceObject::linkDown() {
  ++link_;
  isConnected_ = false;
  if (bonding_) {
    context_.agents.cancelQuestions(path_);
    finishBonding(bluez_error::of("AuthenticationCanceled", "Authentication Canceled"));
  }
  if (gatt_) gatt_->linkLost();
  if (std::exchange(isResolved_, false)) tell({"ServicesResolved"});
  tell({"Connected"});
  keepWhileHeard();
}

void DeviceObject::resolve() {
  if (gatt_) return later(kCachedResolveDelay, [this] { becomeResolved(); });
  later(kResolveDelay, [this] {
    if (isResolved_) return;  // asked for twice: by Connect and by Pair
    const auto show = [this] {
      gatt_ =
          std::make_unique<GattObjects>(context_.bus, path_, peripheral_.model().services(), *this);
      gatt_->announce();
      tell({"UUIDs"});
    };
    if (peripheral_.plan().hasLateObjects) {
      becomeResolved();
      later(kLateObjectsDelay, show);
    } else {
      show();
      becomeResolved();
    }
  });
}

void DeviceObject::becomeResolved() {
  isResolved_ = true;
  tell({"ServicesResolved"});
  if (gatt_) gatt_->renew();
}

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
  context_.loop.after(kOperationDelay, [this, link = link_, characteristic, done] {
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
  context_.loop.after(kOperationDelay, [this, link = link_, characteristic, value, done] {
    if (link != link_) return done(bluez_error::notConnected());
    const auto written = peripheral_.write(characteristic, value, {isPaired_});
    if (written) return done(std::nullopt);
    const sdbus::Error refusal = bluez_error::of(written.error());
    if (!isAuthenticationWanted(written.error())) return done(refusal);
    bond("",
         [this, characteristic, value, done, refusal](const std::optional<sdbus::Error>& error) {
           if (error) return done(refusal);
           write(characteristic, value, done);
         });
  });
}

void DeviceObject::subscribe(const std::string& characteristic, bool isOn, Done done) {
  // At once, so that nothing is sent to nobody.
  if (!isOn) peripheral_.unsubscribe(characteristic, {isPaired_});
  context_.loop.after(kOperationDelay, [this, link = link_, characteristic, isOn, done] {
    if (link != link_) return done(bluez_error::notConnected());
    if (!isOn) return done(std::nullopt);
    const auto written = peripheral_.subscribe(characteristic, {isPaired_});
    if (!written) return done(bluez_error::of(written.error()));
    // Values can overtake the reply.
    peripheral_.sendOne();
    done(std::nullopt);
  });
}

void DeviceObject::onValue(const Outgoing& outgoing) {
  if (isConnected_ && gatt_) gatt_->notified(outgoing.characteristic, outgoing.value);
}

}  // namespace vardnav::ble::virtual_home
