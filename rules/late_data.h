// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Judging anew after late, corrected or withdrawn data; see engine.h. Any thread.
//
// Two runs of the machine go over history in event order, side by side: without the change and with
// it. They begin at the newest checkpoint before it, and end where their states go on alike, or
// with the newest reading. A state that several judges made (another context, another version of
// the rule) has no checkpoints, and is made anew from the first reading on.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "rules/engine.h"
#include "rules/machine.h"

namespace vardnav::rules {

/// Of what judges: the versions of the rule and the person's context. Never 0.
std::uint64_t judgeOf(const Lineage& lineage, const Context& context);

/// Before a judge goes on with a state: one that another began is of several from then on.
void noteJudge(std::uint64_t judge, RuleState& state);

/// Before an act at `at`: now and then the state is kept as a checkpoint.
void noteAct(UtcTime at, RuleState& state);

/// Steps the machine over observations in event order, act by act; all count.
Result<void> judgeActs(Machine& machine, std::span<const Observation* const> observations);

Result<std::vector<Verdict>> judgeAnew(const Lineage& lineage, const Context& context,
                                       RuleState& state, const Change& change,
                                       const History& history, UtcTime now);

}  // namespace vardnav::rules
