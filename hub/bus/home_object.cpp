// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/bus/home_object.h"

#include <sdbus-c++/sdbus-c++.h>

#include <cstdint>
#include <string>

#include "ble/bluez/connection.h"

namespace vardnav::hub {
namespace {

constexpr const char* kPath = "/org/vardnav/home";
constexpr const char* kInterface = "org.vardnav.Home1";

using Shown = sdbus::Struct<std::string, std::string, std::string, std::string, std::int64_t>;

}  // namespace

struct HomeObject::Object {
  std::unique_ptr<sdbus::IObject> dbus;
};

HomeObject::HomeObject(ble::bluez::Bus& bus) : bus_(bus) {}

HomeObject::~HomeObject() = default;

Result<void> HomeObject::open() {
  try {
    auto object =
        std::make_unique<Object>(Object{sdbus::createObject(*bus_.connection().dbus, kPath)});
    object->dbus->registerMethod("Notices").onInterface(kInterface).implementedAs([this] {
      if (!isKnown_) throw sdbus::Error("org.vardnav.Error.NotKnown", "the hub has just started");
      askedAt_ = now_;
      std::vector<Shown> shown;
      for (const Notice& notice : notices_) {
        shown.emplace_back(notice.kind, notice.language, notice.text.sv, notice.text.en,
                           notice.since.time_since_epoch().count());
      }
      return shown;
    });
    object->dbus->registerSignal("Changed").onInterface(kInterface);
    object->dbus->finishRegistration();
    object_ = std::move(object);
  } catch (const sdbus::Error& error) {
    return fail(ErrorCode::kUnavailable,
                std::string(kPath) + " cannot be on the system bus: " + error.getMessage());
  }
  return {};
}

Result<bool> HomeObject::show(const std::vector<Notice>& notices, SteadyTime now) {
  if (!object_) return fail(ErrorCode::kUnavailable, std::string(kPath) + " is not on the bus");
  now_ = now;
  if (isTold_ && notices == notices_) return isRead();
  changedAt_ = now;
  notices_ = notices;
  isKnown_ = true;
  isTold_ = false;
  try {
    object_->dbus->emitSignal("Changed").onInterface(kInterface);
  } catch (const sdbus::Error& error) {
    return fail(ErrorCode::kUnavailable, "the system bus: " + error.getMessage());
  }
  isTold_ = true;
  return isRead();
}

bool HomeObject::isRead() const {
  if (!askedAt_ || now_ - *askedAt_ > kAsksEvery) return false;
  return *askedAt_ >= changedAt_ || now_ - changedAt_ < kAsksWithin;
}

}  // namespace vardnav::hub
