// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Glucose meters (service 1808): subscribes 2A18, 2A34 (if there) and 2A52, reads the clock (2A08
// or 2A2B), then pulls stored records, each joined with the context that follows it. The first time
// all, then those after the last one committed; all again where the meter's numbers have started
// anew. Vendors differ in the options.
#pragma once

#include <string_view>

#include "ble/session/clock_setting.h"
#include "ble/session/session.h"

namespace vardnav::ble {

struct GlucoseOptions {
  /// false: numbers are not kept as the record's, and every session pulls everything.
  bool recordNumbersStable = true;
  /// Asks, when all has come, how many there are.
  bool checksCount = false;
  /// How intake reads its octets ("caresens"); empty: as the profile says.
  std::string_view dialect{};
  /// What was measured is in the context: one that is lost is left on the meter, not guessed at.
  bool contextDecides = false;
  ClockSetting clock{};
  /// Subscribed too, so that the meter takes what is written there; empty: none.
  std::string_view alsoSubscribe{};
  Milliseconds countTimeout{5'000};
  /// Glucose Profile 1.0.1, procedure timeout; restarted by each record.
  Milliseconds recordTimeout{30'000};
};

std::unique_ptr<Session> makeGlucoseSession(const SessionPorts& ports, GlucoseOptions options = {});

}  // namespace vardnav::ble
