// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/clock_watch.h"

#include <spdlog/spdlog.h>

namespace vardnav::hub {

Result<void> ClockWatch::start(std::optional<UtcTime> floor) {
  parts_.clock.begin(floor, parts_.isSynchronised());
  floorKeptAt_ = parts_.clock.steadyNow();
  isPlacing_ = parts_.clock.isTrusted();
  if (!isPlacing_) {
    spdlog::warn(
        "nothing has set this machine's clock since it started: readings are marked as"
        " of an uncertain time until a time source answers");
  }
  return parts_.core.beginClockPeriod(parts_.clock);
}

Result<void> ClockWatch::adopt(SteadyTime now) {
  if (parts_.isBusy()) {
    if (!waitsSince_) waitsSince_ = now;
    if (now - *waitsSince_ >= kLongestWait) parts_.endSessions();
    return {};
  }
  waitsSince_.reset();
  parts_.clock.synchronise();
  spdlog::info("the clock has been set; what was measured before is placed anew");
  isPlacing_ = true;
  return parts_.core.beginClockPeriod(parts_.clock);
}

Result<void> ClockWatch::onTick() {
  const SteadyTime now = parts_.clock.steadyNow();
  if (!parts_.clock.isTrusted() && parts_.isSynchronised()) {
    if (auto adopted = adopt(now); !adopted) return adopted;
  }
  if (isPlacing_) {
    const auto placed = parts_.core.placeAnew(parts_.clock, kPlacedAtOnce);
    if (!placed) return std::unexpected(placed.error());
    isPlacing_ = *placed > 0;
    if (*placed > 0) parts_.committed();
  }
  if (now - floorKeptAt_ < kFloorInterval) return {};
  floorKeptAt_ = now;
  return parts_.core.keepClockFloor(parts_.clock);
}

}  // namespace vardnav::hub
