// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// How far back a rule looks from a reading. Pure, any thread.
#pragma once

#include <optional>

#include "pipelines/model/time.h"
#include "rules/document/rule.h"
#include "rules/engine/program.h"

namespace vardnav::rules {

/// The longest window or baseline that time bounds.
Milliseconds longestWindowOf(const Program& program);

/// What its series must be filled from, tests of runs included; nullopt: without end.
std::optional<Milliseconds> reachOf(const Program& program);

/// What the store must keep for it: the longest time that any of its windows, baselines, absences
/// and delays looks back from a reading; in a run each reading has a baseline of its own. A window
/// that only a count bounds is not among them: what it needs while data comes in order is in the
/// rule's state.
Milliseconds reachOf(const Rule& rule);

}  // namespace vardnav::rules
