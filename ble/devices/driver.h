// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One kind of device: how it is recognised, how it is talked to, how a person pairs it, and what
// is known to work. Drivers are rows of a table (driver_table.cpp). Plain data, any thread.
#pragma once

#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "ble/session/cgm_session.h"
#include "ble/session/contec_session.h"
#include "ble/session/ghs_session.h"
#include "ble/session/glucose_session.h"
#include "ble/session/measurement_session.h"
#include "ble/session/vitalograph_session.h"

namespace vardnav::ble {

/// Everything is in its adverts: see advert_reader.h.
struct AdvertsOnly {};

using Recipe = std::variant<GlucoseOptions, MeasurementOptions, CgmOptions, GhsOptions,
                            VitalographOptions, ContecOptions, AdvertsOnly>;

/// What was really tested, least first. No driver has met its hardware yet.
enum class Tested : std::uint8_t {
  kFacts,     ///< "facts": written from what others published; no octets of the device at hand
  kCaptures,  ///< "captures": others' recorded octets decode to what their sources say
  kVirtual,   ///< "virtual": the virtual home's model of the standard profile, over D-Bus
};
std::string_view nameOf(Tested tested);

struct PairingStep {
  std::string_view sv;
  std::string_view en;
};

struct Driver {
  std::string_view name;     ///< for logs and settings: "accu-chek"
  std::string_view product;  ///< what it serves, in words
  /// The advertised name begins with one of these, in either case; empty: any name.
  std::vector<std::string_view> names{};
  /// Short UUIDs, or whole ones in lower case; a device must show all of them.
  std::vector<std::string_view> services{};
  std::vector<std::string_view> characteristics{};  ///< it cannot do without these
  Recipe recipe{};
  bool pairs = true;
  Tested tested = Tested::kFacts;
  /// false: not validated on hardware, and off until hub.toml names it in devices.enable.
  bool isOnByDefault = true;
  std::vector<std::string_view> quirks{};  ///< for people, one line each
  std::vector<PairingStep> pairing{};

  /// nullptr where there is nothing to talk to (AdvertsOnly).
  std::unique_ptr<Session> makeSession(const SessionPorts& ports) const;
};

/// What this version supports; earlier rows go before later ones that fit as well.
std::vector<Driver> standardDrivers();

}  // namespace vardnav::ble
