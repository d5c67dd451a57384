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
#include "rules/lineage.h"
#include "rules/rule.h"
#include "rules/state.h"

namespace vardnav::rules {

/// Rises whenever the same inputs could give another verdict.
inline constexpr std::uint32_t kEngineVersion = 2;

/// What became known of one reading: its observations as they are now, and as they were before. A
/// new reading was nothing; one that was taken back is nothing; a corrected one is and was. What is
/// not of the rule's signals may be there. Readings at one event time are one act.
struct Change {
  std::span<const Observation> is;
  std::span<const Observation> was;
};

/// A rule begins to watch a person at `since`: what the clock alone brings is due from then on,
/// `since` included. Readings from before are known, and are judged.
RuleState begin(UtcTime since);

/// Told, in order. `history` may hold the change already, and is read only where the state does not
/// suffice: after late, corrected or withdrawn data, or where the state does not hold all of a
/// window. After an error, which is the history's, the state is lost: take it from the store.
Result<std::vector<Verdict>> arrive(const Lineage& lineage, const Context& context,
                                    RuleState& state, const Change& change, const History& history,
                                    UtcTime now);

/// What the clock brings up to `now`, included: ends of gates, slots, graces, cool-downs and
/// pauses, and absence. `told` is `now`: a caller that wants each told at its own time advances to
/// nextDue() as long as that is not after its clock.
Result<std::vector<Verdict>> advance(const Lineage& lineage, const Context& context,
                                     RuleState& state, const History& history, UtcTime now);

/// When advance() has something to do at the earliest; nullopt: not before the next reading.
std::optional<UtcTime> nextDue(const Lineage& lineage, const Context& context,
                               const RuleState& state);

/// True if a reading of `code` can change what the rule says.
bool concerns(const Rule& rule, Code code);

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
