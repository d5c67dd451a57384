// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Which driver serves a device: a name it knows goes before services alone, a longer name before a
// shorter one, more services before fewer, an earlier row before a later one. Loop thread only.
#pragma once

#include <expected>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ble/devices/driver.h"
#include "ble/session/device_description.h"

namespace vardnav::ble {

/// A device no driver serves: reported, not guessed at.
struct UnknownDevice {
  std::string name;                   ///< as it advertises; may be empty
  std::vector<std::string> services;  ///< short where they have a short form, sorted
  std::string switchedOff;            ///< the driver that would serve it, if it were on
  /// "no driver for 'PO60' with services 180A, FF12"
  std::string text() const;
};

class Catalogue {
 public:
  /// `enabled`: names of drivers that are to be on although they are not by default.
  explicit Catalogue(std::vector<Driver> drivers, const std::set<std::string>& enabled = {});
  /// What this version supports.
  static Catalogue standard(const std::set<std::string>& enabled = {});

  /// What would leave a choice to chance, or makes no sense: two drivers that fit the same names
  /// and services, a driver that asks for neither, a name in `enabled` that no driver has. Each is
  /// one line. Ask at start, and do not go on unless empty.
  std::vector<std::string> conflicts() const;

  std::expected<const Driver*, UnknownDevice> driverFor(const DeviceDescription& device) const;
  /// For the central: by default for an unknown device.
  ConnectionPlan planFor(const DeviceDescription& device) const;

  const std::vector<Driver>& drivers() const { return drivers_; }
  bool isOn(const Driver& driver) const;

 private:
  const Driver* namedLike(std::string_view name) const;
  const Driver* bestFor(const DeviceDescription& device, bool onlyOn) const;

  std::vector<Driver> drivers_;
  std::set<std::string, std::less<>> enabled_;
};

}  // namespace vardnav::ble
