// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Judging anew after late, corrected or withdrawn data; see engine.h. Any thread.
#pragma once

#include <vector>

#include "rules/engine.h"
#include "rules/machine.h"

namespace vardnav::rules {

/// Steps the machine over observations in event order, act by act; all count.
Result<void> judgeActs(Machine& machine, std::span<const Observation> observations);

Result<std::vector<Verdict>> judgeAnew(const Lineage& lineage, const Context& context,
                                       RuleState& state, const Change& change,
                                       const History& history, UtcTime now);

}  // namespace vardnav::rules
