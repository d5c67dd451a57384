// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/gatt_application.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

#include "ble/virtual/gatt_objects.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr const char* kService = "org.bluez.GattService1";
constexpr const char* kCharacteristic = "org.bluez.GattCharacteristic1";
constexpr const char* kAdvertisement = "org.bluez.LEAdvertisement1";

using Options = std::map<std::string, sdbus::Variant>;

template <class Value>
Value option(const Options& options, const char* name, Value fallback) {
  const auto found = options.find(name);
  if (found == options.end() || !found->second.containsValueOfType<Value>()) return fallback;
  return found->second.get<Value>();
}

std::string peerOf(const Options& options) {
  return option<sdbus::ObjectPath>(options, "device", {});
}

/// In bluetoothd's words, which it turns into ATT errors again (dbus_error_to_att_ecode() of
/// src/gatt-database.c): it lets a program answer 0x80 to 0x9F only, and of the others few.
sdbus::Error refusalOf(AttError error) {
  const auto named = [](const char* name) {
    return sdbus::Error("org.bluez.Error." + std::string{name}, "refused by the device");
  };
  switch (error) {
    case AttError::kReadNotPermitted:
    case AttError::kWriteNotPermitted:
      return named("NotPermitted");
    case AttError::kInsufficientAuthentication:
      return named("NotAuthorized");
    case AttError::kRequestNotSupported:
      return named("NotSupported");
    case AttError::kInvalidLength:
      return named("InvalidValueLength");
    case AttError::kProcedureInProgress:
      return named("InProgress");
    case AttError::kCccdImproperlyConfigured:
      return named("Failed");
  }
  return named("Failed");
}

}  // namespace

std::vector<std::string> serverFlags(const Characteristic& characteristic) {
  std::vector<std::string> flags = characteristic.flags;
  if (!characteristic.needsBond) return flags;
  for (std::string& flag : flags) {
    if (flag != "write-without-response") flag.insert(0, "encrypt-");
  }
  return flags;
}

struct GattApplication::CharacteristicObject {
  Characteristic characteristic;
  std::string service;
  GattRequests& requests;
  std::unique_ptr<sdbus::IObject> object;
  Bytes value;

  const std::string& uuid() const { return characteristic.uuid; }

  void readValue(sdbus::MethodCall call) {
    Options options;
    call >> options;
    const auto read = requests.read(uuid(), peerOf(options));
    if (!read) throw refusalOf(read.error());
    const std::size_t offset = option<std::uint16_t>(options, "offset", 0);
    if (offset > read->size()) {
      throw sdbus::Error("org.bluez.Error.InvalidOffset", "beyond the value");
    }
    auto reply = call.createReply();
    reply << Bytes(read->begin() + static_cast<std::ptrdiff_t>(offset), read->end());
    reply.send();
  }

  void writeValue(sdbus::MethodCall call) {
    Bytes written;
    Options options;
    call >> written >> options;
    if (!option<bool>(options, "prepare-authorize", false)) {
      const auto done = requests.write(uuid(), written, peerOf(options));
      if (!done) throw refusalOf(done.error());
    }
    call.createReply().send();
  }

  void publish() {
    object->registerMethod(kCharacteristic, "ReadValue", "a{sv}", "ay",
                           [this](sdbus::MethodCall call) { readValue(std::move(call)); });
    object->registerMethod(kCharacteristic, "WriteValue", "aya{sv}", "",
                           [this](sdbus::MethodCall call) { writeValue(std::move(call)); });
    const auto plain = [this](const char* name, std::function<void()> called) {
      object->registerMethod(kCharacteristic, name, "", "",
                             [called](const sdbus::MethodCall& call) {
                               call.createReply().send();
                               called();
                             });
    };
    plain("StartNotify", [this] { requests.subscribe(uuid(), true); });
    plain("StopNotify", [this] { requests.subscribe(uuid(), false); });
    plain("Confirm", [this] { requests.confirmed(uuid()); });
    const auto property = [this](const char* name, const char* type, auto get) {
      object->registerProperty(kCharacteristic, name, type,
                               [get](sdbus::PropertyGetReply& reply) { reply << get(); });
    };
    property("UUID", "s", [this] { return longUuid(uuid()); });
    property("Service", "o", [this] { return sdbus::ObjectPath{service}; });
    property("Flags", "as", [this] { return serverFlags(characteristic); });
    property("Value", "ay", [this] { return value; });
    object->finishRegistration();
  }
};

GattApplication::GattApplication(sdbus::IConnection& bus, std::string path, const std::string& name,
                                 const std::vector<Service>& services, GattRequests& requests)
    : bus_(bus),
      path_(std::move(path)),
      requests_(requests),
      root_(sdbus::createObject(bus, path_)) {
  root_->addObjectManager();
  for (std::size_t i = 0; i < services.size(); ++i) {
    const std::string service = path_ + "/service" + std::to_string(i);
    auto& object = *services_.emplace_back(sdbus::createObject(bus, service));
    object.registerProperty(
        kService, "UUID", "s",
        [uuid = longUuid(services[i].uuid)](sdbus::PropertyGetReply& reply) { reply << uuid; });
    object.registerProperty(kService, "Primary", "b",
                            [](sdbus::PropertyGetReply& reply) { reply << true; });
    object.finishRegistration();
    for (std::size_t j = 0; j < services[i].characteristics.size(); ++j) {
      addCharacteristic(service, service + "/char" + std::to_string(j),
                        services[i].characteristics[j]);
    }
  }
  addAdvertisement(name, services.front().uuid);
}

GattApplication::~GattApplication() = default;

void GattApplication::addCharacteristic(const std::string& service, const std::string& path,
                                        const Characteristic& characteristic) {
  characteristics_.push_back(std::make_unique<CharacteristicObject>(
      characteristic, service, requests_, sdbus::createObject(bus_, path), Bytes{}));
  characteristics_.back()->publish();
}

void GattApplication::addAdvertisement(const std::string& name, const std::string& service) {
  advertisement_ = sdbus::createObject(bus_, advertisementPath());
  sdbus::IObject& object = *advertisement_;
  object.registerMethod(kAdvertisement, "Release", "", "", [this](const sdbus::MethodCall& call) {
    call.createReply().send();
    requests_.advertisementReleased();
  });
  const auto property = [&object](const char* key, const char* type, auto value) {
    object.registerProperty(kAdvertisement, key, type,
                            [value](sdbus::PropertyGetReply& reply) { reply << value; });
  };
  property("Type", "s", std::string{"peripheral"});
  property("ServiceUUIDs", "as", std::vector<std::string>{longUuid(service)});
  property("LocalName", "s", name);
  property("Discoverable", "b", true);
  // bluetoothd reads it anew with each RegisterAdvertisement.
  if (!requests_.serviceData().empty()) {
    object.registerProperty(kAdvertisement, "ServiceData", "a{sv}",
                            [this, uuid = longUuid(service)](sdbus::PropertyGetReply& reply) {
                              reply << Options{{uuid, sdbus::Variant{requests_.serviceData()}}};
                            });
  }
  object.finishRegistration();
}

void GattApplication::notify(const std::string& characteristic, const Bytes& value) {
  for (const auto& object : characteristics_) {
    if (object->uuid() != characteristic) continue;
    object->value = value;
    object->object->emitPropertiesChangedSignal(kCharacteristic, {"Value"});
  }
}

}  // namespace vardnav::ble::virtual_home
