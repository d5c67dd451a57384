// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Judging anew after late, corrected or withdrawn data; see engine.h. Any thread.
//
// Two runs of the machine go over history in event order, side by side: without the change and with
// it. They begin at the newest checkpoint before it, and end where their states go on alike, or
// with the newest reading. A state that several judges made (another context, another version of
// the rule) has no checkpoints, and is made anew from the first reading on.
#pragma once

#include <vector>

#include "rules/engine/engine.h"

namespace vardnav::rules {

Result<std::vector<Verdict>> judgeAnew(const Lineage& lineage, const Context& context,
                                       RuleState& state, const Change& change,
                                       const History& history, UtcTime now);

}  // namespace vardnav::rules
