// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Judges one rule over one person's readings. Total, bounded, deterministic: the clock is an input.
// The same on hub and backend and in replay. Any thread.
//
// Data flow: rule.h ──lineage.h──▶ program.h (flat tables, once for each rule version); an arriving
// reading ──feeding.h──▶ samples of the rule's series in its state ──evaluator.h──▶ truths of the
// levels ──machine.h──▶ transitions ──telling.h──▶ verdicts. Only the last step spends on words.
//
// The machine knows event time alone. A reading newer than all before steps it on the state, and
// history is not read. Late, corrected or withdrawn data runs it twice over history, without and
// with the change: what only the first run told is withdrawn, what only the second one told is told
// now. Inside a pause both wait for its end (unspoken.h). So the lasting transitions told, less
// those withdrawn, are always those of event order.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "pipelines/model/observation.h"
#include "pipelines/model/verdict.h"
#include "rules/document/context.h"
#include "rules/document/rule.h"
#include "rules/engine/history.h"
#include "rules/engine/lineage.h"
#include "rules/engine/state.h"

namespace vardnav::rules {

/// Rises whenever the same inputs could give another verdict.
inline constexpr std::uint32_t kEngineVersion = 4;

/// What became known of readings: their observations as they are now, and as they were before. A
/// new reading was nothing; one that was taken back is nothing; a corrected one is and was. What is
/// not of the rule's signals may be there. Observations at one event time are one act, and judged
/// together; several of one signal among them one after the other.
struct Change {
  std::span<const Observation> is;
  std::span<const Observation> was;
};

/// A rule begins to watch a person at `since`: what the clock alone brings is due from then on,
/// `since` included. Readings from before are known, and are judged.
RuleState begin(UtcTime since);

/// Told, in order. `history` may hold the change already, and is read only where the state does not
/// suffice: after late, corrected or withdrawn data, at another version of the rule, or where the
/// state does not hold all of a window. After an error, which is the history's, the state is lost:
/// take it from the store.
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

/// When what is due at `due` is told, by a clock that has come to `now`: what an arrival made due
/// in the past at that arrival, because nothing is told before it is known. An arrival after `now`
/// was stamped by a clock that has been set back since.
UtcTime toldAt(const RuleState& state, UtcTime due, UtcTime now);

/// Nothing is told then. False for floor rules, whatever a pause names.
bool isPausedAt(const Lineage& lineage, const Context& context, UtcTime at);

/// True if a reading of `code` can change what the rule says.
bool concerns(const Lineage& lineage, Code code);

/// One version that is always in force, new readings, and of what is told only what makes the
/// history of an alert.
struct Judgement {
  RuleState state;
  std::vector<Verdict> verdicts;
};
Result<Judgement> judge(const Rule& rule, const Context& context, const RuleState& state,
                        std::span<const Observation> reading, const History& history, UtcTime now);
bool concerns(const Rule& rule, std::span<const Observation> reading);

/// True if readings that are still on their way would change what the clock brings: a schedule or
/// an absence. Who waits for a stream to catch up does not advance these beyond it.
bool isDrivenByAbsence(const Rule& rule);

}  // namespace vardnav::rules
