// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Devices that send what they measure, stored or live, until they hang up or have been silent for
// a while: scales (2A9D, 2A9C), blood pressure monitors (2A35), oximeters (2A5E, 2A5F),
// thermometers (2A1C), heart rate belts (2A37). In this order:
//   clock read . clock set (if wanted first) . sources subscribed . consent for each bound user
//   (2A9F) . stored spot checks (2A5E over 2A52) . listening
// A body composition carries the weight that came before it, or the user there was consent for,
// as its context.
#pragma once

#include <string_view>
#include <vector>

#include "ble/session/clock_setting.h"
#include "ble/session/session.h"
#include "ble/session/steady_sampler.h"

namespace vardnav::ble {

struct MeasurementOptions {
  /// Subscribed in this order where they are; one of them must be.
  std::vector<std::string_view> sources;
  ClockSetting clock{};
  Milliseconds idle{30'000};  ///< without a value, then the link is ended
  Milliseconds consentTimeout{10'000};
  Milliseconds consentQuiet{3'000};    ///< without a value, then the next user's turn comes
  Milliseconds recordTimeout{30'000};  ///< restarted by each stored spot check
  SteadyOptions steady{};              ///< for 2A5F and 2A37, which send without end
};

std::unique_ptr<Session> makeMeasurementSession(const SessionPorts& ports,
                                                MeasurementOptions options);

}  // namespace vardnav::ble
