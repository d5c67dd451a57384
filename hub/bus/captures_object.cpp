// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/bus/captures_object.h"

#include <sdbus-c++/sdbus-c++.h>

#include <tuple>
#include <utility>

#include "ble/bluez/connection.h"

namespace vardnav::hub {
namespace {

constexpr const char* kPath = "/org/vardnav/hub";
constexpr const char* kInterface = "org.vardnav.Captures1";

std::string nameOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidInput:
      return "org.vardnav.Error.InvalidInput";
    case ErrorCode::kNotFound:
      return "org.vardnav.Error.NotFound";
    default:
      return "org.vardnav.Error.Unavailable";
  }
}

template <class T>
T orThrow(Result<T> result) {
  if (!result) throw sdbus::Error(nameOf(result.error().code), result.error().context);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace

struct CapturesObject::Object {
  std::unique_ptr<sdbus::IObject> dbus;
};

CapturesObject::CapturesObject(ble::bluez::Bus& bus, Acts acts)
    : bus_(bus), acts_(std::move(acts)) {}

CapturesObject::~CapturesObject() = default;

Result<void> CapturesObject::open() {
  try {
    auto object =
        std::make_unique<Object>(Object{sdbus::createObject(*bus_.connection().dbus, kPath)});
    const auto add = [&](const char* name, auto function) {
      object->dbus->registerMethod(name).onInterface(kInterface).implementedAs(std::move(function));
    };
    add("Redecode", [this](const std::int64_t& after, const bool& isTry) {
      const Page page = orThrow(acts_.redecode(after, isTry));
      return std::tuple{page.last, page.seen, page.changed};
    });
    add("RedecodeNamed",
        [this](const std::string& key) { return orThrow(acts_.redecodeNamed(key)); });
    add("Quarantined",
        [this](const std::int64_t& after) { return orThrow(acts_.quarantined(after)); });
    add("Settle", [this](const std::string& key, const std::string& person) {
      orThrow(acts_.settle(key, person));
    });
    add("Discard", [this](const std::string& key) { orThrow(acts_.discard(key)); });
    object->dbus->finishRegistration();
    object_ = std::move(object);
  } catch (const sdbus::Error& error) {
    return fail(ErrorCode::kUnavailable,
                "the hub's captures are not on the system bus: " + error.getMessage());
  }
  return {};
}

}  // namespace vardnav::hub
