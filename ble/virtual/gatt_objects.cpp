// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/gatt_objects.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <utility>

#include "ble/virtual/bluez_error.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr const char* kServiceInterface = "org.bluez.GattService1";
constexpr const char* kInterface = "org.bluez.GattCharacteristic1";

std::string numbered(const std::string& parent, const char* kind, unsigned handle) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "/%s%04x", kind, handle);
  return parent + text.data();
}

}  // namespace

std::string longUuid(std::string_view uuid) {
  const bool isShort = uuid.size() == 4;
  std::string text = isShort ? "0000" : "";
  for (const char c : uuid) {
    text.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  return isShort ? text + "-0000-1000-8000-00805f9b34fb" : text;
}

CharacteristicObject::CharacteristicObject(sdbus::IConnection& bus, const std::string& path,
                                           std::string service, Characteristic characteristic,
                                           GattLink& link)
    : object_(sdbus::createObject(bus, path)),
      service_(std::move(service)),
      characteristic_(std::move(characteristic)),
      link_(link) {
  publish();
}

void CharacteristicObject::publish() {
  sdbus::IObject& object = *object_;
  object.registerMethod(kInterface, "ReadValue", "a{sv}", "ay",
                        [this](const sdbus::MethodCall& call) { readValue(call); });
  object.registerMethod(kInterface, "WriteValue", "aya{sv}", "",
                        [this](sdbus::MethodCall call) { writeValue(std::move(call)); });
  object.registerMethod(kInterface, "StartNotify", "", "",
                        [this](const sdbus::MethodCall& call) { startNotify(call); });
  object.registerMethod(kInterface, "StopNotify", "", "",
                        [this](const sdbus::MethodCall& call) { stopNotify(call); });
  const auto property = [&object](const char* name, const char* type, auto get) {
    object.registerProperty(kInterface, name, type,
                            [get](sdbus::PropertyGetReply& reply) { reply << get(); });
  };
  property("UUID", "s", [this] { return longUuid(uuid()); });
  property("Service", "o", [this] { return sdbus::ObjectPath{service_}; });
  property("Value", "ay", [this] { return value_; });
  property("Notifying", "b", [this] { return !sessions_.empty(); });
  property("Flags", "as", [this] { return characteristic_.flags; });
  property("MTU", "q", [this] { return link_.mtu(); });
  object.finishRegistration();
}

bool CharacteristicObject::has(std::string_view flag) const {
  return std::ranges::find(characteristic_.flags, flag) != characteristic_.flags.end();
}

void CharacteristicObject::show(Bytes value) {
  value_ = std::move(value);
  object_->emitPropertiesChangedSignal(kInterface, {"Value"});
}

void CharacteristicObject::tellNotifying() {
  object_->emitPropertiesChangedSignal(kInterface, {"Notifying"});
}

void CharacteristicObject::notified(Bytes value) {
  if (!sessions_.empty()) show(std::move(value));
}

void CharacteristicObject::readValue(const sdbus::MethodCall& call) {
  if (!link_.isConnected()) throw bluez_error::notConnected();
  if (isReading_) throw bluez_error::inProgress();
  isReading_ = true;
  link_.read(uuid(),
             [this, call, alive = std::weak_ptr(alive_)](std::expected<Bytes, sdbus::Error> value) {
               if (alive.expired()) return;
               isReading_ = false;
               if (!value) return call.createErrorReply(value.error()).send();
               show(*value);
               auto reply = call.createReply();
               reply << *value;
               reply.send();
             });
}

void CharacteristicObject::writeValue(sdbus::MethodCall call) {
  Bytes value;
  call >> value;
  if (!has("write") && !has("write-without-response")) throw bluez_error::notSupported();
  if (!link_.isConnected()) throw bluez_error::notConnected();
  if (isWriting_) throw bluez_error::inProgress();
  isWriting_ = true;
  link_.write(uuid(), std::move(value),
              [this, call, alive = std::weak_ptr(alive_)](std::optional<sdbus::Error> error) {
                if (alive.expired()) return;
                isWriting_ = false;
                bluez_error::reply(call, error);
              });
}

void CharacteristicObject::startNotify(const sdbus::MethodCall& call) {
  if (!has("notify") && !has("indicate")) throw bluez_error::notSupported();
  const std::string client = call.getSender();
  if (const auto found = sessions_.find(client); found != sessions_.end()) {
    if (found->second == Session::kStarting) throw bluez_error::inProgress();
    return call.createReply().send();
  }
  if (!link_.isConnected()) {
    // Subscribed to as soon as there is a link.
    sessions_.emplace(client, Session::kActive);
    tellNotifying();
    return call.createReply().send();
  }
  sessions_.emplace(client, Session::kStarting);
  link_.subscribe(
      uuid(), true,
      [this, call, client, alive = std::weak_ptr(alive_)](std::optional<sdbus::Error> error) {
        if (alive.expired()) return;
        if (const auto found = sessions_.find(client); found != sessions_.end()) {
          if (error) {
            sessions_.erase(found);
          } else {
            found->second = Session::kActive;
          }
        }
        if (!error) tellNotifying();
        bluez_error::reply(call, error);
      });
}

void CharacteristicObject::stopNotify(const sdbus::MethodCall& call) {
  if (!sessions_.contains(call.getSender())) {
    throw bluez_error::failed("No notify session started");
  }
  endSession(call.getSender());
  call.createReply().send();
}

void CharacteristicObject::endSession(const std::string& client) {
  if (sessions_.erase(client) == 0 || !sessions_.empty()) return;
  tellNotifying();
  if (link_.isConnected()) link_.subscribe(uuid(), false, [](const auto&) {});
}

void CharacteristicObject::renew() {
  if (!sessions_.empty()) link_.subscribe(uuid(), true, [](const auto&) {});
}

void CharacteristicObject::clientGone(const std::string& client) { endSession(client); }

void CharacteristicObject::linkLost() {
  isReading_ = false;
  isWriting_ = false;
}

GattObjects::GattObjects(sdbus::IConnection& bus, const std::string& device,
                         const std::vector<Service>& services, GattLink& link) {
  unsigned handle = 0x000A;  // after GAP and GATT, which BlueZ does not show
  for (const Service& service : services) {
    const std::string path = numbered(device, "service", handle++);
    auto& object = *services_.emplace_back(sdbus::createObject(bus, path));
    object.registerProperty(
        kServiceInterface, "UUID", "s",
        [uuid = longUuid(service.uuid)](sdbus::PropertyGetReply& reply) { reply << uuid; });
    object.registerProperty(
        kServiceInterface, "Device", "o",
        [device](sdbus::PropertyGetReply& reply) { reply << sdbus::ObjectPath{device}; });
    object.registerProperty(kServiceInterface, "Primary", "b",
                            [](sdbus::PropertyGetReply& reply) { reply << true; });
    object.finishRegistration();
    for (const Characteristic& characteristic : service.characteristics) {
      characteristics_.push_back(std::make_unique<CharacteristicObject>(
          bus, numbered(path, "char", handle), path, characteristic, link));
      handle += 3;  // declaration, value, configuration
    }
  }
}

void GattObjects::announce() {
  for (const auto& service : services_) service->emitInterfacesAddedSignal();
  for (const auto& characteristic : characteristics_) characteristic->announce();
}

void GattObjects::withdraw() {
  for (const auto& characteristic : characteristics_) characteristic->withdraw();
  for (const auto& service : services_) service->emitInterfacesRemovedSignal();
}

void GattObjects::notified(const std::string& characteristic, const Bytes& value) {
  for (const auto& object : characteristics_) {
    if (object->uuid() == characteristic) object->notified(value);
  }
}

void GattObjects::renew() {
  for (const auto& characteristic : characteristics_) characteristic->renew();
}

void GattObjects::clientGone(const std::string& client) {
  for (const auto& characteristic : characteristics_) characteristic->clientGone(client);
}

void GattObjects::linkLost() {
  for (const auto& characteristic : characteristics_) characteristic->linkLost();
}

}  // namespace vardnav::ble::virtual_home
