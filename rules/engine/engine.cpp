// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/engine.h"

#include <algorithm>
#include <iterator>

#include "rules/engine/acts.h"
#include "rules/engine/feeding.h"
#include "rules/engine/late_data.h"
#include "rules/engine/machine.h"
#include "rules/engine/telling.h"
#include "rules/engine/unspoken.h"
#include "rules/speech/wording.h"

namespace vardnav::rules {
namespace {

bool isListening(const Lineage& lineage, const Observation& observation) {
  return (lineage.signals() & bitOf(observation.code)) != 0;
}

Audience audienceOf(const Lineage& lineage) { return lineage.versions().front()->rule.audience; }

/// A doubtful reading is told once for each doubt, unless the rule is paused or does not listen.
void tellDoubts(const Lineage& lineage, const Context& context, const RuleState& state,
                const Change& change, UtcTime now, std::vector<Verdict>& verdicts) {
  if (audienceOf(lineage) == Audience::kUnconfirmed) return;
  for (const Observation& observation : change.is) {
    const auto doubt = doubtOf(observation, Audience::kPatient);
    const auto* version = lineage.versionAt(eventTimeOf(observation));
    if (!doubt || version == nullptr || isPausedAt(lineage, context, eventTimeOf(observation)) ||
        (version->program->signals & bitOf(observation.code)) == 0) {
      continue;
    }
    const bool isKnown = std::ranges::any_of(change.was, [&](const Observation& was) {
      return was.reading == observation.reading && was.code == observation.code &&
             doubtOf(was, Audience::kPatient) == doubt;
    });
    if (isKnown) continue;
    Telling telling;
    telling.transition = Transition::kGated;
    telling.at = eventTimeOf(observation);
    telling.inputs = {observation.reading};
    telling.rule = &version->rule;
    Verdict verdict = verdictOf(telling, context, state.withdrawals, now);
    Grounds grounds;
    grounds.rule = telling.rule;
    grounds.transition = Transition::kGated;
    grounds.doubt = Doubt{*doubt};
    verdict.why = why(grounds);
    verdicts.push_back(std::move(verdict));
  }
}

/// From when the version is in force that the clock has brought the state to.
UtcTime activationOf(const Lineage& lineage, const RuleState& state) {
  if (lineage.versions().size() == 1) return kNever;
  const auto version = std::ranges::find_if(lineage.versions(), [&](const auto& each) {
    return each->program->identity == state.program;
  });
  return version == lineage.versions().end() ? kNever : (*version)->effectiveFrom;
}

bool doesCount(const Lineage& lineage, const Observation& observation) {
  return isListening(lineage, observation) && !doubtOf(observation, audienceOf(lineage));
}

/// arrive(), of whatever a pause may hold back.
Result<std::vector<Verdict>> find(const Lineage& lineage, const Context& context, RuleState& state,
                                  const Change& change, const History& history, UtcTime now) {
  std::vector<Verdict> verdicts;
  const auto counts = [&](const Observation& observation) {
    return doesCount(lineage, observation);
  };
  const bool allCount = std::ranges::all_of(change.is, counts);
  if (!allCount) tellDoubts(lineage, context, state, change, now, verdicts);
  const bool isNew = std::ranges::none_of(change.was, counts);
  if (isNew && std::ranges::none_of(change.is, counts)) return verdicts;
  noteJudge(judgeOf(lineage, context), state);
  state.arrivedAt = now;

  const UtcTime activation = activationOf(lineage, state);
  const bool isInOrder = isNew && std::ranges::all_of(change.is, [&](const Observation& arrived) {
                           const UtcTime at = eventTimeOf(arrived);
                           return !counts(arrived) || (at > state.newestEvent && at >= activation);
                         });
  if (!isInOrder) {
    auto anew = judgeAnew(lineage, context, state, change, history, now);
    if (!anew) return anew;
    std::ranges::move(*anew, std::back_inserter(verdicts));
    return verdicts;
  }
  SpeakingTeller teller(context, state.withdrawals, now);
  Machine machine(lineage, context, history, state, teller);
  if (change.is.size() == 1) {
    const Observation* const only = &change.is.front();
    const UtcTime at = eventTimeOf(*only);
    noteAct(at, state);
    if (auto done = machine.judge(std::span(&only, 1), at); !done) {
      return std::unexpected(done.error());
    }
  } else {
    std::vector<const Observation*> arrived;
    for (const Observation& observation : change.is) {
      if (counts(observation)) arrived.push_back(&observation);
    }
    std::ranges::stable_sort(
        arrived, [](const Observation* a, const Observation* b) { return isBefore(*a, *b); });
    noteAct(eventTimeOf(*arrived.front()), state);
    if (auto done = judgeActs(machine, arrived); !done) return std::unexpected(done.error());
  }
  if (verdicts.empty()) return teller.take();
  std::ranges::move(teller.take(), std::back_inserter(verdicts));
  return verdicts;
}

}  // namespace

RuleState begin(UtcTime since) {
  RuleState state;
  state.since = since;
  return state;
}

Result<std::vector<Verdict>> arrive(const Lineage& lineage, const Context& context,
                                    RuleState& state, const Change& change, const History& history,
                                    UtcTime now) {
  auto found = find(lineage, context, state, change, history, now);
  if (!found) return found;
  return toldNow(lineage, context, state, *std::move(found), now);
}

Result<std::vector<Verdict>> advance(const Lineage& lineage, const Context& context,
                                     RuleState& state, const History& history, UtcTime now) {
  noteJudge(judgeOf(lineage, context), state);
  SpeakingTeller teller(context, state.withdrawals, now);
  Machine machine(lineage, context, history, state, teller);
  if (auto done = machine.advance(now); !done) return std::unexpected(done.error());
  return toldNow(lineage, context, state, teller.take(), now);
}

namespace {

class NoHistory final : public History {
 public:
  Result<std::vector<Observation>> observations(const PersonId& /*person*/, Code /*code*/,
                                                UtcTime /*from*/,
                                                UtcTime /*until*/) const override {
    return std::vector<Observation>{};
  }
};

class Silence final : public Teller {
 public:
  void tell(Telling /*telling*/, const Evaluator& /*evaluator*/) override {}
};

}  // namespace

std::optional<UtcTime> nextDue(const Lineage& lineage, const Context& context,
                               const RuleState& state) {
  NoHistory history;
  Silence silence;
  RuleState looked = state;
  return Machine(lineage, context, history, looked, silence).peek();
}

UtcTime toldAt(const RuleState& state, UtcTime due, UtcTime now) {
  return std::max(due, std::min(state.arrivedAt, now));
}

bool concerns(const Lineage& lineage, Code code) { return (lineage.signals() & bitOf(code)) != 0; }

Result<Judgement> judge(const Rule& rule, const Context& context, const RuleState& state,
                        std::span<const Observation> reading, const History& history, UtcTime now) {
  Judgement judgement;
  judgement.state = state;
  auto told = arrive(Lineage(rule), context, judgement.state, {reading, {}}, history, now);
  if (!told) return std::unexpected(told.error());
  std::ranges::copy_if(*told, std::back_inserter(judgement.verdicts), [](const Verdict& verdict) {
    return isLasting(verdict.transition) || (verdict.withdraws && isLasting(*verdict.withdraws));
  });
  return judgement;
}

bool concerns(const Rule& rule, std::span<const Observation> reading) {
  const Lineage lineage(rule);
  return std::ranges::any_of(
      reading, [&](const Observation& observation) { return concerns(lineage, observation.code); });
}

bool isDrivenByAbsence(const Rule& rule) {
  return rule.schedule.has_value() || !compileProgram(rule).absences.empty();
}

}  // namespace vardnav::rules
