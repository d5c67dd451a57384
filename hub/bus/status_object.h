// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the hub says of itself on the system bus, for `vardnavctl status`: on the object of
// pairing_object.h, interface org.vardnav.Status1. Who may call is the bus's policy
// (image/dbus/org.vardnav.Hub.conf): root and the group vardnav-technician. Loop thread only.
//
//   Report() → s     JSON, see hub/status/report.h
//
// Error: org.vardnav.Error.Unavailable, where the journal cannot be read.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ble/bluez/bus.h"
#include "pipelines/model/error.h"

namespace vardnav::hub {

class StatusObject {
 public:
  using Report = std::function<Result<std::string>()>;

  /// The bus outlives it.
  StatusObject(ble::bluez::Bus& bus, Report report);
  ~StatusObject();
  StatusObject(const StatusObject&) = delete;
  StatusObject& operator=(const StatusObject&) = delete;

  /// Before the bus gives the hub its name (PairingObject::open).
  Result<void> open();

 private:
  struct Object;

  ble::bluez::Bus& bus_;
  Report report_;
  std::unique_ptr<Object> object_;
};

}  // namespace vardnav::hub
