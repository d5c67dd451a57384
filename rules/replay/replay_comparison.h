// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Two replays of one person's past, the rules in force and a draft: what would be told no more,
// what newly, what with another priority, how often, and how much earlier. Pure, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipelines/model/verdict.h"
#include "rules/replay/arrivals.h"
#include "rules/replay/verdict_line.h"

namespace vardnav::rules {

/// An alert is what is told as raised or worsened.
struct Difference {
  enum class Kind {
    kOnlyInOld,
    kOnlyInNew,
    kPriorityChanged,  ///< the same rule at the same event time
    kMoved,            ///< the same rule, raised for the same event within 72 hours of each other
  };
  Kind kind = Kind::kOnlyInOld;
  std::optional<Verdict> old;
  std::optional<Verdict> now;
};

/// Alerts by priority: P1, P2, P3.
using AlertCounts = std::array<std::size_t, 3>;

struct ReplayComparison {
  std::vector<Difference> differences;  ///< in the order of event time
  AlertCounts old{};
  AlertCounts now{};
  std::size_t same = 0;  ///< the same rule, priority, event time and time of telling
  /// Of each kMoved, old told − new told: above 0 where the new rules tell earlier.
  std::vector<Milliseconds> leads;
  Milliseconds span{0};  ///< that both were replayed over
};

ReplayComparison compare(std::span<const Verdict> old, std::span<const Verdict> now,
                         Milliseconds span);

/// One line of JSON for each difference, and at the end one with the figures: alerts per
/// patient-week by priority, and the median lead in minutes.
std::vector<std::string> formatComparison(const ReplayComparison& comparison,
                                          const Arrivals& arrivals, Language language);

}  // namespace vardnav::rules
