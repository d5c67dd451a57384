// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// How much of the past a rule must find in the store. Pure, any thread.
#pragma once

#include "pipelines/model/time.h"
#include "rules/document/rule.h"

namespace vardnav::rules {

/// The longest time that any of its windows, baselines, absences and delays looks back from a
/// reading; in a run each reading has a baseline of its own. A window that only a count bounds is
/// not among them: what it needs while data comes in order is in the rule's state.
Milliseconds reachOf(const Rule& rule);

}  // namespace vardnav::rules
