// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Acts one after the other: what judging in order and judging anew have in common. Any thread.
#pragma once

#include <cstdint>
#include <span>

#include "rules/document/context.h"
#include "rules/engine/lineage.h"
#include "rules/engine/machine.h"
#include "rules/engine/state.h"

namespace vardnav::rules {

/// Of what judges: the versions of the rule and the person's context. Never 0.
std::uint64_t judgeOf(const Lineage& lineage, const Context& context);

/// Before a judge goes on with a state: one that another began is of several from then on.
void noteJudge(std::uint64_t judge, RuleState& state);

/// Before an act at `at`: now and then the state is kept as a checkpoint.
void noteAct(UtcTime at, RuleState& state);

/// Steps the machine over observations in event order, act by act; all count.
Result<void> judgeActs(Machine& machine, std::span<const Observation* const> observations);

}  // namespace vardnav::rules
