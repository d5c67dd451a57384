// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Nothing is told inside a pause. What late data has brought or taken back of the time before it
// waits in the state for its end, with the words that it was found with. Any thread.
#pragma once

#include <vector>

#include "rules/document/context.h"
#include "rules/engine/lineage.h"
#include "rules/engine/state.h"

namespace vardnav::rules {

/// Of what was found at `now`, and of what has waited until now, what is to be told now: inside a
/// pause that it began, and what is more than a state may keep.
std::vector<Verdict> toldNow(const Lineage& lineage, const Context& context, RuleState& state,
                             std::vector<Verdict> found, UtcTime now);

}  // namespace vardnav::rules
