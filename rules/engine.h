// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Judges one rule on one arriving reading. Total, bounded, deterministic: the clock is an input.
// The same on hub and backend. Any thread.
//
// Told are: raised; worsened (a higher level than the highest since the raise; easing is none);
// cleared; and each further P1 reading while P1 is open, as raised again. A reading older than the
// newest judged may raise or worsen, and repeats a P1, but never clears; where the rule has a
// window, the newest reading is judged again with it. Unknown changes nothing.
#pragma once

#include <span>
#include <vector>

#include "pipelines/model/observation.h"
#include "pipelines/model/verdict.h"
#include "rules/context.h"
#include "rules/history.h"
#include "rules/rule.h"
#include "rules/state.h"

namespace vardnav::rules {

/// `told − at` beyond this makes a verdict late.
inline constexpr Milliseconds kLateAfter = std::chrono::hours{1};

struct Judgement {
  RuleState state;
  std::vector<Verdict> verdicts;
};

/// True if the reading holds a value of the rule's signal: otherwise it need not be judged.
bool concerns(const Rule& rule, std::span<const Observation> reading);

/// `reading` are the observations of one act. `history` may hold them already, and is read only
/// by rules with a window; its errors are the only ones.
Result<Judgement> judge(const Rule& rule, const Context& context, const RuleState& state,
                        std::span<const Observation> reading, const History& history, UtcTime now);

}  // namespace vardnav::rules
