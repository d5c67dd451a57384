// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/core/hub_clock.h"

namespace vardnav::hub {
namespace {

/// A hub is rarely away for longer; a machine's clock is often wrong by years.
constexpr Milliseconds kMostAway = std::chrono::days{31};

}  // namespace

void HubClock::start(UtcTime base, bool isTrusted) {
  period_ = {0, boot_, base, machine_.steadyNow(), isTrusted};
}

void HubClock::begin(std::optional<UtcTime> floor, bool isSynchronised) {
  floor_ = floor;
  const UtcTime machine = machine_.utcNow();
  // Time does not run backwards: a machine behind the floor is wrong. One before it may be right,
  // and is the better guess, unless it is so far ahead that rules would judge years to come.
  const bool isBelieved =
      isSynchronised || !floor || (machine >= *floor && machine <= *floor + kMostAway);
  start(isBelieved ? machine : *floor, isSynchronised);
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
