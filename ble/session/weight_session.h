// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Weight scales (service 181D): reads the clock (2A2B or 2A08), subscribes 2A9D and takes what the
// scale indicates, stored or live, until it hangs up or has been silent for a while.
#pragma once

#include "ble/session/session.h"

namespace vardnav::ble {

struct WeightOptions {
  Milliseconds idle{30'000};  ///< without an indication, then the link is ended
};

std::unique_ptr<Session> makeWeightSession(const SessionPorts& ports, WeightOptions options = {});

}  // namespace vardnav::ble
