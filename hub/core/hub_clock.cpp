// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/core/hub_clock.h"

#include <algorithm>

namespace vardnav::hub {

void HubClock::start(UtcTime base, bool isTrusted) {
  period_ = {0, boot_, base, machine_.steadyNow(), isTrusted};
}

void HubClock::begin(std::optional<UtcTime> floor, bool isSynchronised) {
  floor_ = floor;
  const UtcTime machine = machine_.utcNow();
  // Time does not run backwards: a machine behind the floor is wrong. One before it may be right,
  // and is the better guess.
  start(isSynchronised ? machine : std::max(machine, floor.value_or(machine)), isSynchronised);
}

void HubClock::synchronise() {
  if (!isTrusted()) start(machine_.utcNow(), true);
}

UtcTime HubClock::utcNow() const {
  if (isTrusted()) return machine_.utcNow();
  return period_.base + (machine_.steadyNow() - period_.start);
}

std::optional<UtcTime> HubClock::floorNow() const {
  if (isTrusted()) return utcNow();
  if (!floor_) return std::nullopt;
  return *floor_ + (machine_.steadyNow() - period_.start);
}

std::optional<Milliseconds> HubClock::correctionOf(const ClockPeriod& period) const {
  if (!isTrusted() || period.isTrusted || period.boot != boot_) return std::nullopt;
  const SteadyTime now = machine_.steadyNow();
  return machine_.utcNow() - (period.base + (now - period.start));
}

}  // namespace vardnav::hub
