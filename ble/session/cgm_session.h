// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Continuous glucose monitors (service 181F): reads when the sensor's session began (2AAA) and how
// far it is (2AA9: minutes since then, first two octets), subscribes 2AA7 and 2A52, pulls what was
// stored since the last minute committed, and takes what comes until the link ends. Each record of
// a notification is a record of its own, with the session's start as its context; its number counts
// minutes since 2000, so that it rises over sensors. A sensor that does not say when it began
// gives live values only. Starts and stops no sensor.
#pragma once

#include "ble/session/session.h"

namespace vardnav::ble {

struct CgmOptions {
  Milliseconds recordTimeout{30'000};  ///< restarted by each record
  Milliseconds idle{330'000};          ///< a value every five minutes is usual
};

std::unique_ptr<Session> makeCgmSession(const SessionPorts& ports, CgmOptions options = {});

}  // namespace vardnav::ble
