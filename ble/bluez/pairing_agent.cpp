// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/pairing_agent.h"

#include <sdbus-c++/sdbus-c++.h>

#include <cstdint>
#include <utility>

#include "ble/bluez/bluez_error.h"
#include "ble/bluez/connection.h"

namespace vardnav::ble::bluez {
namespace {

constexpr const char* kPath = "/org/vardnav/agent";
constexpr const char* kAgent = "org.bluez.Agent1";
constexpr Milliseconds kRetry{2'000};
constexpr std::uint32_t kLargestPasskey = 999'999;

sdbus::Error rejected(const char* why) { return sdbus::Error("org.bluez.Error.Rejected", why); }

}  // namespace

struct PairingAgent::Question {
  DeviceId device;
  std::function<void()> refuse;  // tells bluetoothd
};

struct PairingAgent::Object {
  PairingAgent& agent;
  std::unique_ptr<sdbus::IObject> dbus;

  // The wanted device a call is about; nullopt, after saying why, if it is to be refused.
  std::optional<DeviceId> admit(const sdbus::ObjectPath& path) {
    const std::string caller = dbus->getCurrentlyProcessedMessage()->getSender();
    if (caller != agent.remote_.owner()) {
      agent.listener_.onPairingRefused(caller, PairingRefusal::kForeignCaller);
      return std::nullopt;
    }
    auto device = agent.wanted_(path);
    if (!device) agent.listener_.onPairingRefused(path, PairingRefusal::kUnwantedDevice);
    return device;
  }

  PasskeyProvider* providerFor(const DeviceId& device) {
    if (agent.provider_ == nullptr) {
      agent.listener_.onPairingRefused(device.value, PairingRefusal::kNoPasskeyProvider);
    }
    return agent.provider_;
  }

  void authorise(const sdbus::ObjectPath& path) {
    if (!admit(path)) throw rejected("not a device of this hub");
  }

  void requestPasskey(sdbus::Result<std::uint32_t>&& result, const sdbus::ObjectPath& path) {
    const auto device = admit(path);
    PasskeyProvider* provider = device ? providerFor(*device) : nullptr;
    if (provider == nullptr) return result.returnError(rejected("no passkey"));
    auto shared = std::make_shared<sdbus::Result<std::uint32_t>>(std::move(result));
    const auto question =
        agent.ask(*device, [shared] { shared->returnError(rejected("no passkey")); });
    if (!question) return;
    provider->requestPasskey(*device, [this, shared, question, alive = Remote::Alive(agent.alive_)](
                                          std::optional<std::uint32_t> passkey) {
      if (alive.expired() || !agent.close(question)) return;
      if (passkey && *passkey <= kLargestPasskey) return shared->returnResults(*passkey);
      agent.listener_.onPairingRefused(question->device.value, PairingRefusal::kNoAnswer);
      question->refuse();
    });
  }

  void confirm(sdbus::Result<>&& result, const sdbus::ObjectPath& path, std::uint32_t passkey) {
    const auto device = admit(path);
    PasskeyProvider* provider = device ? providerFor(*device) : nullptr;
    if (provider == nullptr) return result.returnError(rejected("not confirmed"));
    auto shared = std::make_shared<sdbus::Result<>>(std::move(result));
    const auto question =
        agent.ask(*device, [shared] { shared->returnError(rejected("not confirmed")); });
    if (!question) return;
    provider->confirmPasskey(
        *device, passkey,
        [this, shared, question, alive = Remote::Alive(agent.alive_)](bool isSame) {
          if (alive.expired() || !agent.close(question)) return;
          if (isSame) return shared->returnResults();
          agent.listener_.onPairingRefused(question->device.value, PairingRefusal::kNoAnswer);
          question->refuse();
        });
  }

  // PIN codes and displayed passkeys belong to classic Bluetooth and to devices with a keyboard.
  void refuse(const sdbus::ObjectPath& path) {
    if (const auto device = admit(path)) {
      agent.listener_.onPairingRefused(device->value, PairingRefusal::kNoPasskeyProvider);
    }
    throw rejected("this way of pairing is not offered");
  }

