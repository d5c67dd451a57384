// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/bus/status_object.h"

#include <sdbus-c++/sdbus-c++.h>

#include <utility>

#include "ble/bluez/connection.h"

namespace vardnav::hub {
namespace {

constexpr const char* kPath = "/org/vardnav/hub";
constexpr const char* kInterface = "org.vardnav.Status1";

}  // namespace

struct StatusObject::Object {
  std::unique_ptr<sdbus::IObject> dbus;
};

StatusObject::StatusObject(ble::bluez::Bus& bus, Report report)
    : bus_(bus), report_(std::move(report)) {}

StatusObject::~StatusObject() = default;

Result<void> StatusObject::open() {
  try {
    auto object =
        std::make_unique<Object>(Object{sdbus::createObject(*bus_.connection().dbus, kPath)});
    object->dbus->registerMethod("Report").onInterface(kInterface).implementedAs([this] {
      auto report = report_();
      if (!report) throw sdbus::Error("org.vardnav.Error.Unavailable", report.error().context);
      return *std::move(report);
    });
    object->dbus->finishRegistration();
    object_ = std::move(object);
  } catch (const sdbus::Error& error) {
    return fail(ErrorCode::kUnavailable,
                "the hub's status is not on the system bus: " + error.getMessage());
  }
  return {};
}

}  // namespace vardnav::hub
