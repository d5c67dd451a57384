// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Watches whether the machine's clock has been set, and lets the core place what was captured
// before. While a session runs nothing changes: its clock readings and its records must lie on one
// timeline. Loop thread only.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "hub/core/hub_clock.h"
#include "hub/core/hub_core.h"

namespace vardnav::hub {

class ClockWatch {
 public:
  static constexpr std::size_t kPlacedAtOnce = 50;  ///< captures in one transaction, one per tick
  static constexpr Milliseconds kFloorInterval = std::chrono::minutes{10};
  /// A session that runs this long while the time is known already is ended.
  static constexpr Milliseconds kLongestWait = std::chrono::minutes{15};

  struct Parts {
    HubClock& clock;
    HubCore& core;
    std::function<bool()> isSynchronised;
    std::function<bool()> isBusy;       ///< a session runs
    std::function<void()> endSessions;  ///< they begin anew when the devices next show
    std::function<void()> committed;    ///< there may be something to send
  };

  explicit ClockWatch(Parts parts) : parts_(std::move(parts)) {}

  /// Once, before records are accepted.
  Result<void> start(std::optional<UtcTime> floor);
  /// About once a second. An error is told once per fault by the caller; nothing is lost by it.
  Result<void> onTick();

 private:
  Result<void> adopt(SteadyTime now);

  Parts parts_;
  bool isPlacing_ = false;
  std::optional<SteadyTime> waitsSince_;
  SteadyTime floorKeptAt_{};
};

}  // namespace vardnav::hub
