// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// All rules that watch one person, run together over what hub and backend keep: the same on both
// sides. In the order of the rules' ids. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipelines/model/error.h"
#include "pipelines/model/verdict.h"
#include "rules/document/context.h"
#include "rules/engine/engine.h"
#include "rules/engine/history.h"
#include "rules/engine/lineage.h"
#include "rules/engine/states.h"

namespace vardnav::rules {

struct Watch {
  Context context;
  std::vector<Lineage> lineages;  ///< by id
  /// Of each lineage: readings that are still on their way would change what the clock brings.
  std::vector<bool> isDrivenByAbsence;

  bool concerns(std::span<const Observation> reading) const;
};

/// Versions of one id make one lineage; the rules that watch everybody are added where no version
/// of them is there.
Watch watchOf(Context context, std::vector<RuleVersion> versions);

/// kHeld: what the clock brings for want of readings is not told now, because some may be on
/// their way.
enum class Absence : std::uint8_t { kTold, kHeld };

/// Known at `now`: first what the clock brought before, then the change. A state that is missing,
/// damaged or of another version begins at `now`.
Result<std::vector<Verdict>> judgeArrival(const Watch& watch, States& states,
                                          const History& history, const Change& change, UtcTime now,
                                          Absence absence = Absence::kTold);

/// What the clock brought up to `now`, each told at its own time.
Result<std::vector<Verdict>> judgeClock(const Watch& watch, States& states, const History& history,
                                        UtcTime now);

/// When judgeClock() has something to do at the earliest.
Result<std::optional<UtcTime>> nextDueOf(const Watch& watch, States& states);

/// What makes the history of an alert, or takes it back: the rest stays where it was told.
bool isForTheRecord(const Verdict& verdict);

}  // namespace vardnav::rules
