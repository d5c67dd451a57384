// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/bus/pairing_object.h"

#include <sdbus-c++/sdbus-c++.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "ble/bluez/connection.h"

namespace vardnav::hub {
namespace {

constexpr const char* kName = "org.vardnav.Hub";
constexpr const char* kPath = "/org/vardnav/hub";
constexpr const char* kInterface = "org.vardnav.Pairing1";

using Matter = sdbus::Struct<std::string, std::string, std::uint32_t>;

DeviceId deviceOf(std::string address) {
  std::ranges::transform(address, address.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return DeviceId(address);
}

void orThrow(bool isDone, const char* error, const char* why) {
  if (!isDone) throw sdbus::Error(std::string("org.vardnav.Error.") + error, why);
}

void askedOrThrow(bool isDone) {
  orThrow(isDone, "NotAsked", "nothing of the kind is asked of this device now");
}

}  // namespace

struct PairingObject::Object {
  std::unique_ptr<sdbus::IObject> dbus;
};

PairingObject::PairingObject(ble::bluez::Bus& bus, PairingDesk& desk) : bus_(bus), desk_(desk) {}

PairingObject::~PairingObject() = default;

Result<void> PairingObject::open() {
  sdbus::IConnection& connection = *bus_.connection().dbus;
  try {
    auto object = std::make_unique<Object>(Object{sdbus::createObject(connection, kPath)});
    const auto add = [&](const char* name, auto function) {
      object->dbus->registerMethod(name).onInterface(kInterface).implementedAs(std::move(function));
    };
    add("Matters", [this] {
      std::vector<Matter> matters;
      for (const PairingMatter& matter : desk_.matters()) {
        matters.emplace_back(matter.device.value, std::string(matter.what), matter.number);
      }
      return matters;
    });
    add("TellPasskey", [this](const std::string& device, const std::uint32_t& passkey) {
      orThrow(passkey <= PairingDesk::kLargestPasskey, "InvalidPasskey", "at most six digits");
      askedOrThrow(desk_.tellPasskey(deviceOf(device), passkey));
    });
    add("Confirm", [this](const std::string& device, const bool& isSame) {
      askedOrThrow(desk_.confirm(deviceOf(device), isSame));
    });
    add("Refuse",
        [this](const std::string& device) { askedOrThrow(desk_.refuse(deviceOf(device))); });
    add("Repair", [this](const std::string& device) {
      orThrow(desk_.repair(deviceOf(device)), "UnknownDevice", "not a device of this hub");
    });
    add("TryAgain",
        [this](const std::string& device) { askedOrThrow(desk_.tryAgain(deviceOf(device))); });
    object->dbus->registerSignal("Changed").onInterface(kInterface);
    object->dbus->finishRegistration();
    connection.requestName(kName);
    object_ = std::move(object);
  } catch (const sdbus::Error& error) {
    return fail(ErrorCode::kUnavailable, std::string("cannot be ") + kName +
                                             " on the system bus: " + error.getMessage() +
                                             "; is its policy (org.vardnav.Hub.conf) installed?");
  }
  return {};
}

void PairingObject::tellChanged() {
  if (!object_) return;
  object_->dbus->emitSignal("Changed").onInterface(kInterface);
}

}  // namespace vardnav::hub
