// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/device_object.h"

#include <algorithm>
#include <map>
#include <utility>

#include "ble/virtual/bluez_error.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr const char* kInterface = "org.bluez.Device1";

// Of the order that real links show; short, so that weeks fit into a minute.
constexpr Milliseconds kConnectDelay{60};
constexpr Milliseconds kResolveDelay{80};
constexpr Milliseconds kCachedResolveDelay{15};
constexpr Milliseconds kLateObjectsDelay{250};
constexpr Milliseconds kForgottenDelay{400};  // the device's refusal of the key ends the link
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
}

void DeviceObject::serviceBegins() {
  if (isPaired_) appear();
}

void DeviceObject::serviceEnds() {
  context_.loop.cancel(std::exchange(reachTimer_, 0));
  context_.loop.cancel(std::exchange(establishTimer_, 0));
  context_.loop.cancel(goneTimer_);
  // What the bus answers for a service that is gone.
  const sdbus::Error gone("org.freedesktop.DBus.Error.NoReply", "Message recipient disconnected");
  for (const Done& done : std::exchange(reaching_, {})) done(gone);
  if (auto bonding = std::exchange(bonding_, std::nullopt)) bonding->done(gone);
  ++link_;
  if (std::exchange(isConnected_, false)) peripheral_.disconnect();
  isResolved_ = false;
  isHeard_ = false;
  gatt_.reset();
  object_.reset();
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
  isHeard_ = false;
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
  if (isHeard_) property("RSSI", "n", [this] { return rssi_; });
  if (!peripheral_.model().serviceData().empty()) {
    property("ServiceData", "a{sv}", [this] {
      const DeviceModel& model = peripheral_.model();
      return std::map<std::string, sdbus::Variant>{
          {longUuid(model.services().front().uuid), sdbus::Variant{model.serviceData()}}};
    });
  }
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

// sd-bus knows no property that is there at times only: the object is put up anew, unannounced.
void DeviceObject::setHeard(bool isHeard) {
  if (isHeard == isHeard_) return;
  isHeard_ = isHeard;
  if (!object_) return;
  object_.reset();
  object_ = sdbus::createObject(context_.bus, path_);
  publish();
}

void DeviceObject::searchEnded() {
  if (!isHeard_) return;
  setHeard(false);
  if (!object_) return;
  auto signal = object_->createSignal("org.freedesktop.DBus.Properties", "PropertiesChanged");
  signal << std::string{kInterface} << std::map<std::string, sdbus::Variant>{}
         << std::vector<std::string>{"RSSI"};
  object_->emitSignal(signal);
}

void DeviceObject::onAdvert(bool isReported) {
  if (isReported) {
    // It varies on real radios, and BlueZ tells every change while a filter is set.
    rssi_ = static_cast<std::int16_t>(rssi_ == -61 ? -63 : -61);
    setHeard(true);
    if (isKnown()) {
      tell(peripheral_.model().serviceData().empty()
               ? std::vector<std::string>{"RSSI"}
               : std::vector<std::string>{"RSSI", "ServiceData"});
    } else {
      appear();
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
  // Of the links that a client asks for, bluetoothd 5.66 does not tell each.
  const bool isTold = bonding_.has_value() || link_ % 2 == 1;
  if (isTold) tell({"Connected"});
  for (const Done& done : std::exchange(reaching_, {})) done(std::nullopt);
  if (isForgotten_ && isPaired_) {
    return later(kForgottenDelay, [this] {
      peripheral_.disconnect();
      onLinkLost();
    });
  }
  resolve();
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
  context_.loop.after(kDisconnectDelay, [this, call] {
    if (isConnected_) peripheral_.disconnect();
    linkDown([call] { call.createReply().send(); });
  });
}

void DeviceObject::dropLink() {
  if (!isConnected_) return;
  peripheral_.disconnect();
  linkDown();
}

void DeviceObject::onLinkLost() {
  if (isConnected_) linkDown();
}

// The reply to Disconnect goes between the two signals; else they are one.
void DeviceObject::linkDown(const std::function<void()>& reply) {
  if (!isConnected_) return reply();
  ++link_;
  isConnected_ = false;
  if (bonding_) {
    context_.agents.cancelQuestions(path_);
    finishBonding(bluez_error::of("AuthenticationCanceled", "Authentication Canceled"));
  }
  if (gatt_) gatt_->linkLost();
  const bool wasResolved = std::exchange(isResolved_, false);
  if (reply) {
    if (wasResolved) tell({"ServicesResolved"});
    reply();
    tell({"Connected"});
  } else {
    tell(wasResolved ? std::vector<std::string>{"ServicesResolved", "Connected"}
                     : std::vector<std::string>{"Connected"});
  }
  keepWhileHeard();
}

// As bluetoothd does for a device it has not met, the services are resolved before their objects
// are announced.
void DeviceObject::resolve() {
  if (gatt_) return later(kCachedResolveDelay, [this] { becomeResolved({"ServicesResolved"}); });
  later(kResolveDelay, [this] {
    if (isResolved_) return;  // asked for twice: by Connect and by Pair
    const auto make = [this] {
      gatt_ =
          std::make_unique<GattObjects>(context_.bus, path_, peripheral_.model().services(), *this);
    };
    if (peripheral_.plan().hasLateObjects) {
      becomeResolved({"ServicesResolved"});
      return later(kLateObjectsDelay, [this, make] {
        make();
        gatt_->announce();
        tell({"UUIDs"});
      });
    }
    make();
    becomeResolved({"UUIDs", "ServicesResolved"});
    gatt_->announce();
  });
}

void DeviceObject::becomeResolved(const std::vector<std::string>& told) {
  if (std::exchange(isResolved_, true)) return;
  tell(told);
  if (gatt_) gatt_->renew();
}

}  // namespace vardnav::ble::virtual_home
