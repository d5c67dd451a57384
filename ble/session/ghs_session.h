// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Generic Health Sensors (service 1840; spirometers among them): reads the clock (2BF2 or 2A2B),
// subscribes live (2B8B) and stored (2BDD) observations and 2A52, pulls the stored ones by record
// number, starts live sending where the device wants to be asked (2BF4), and takes live ones until
// it hangs up or has been silent for a while. Segments are joined; the bytes of a record are the
// joined observation without segment headers (2BDD: with its record number in front).
#pragma once

#include "ble/session/session.h"

namespace vardnav::ble {

struct GhsOptions {
  Milliseconds recordTimeout{30'000};  ///< restarted by each segment
  Milliseconds idle{30'000};           ///< without a live observation, then the link is ended
};

std::unique_ptr<Session> makeGhsSession(const SessionPorts& ports, GhsOptions options = {});

}  // namespace vardnav::ble
