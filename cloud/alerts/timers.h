// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The times of the ladder, as life_cycle.h states them. Pure; any thread.
#pragma once

#include <algorithm>

#include "cloud/alerts/working_day.h"
#include "pipelines/model/time.h"
#include "pipelines/model/verdict.h"

namespace vardnav::cloud::alerts {

/// A P1 that repeats, or anything that worsens to P1, must be accepted within this.
inline constexpr Milliseconds kCalledAgain = std::chrono::minutes{5};

/// How long a rung waits for acceptance; P3 has no rungs.
constexpr Milliseconds rungOf(Priority priority) {
  return priority == Priority::kP1 ? std::chrono::minutes{10} : std::chrono::minutes{60};
}

inline UtcTime firstDue(Priority priority, UtcTime now) {
  return priority == Priority::kP3 ? nextWorkingMorning(now) : now + rungOf(priority);
}

/// First contact after an acknowledgement.
inline UtcTime contactDue(Priority priority, UtcTime calledAt, UtcTime acknowledgedAt) {
  using std::chrono::minutes;
  if (priority == Priority::kP3) return nextWorkingMorning(acknowledgedAt);
  const bool isP1 = priority == Priority::kP1;
  const UtcTime afterAcknowledgement = acknowledgedAt + (isP1 ? minutes{15} : minutes{60});
  const UtcTime afterRaise = calledAt + (isP1 ? minutes{30} : minutes{90});
  return std::max(std::min(afterAcknowledgement, afterRaise), acknowledgedAt + minutes{5});
}

}  // namespace vardnav::cloud::alerts
