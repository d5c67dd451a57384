// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/time_service.h"

#include <sdbus-c++/sdbus-c++.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "ble/bluez/bluez_error.h"
#include "ble/bluez/central.h"
#include "ble/bluez/connection.h"

namespace vardnav::ble::bluez {
namespace {

constexpr const char* kRoot = "/org/vardnav/time";
constexpr const char* kServicePath = "/org/vardnav/time/service0";
constexpr const char* kCurrentTimePath = "/org/vardnav/time/service0/char0";
constexpr const char* kLocalTimePath = "/org/vardnav/time/service0/char1";
constexpr const char* kServiceInterface = "org.bluez.GattService1";
constexpr const char* kCharacteristicInterface = "org.bluez.GattCharacteristic1";
constexpr Milliseconds kFirstRetry{30'000};
constexpr Milliseconds kLongestRetry{3'600'000};

using DbusOptions = std::map<std::string, sdbus::Variant>;

}  // namespace

struct TimeService::Objects {
  TimeService& service;
  std::unique_ptr<sdbus::IObject> root;
  std::unique_ptr<sdbus::IObject> time;
  std::unique_ptr<sdbus::IObject> currentTime;
  std::unique_ptr<sdbus::IObject> localTime;
  bool isNotifying = false;

  void admit(const sdbus::IObject& object) const {
    const std::string caller = object.getCurrentlyProcessedMessage()->getSender();
    if (caller == service.remote_.owner() && service.isOffered()) return;
    throw sdbus::Error("org.bluez.Error.NotPermitted", "no time is offered");
  }

  Bytes read(const sdbus::IObject& object, Bytes (TimeSource::*value)() const) const {
    admit(object);
    return (service.source_->*value)();
  }

  void publishService() {
    time->registerProperty("UUID").onInterface(kServiceInterface).withGetter([] {
      return uuidFrom16("1805");
    });
    time->registerProperty("Primary").onInterface(kServiceInterface).withGetter([] {
      return true;
    });
    time->finishRegistration();
  }

  void publish(sdbus::IObject& object, const char* uuid, std::vector<std::string> flags,
               Bytes (TimeSource::*value)() const) {
    object.registerProperty("UUID").onInterface(kCharacteristicInterface).withGetter([uuid] {
      return uuidFrom16(uuid);
    });
    object.registerProperty("Service").onInterface(kCharacteristicInterface).withGetter([] {
      return sdbus::ObjectPath(kServicePath);
    });
    object.registerProperty("Flags").onInterface(kCharacteristicInterface).withGetter([flags] {
      return flags;
    });
    object.registerMethod("ReadValue")
        .onInterface(kCharacteristicInterface)
        .implementedAs([this, &object, value](const DbusOptions& options) {
          const Bytes octets = read(object, value);
          const auto offset = options.find("offset");
          if (offset == options.end()) return octets;
          const auto start = offset->second.get<std::uint16_t>();
          if (start > octets.size()) throw sdbus::Error("org.bluez.Error.InvalidOffset", "");
          return Bytes(octets.begin() + start, octets.end());
        });
  }

  void publishAll() {
    root->addObjectManager();
    publishService();
    publish(*currentTime, "2a2b", {"read", "notify"}, &TimeSource::currentTime);
    currentTime->registerProperty("Value").onInterface(kCharacteristicInterface).withGetter([this] {
      return service.isOffered() ? service.source_->currentTime() : Bytes{};
    });
    currentTime->registerMethod("StartNotify")
        .onInterface(kCharacteristicInterface)
        .implementedAs([this] {
          admit(*currentTime);
          isNotifying = true;
        });
    currentTime->registerMethod("StopNotify")
        .onInterface(kCharacteristicInterface)
        .implementedAs([this] { isNotifying = false; });
    currentTime->finishRegistration();
    publish(*localTime, "2a0f", {"read"}, &TimeSource::localTimeInformation);
    localTime->finishRegistration();
  }
};

TimeService::TimeService(Remote& remote, Timers& timers, CentralListener& listener)
    : remote_(remote), listener_(listener), retry_(timers.make()), retryDelay_(kFirstRetry) {}

TimeService::~TimeService() = default;

Result<void> TimeService::open() {
  sdbus::IConnection& bus = *remote_.bus().connection().dbus;
  try {
    objects_ = std::make_unique<Objects>(Objects{
        *this, sdbus::createObject(bus, kRoot), sdbus::createObject(bus, kServicePath),
        sdbus::createObject(bus, kCurrentTimePath), sdbus::createObject(bus, kLocalTimePath)});
    objects_->publishAll();
  } catch (const sdbus::Error& error) {
    return fail(ErrorCode::kUnavailable, "cannot offer the time: " + error.getMessage());
  }
  return {};
}

bool TimeService::isOffered() const { return source_ != nullptr && source_->isKnown(); }

void TimeService::setSource(const TimeSource* source) {
  source_ = source;
  evaluate();
}

void TimeService::useAdapter(const std::string& path) {
  adapter_ = path;
  alive_ = std::make_shared<const char>();
  retry_->cancel();
  retryDelay_ = kFirstRetry;
  state_ = State::kAbsent;
  if (objects_) objects_->isNotifying = false;
  evaluate();
}

void TimeService::onTimeChanged() {
  evaluate();
  if (state_ != State::kPresent || !objects_->isNotifying || !isOffered()) return;
  objects_->currentTime->emitPropertiesChangedSignal(kCharacteristicInterface, {"Value"});
}

void TimeService::evaluate() {
  const bool isWanted = isOffered() && !adapter_.empty();
  if (isWanted && state_ == State::kAbsent) return add();
  if (!isWanted && state_ == State::kPresent) return remove();
}

void TimeService::add() {
  state_ = State::kRegistering;
  remote_.registerApplication(adapter_, kRoot, alive_,
                              [this](const std::expected<void, CallError>& added) {
                                if (added || isAlreadyPaired(added.error())) {
                                  state_ = State::kPresent;
                                  return evaluate();
                                }
                                state_ = State::kAbsent;
                                listener_.onNote(Note::kTimeServiceRefused, textOf(added.error()));
                                retry_->start(retryDelay_, [this] { evaluate(); });
                                retryDelay_ = std::min(retryDelay_ * 2, kLongestRetry);
                              });
}

void TimeService::remove() {
  state_ = State::kUnregistering;
  remote_.unregisterApplication(adapter_, kRoot, alive_,
                                [this](const std::expected<void, CallError>&) {
                                  state_ = State::kAbsent;
                                  objects_->isNotifying = false;
                                  evaluate();
                                });
}

}  // namespace vardnav::ble::bluez
