// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Which driver serves a device, by the services it exposes; never by its name alone. Drivers are
// rows of data. Loop thread only.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ble/session/session.h"

namespace vardnav::ble {

struct Driver {
  std::string_view name;                          ///< for logs: "glucose"
  std::vector<std::string_view> services;         ///< short UUIDs; a device must expose all of them
  std::vector<std::string_view> characteristics;  ///< short UUIDs it cannot do without
  std::unique_ptr<Session> (*makeSession)(const SessionPorts& ports);
};

/// A device no driver serves: reported, not guessed at.
struct UnknownDevice {
  std::vector<std::string> services;  ///< short where they have a short form, sorted
  std::string text() const;           ///< "no driver for services 180A, 180F"
};

class Catalogue {
 public:
  /// Earlier drivers go before later ones that ask for as many services.
  explicit Catalogue(std::vector<Driver> drivers);
  /// What this version supports.
  static Catalogue standard();

  /// Pairs of drivers that ask for the same services, so that the choice would be by chance; or a
  /// driver without any. Each is one line. Ask at start, and do not go on unless empty.
  std::vector<std::string> conflicts() const;

  /// The driver that asks for most services among those that fit.
  std::expected<const Driver*, UnknownDevice> driverFor(const std::vector<Uuid>& services) const;

  /// For bluez::CentralOptions::expected; empty for an unknown device.
  std::vector<Uuid> expectedCharacteristics(const std::vector<Uuid>& services) const;

  const std::vector<Driver>& drivers() const { return drivers_; }

 private:
  std::vector<Driver> drivers_;
};

}  // namespace vardnav::ble
