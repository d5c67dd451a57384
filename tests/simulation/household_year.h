// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One household for some time with everything that can go wrong, from a seed. Invariants are asked
// every hour and every day of it; then everything is mended, what waits is drained, and the backend
// is held to what was measured (account.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipelines/model/time.h"

namespace vardnav::simulation {

struct Outcome {
  std::uint64_t measured = 0;       ///< by the meter, control solution left out
  std::uint64_t weighed = 0;        ///< indications that the hub accepted
  std::uint64_t notTaken = 0;       ///< indications while there was no hub: not accepted, not lost
  std::uint64_t stored = 0;         ///< readings in the backend
  std::uint64_t restarts = 0;       ///< of the hub
  std::uint64_t kills = 0;          ///< of the backend
  std::uint64_t placedAnew = 0;     ///< readings whose time was known only later
  std::uint64_t takenBack = 0;      ///< unsynced writes that power cuts took back
  std::uint64_t alerts = 0;         ///< verdicts in the backend
  std::uint64_t upgrades = 0;       ///< of hub or backend from an earlier schema, with rows
  std::uint64_t recoveries = 0;     ///< of a journal that was set aside as damaged
  std::uint64_t takeOvers = 0;      ///< of the hub's session
  std::uint64_t clockSteps = 0;     ///< of a running hub that knew the time
  std::uint64_t summerTimes = 0;    ///< changes to or from it that were lived through
  Milliseconds longestOutage{0};    ///< of the network
  std::vector<std::string> faults;  ///< broken invariants; empty: all hold
};

struct Setting {
  std::uint64_t seed = 1;
  /// One household in ten is without network for two months, and lives so much longer.
  std::chrono::days length{365};
};

Outcome run(const Setting& setting);

}  // namespace vardnav::simulation
