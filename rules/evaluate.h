// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One condition on one reading: true, false or unknown, with what was compared. Pure, total.
// Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "pipelines/model/observation.h"
#include "rules/context.h"
#include "rules/rule.h"

namespace vardnav::rules {

/// What a condition found; the optionals are what the measure has.
struct OldFinding {
  Truth truth = Truth::kUnknown;
  std::vector<ReadingKey> inputs;     ///< the newest first; never empty
  std::optional<Quantity> limit;      ///< compared with; for shares in percent
  std::optional<Observation> lowest;  ///< rise: the lowest other reading
  std::optional<Quantity> rise;
  std::optional<Decimal> percent;  ///< share: one decimal place, cut, for showing only
  std::optional<Prescribed> baseline;
};

/// Control solution, a bad blow, another person and an unconfirmed one count nowhere.
bool counts(const Observation& observation);

/// How far back `condition` reads before its newest reading; 0: not at all.
Milliseconds reachOf(const Compare& condition);

/// `newest` counts and is of the rule's signal; `earlier` are observations of the same signal and
/// person within reach and not after it, in rising `at`, of any flags, without `newest` itself.
OldFinding evaluate(const Compare& condition, const Observation& newest,
                    std::span<const Observation> earlier, const Context& context);

}  // namespace vardnav::rules
