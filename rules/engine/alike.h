// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Whether two states of one rule and person differ in anything that can still matter. Pure, any
// thread.
#pragma once

#include "rules/engine/lineage.h"
#include "rules/engine/state.h"

namespace vardnav::rules {

/// True: from here on both tell the same of whatever comes, and a state of the one may stand for
/// one of the other, but for withdrawals told so far. Samples that no window reaches any more, the
/// time of a cool-down that is over, and what the clock brought before the newest reading are
/// nothing that matters. false says nothing.
bool goOnAlike(const Lineage& lineage, const RuleState& a, const RuleState& b);

}  // namespace vardnav::rules