  void cancel() {
    if (dbus->getCurrentlyProcessedMessage()->getSender() != agent.remote_.owner()) return;
    // bluetoothd listens no more.
    agent.giveUp(false);
  }

  void publish() {
    using Path = sdbus::ObjectPath;
    auto& object = *dbus;
    const auto add = [&object](const char* name, auto function) {
      object.registerMethod(name).onInterface(kAgent).implementedAs(std::move(function));
    };
    add("Release", [] {});
    add("RequestAuthorization", [this](const Path& path) { authorise(path); });
    add("AuthorizeService", [this](const Path& path, const std::string&) { authorise(path); });
    add("RequestPasskey", [this](sdbus::Result<std::uint32_t>&& result, const Path& path) {
      requestPasskey(std::move(result), path);
    });
    add("RequestConfirmation",
        [this](sdbus::Result<>&& result, const Path& path, const std::uint32_t& passkey) {
          confirm(std::move(result), path, passkey);
        });
    add("RequestPinCode", [this](const Path& path) {
      refuse(path);
      return std::string{};
    });
    add("DisplayPinCode", [this](const Path& path, const std::string&) { refuse(path); });
    add("DisplayPasskey",
        [this](const Path& path, const std::uint32_t&, const std::uint16_t&) { refuse(path); });
    add("Cancel", [this] { cancel(); });
    object.finishRegistration();
  }
};

PairingAgent::PairingAgent(Remote& remote, Timers& timers, Milliseconds answerTimeout,
                           CentralListener& listener, Wanted wanted)
    : remote_(remote),
      listener_(listener),
      wanted_(std::move(wanted)),
      answerTimeout_(answerTimeout),
      retry_(timers.make()),
      answerTimer_(timers.make()) {}

PairingAgent::~PairingAgent() = default;

Result<void> PairingAgent::open() {
  try {
    object_ = std::make_unique<Object>(
        Object{*this, sdbus::createObject(*remote_.bus().connection().dbus, kPath)});
    object_->publish();
  } catch (const sdbus::Error& error) {
    return fail(ErrorCode::kUnavailable, "cannot offer a pairing agent: " + error.getMessage());
  }
  return {};
}

void PairingAgent::enlist() {
  retry_->cancel();
  remote_.registerAgent(kPath, "KeyboardDisplay", alive_,
                        [this](const std::expected<void, CallError>& registered) {
                          if (!registered && !isAlreadyPaired(registered.error())) {
                            return retryLater(registered.error());
                          }
                          remote_.requestDefaultAgent(
                              kPath, alive_, [this](const std::expected<void, CallError>& made) {
                                if (!made) retryLater(made.error());
                              });
                        });
}

void PairingAgent::dismiss() {
  retry_->cancel();
  giveUp(false);
}

void PairingAgent::setProvider(PasskeyProvider* provider) {
  giveUp(true);
  provider_ = provider;
}

// ---- questions to a person ----

std::shared_ptr<PairingAgent::Question> PairingAgent::ask(const DeviceId& device,
                                                          std::function<void()> refuse) {
  if (question_) {
    listener_.onPairingRefused(device.value, PairingRefusal::kBusy);
    refuse();
    return nullptr;
  }
  question_ = std::make_shared<Question>(Question{device, std::move(refuse)});
  answerTimer_->start(answerTimeout_, [this] {
    listener_.onPairingRefused(question_->device.value, PairingRefusal::kNoAnswer);
    giveUp(true);
  });
  return question_;
}

// False: it is not open any more, and the answer comes too late.
bool PairingAgent::close(const std::shared_ptr<Question>& question) {
  if (question_ != question) return false;
  question_.reset();
  answerTimer_->cancel();
  return true;
}

void PairingAgent::giveUp(bool isTold) {
  const auto question = std::exchange(question_, nullptr);
  if (!question) return;
  answerTimer_->cancel();
  if (isTold) question->refuse();
  if (provider_ != nullptr) provider_->cancel();
}

void PairingAgent::retryLater(const CallError& error) {
  if (!remote_.isUp()) return;
  listener_.onNote(Note::kAgentNotRegistered, textOf(error));
  retry_->start(kRetry, [this] { enlist(); });
}

}  // namespace vardnav::ble::bluez
