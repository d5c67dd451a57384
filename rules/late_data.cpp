// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/late_data.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <set>
#include <utility>

#include "rules/feeding.h"
#include "rules/telling.h"
#include "rules/wording.h"

namespace vardnav::rules {
namespace {

/// What one run goes over.
class RunHistory final : public History {
 public:
  explicit RunHistory(std::vector<Observation> all) : all_(std::move(all)) { sortByEvent(all_); }

  std::span<const Observation> all() const { return all_; }

  Result<std::vector<Observation>> observations(const PersonId& /*person*/, Code code, UtcTime from,
                                                UtcTime until) const override {
    std::vector<Observation> found;
    std::ranges::copy_if(all_, std::back_inserter(found), [&](const Observation& observation) {
      return observation.code == code && observation.at >= from && observation.at <= until;
    });
    return found;
  }

 private:
  std::vector<Observation> all_;
};

Result<RuleState> runOver(const Lineage& lineage, const Context& context, const RuleState& state,
                          const RunHistory& history, Teller& teller) {
  RuleState run;
  run.since = state.since;
  run.withdrawals = state.withdrawals;
  Machine machine(lineage, context, history, run, teller);
  if (auto done = judgeActs(machine, history.all()); !done) return std::unexpected(done.error());
  if (state.firedUntil != kNever) {
    if (auto done = machine.advance(state.firedUntil); !done) return std::unexpected(done.error());
  }
  return run;
}

/// Without the change, and with what it was or is.
std::vector<Observation> with(std::vector<Observation> rest, std::span<const Observation> changed,
                              const Lineage& lineage) {
  std::ranges::copy_if(changed, std::back_inserter(rest), [&](const Observation& observation) {
    return (lineage.signals() & bitOf(observation.code)) != 0;
  });
  const Audience audience = lineage.versions().front()->rule.audience;
  std::erase_if(rest, [&](const Observation& observation) {
    return doubtOf(observation, audience).has_value();
  });
  return rest;
}

std::set<ReadingKey> keysOf(const Change& change) {
  std::set<ReadingKey> keys;
  for (const Observation& observation : change.is) keys.insert(observation.reading);
  for (const Observation& observation : change.was) keys.insert(observation.reading);
  return keys;
}

Verdict withdrawalOf(const Told& told, const Context& context, std::uint32_t withdrawals,
                     UtcTime now) {
  Telling telling;
  telling.transition = Transition::kWithdrawn;
  telling.priority = told.ground.priority;
  telling.at = told.ground.at;
  telling.inputs = told.inputs;
  telling.rule = told.rule;
  Verdict verdict = verdictOf(telling, context, withdrawals, now);
  verdict.withdraws = told.ground.transition;
  Grounds grounds;
  grounds.rule = told.rule;
  grounds.level = told.level;
  grounds.transition = Transition::kWithdrawn;
  verdict.why = why(grounds);
  return verdict;
}

/// Of what does not last only how the rule stands now is worth telling, if it stood otherwise.
class StandingFilter {
 public:
  StandingFilter(const RuleState& before, const RuleState& after, std::set<ReadingKey> changed)
      : before_(before), after_(after), changed_(std::move(changed)) {}

  std::vector<Verdict> of(std::vector<Verdict> verdicts) {
    std::vector<Verdict> kept;
    std::set<Transition> seen;
    for (Verdict& verdict : std::views::reverse(verdicts)) {
      const bool isNewest = seen.insert(verdict.transition).second;
      if (isLasting(verdict.transition) || isWorthTelling(verdict, isNewest)) {
        kept.push_back(std::move(verdict));
      }
    }
    std::ranges::reverse(kept);
    return kept;
  }

 private:
  bool isWorthTelling(const Verdict& verdict, bool isNewest) const {
    switch (verdict.transition) {
      case Transition::kCandidate:
        return isNewest && after_.gate && after_.gate != before_.gate;
      case Transition::kHeld:
        return isNewest && after_.isHeld && !before_.isHeld;
      case Transition::kUnknown:
        return isNewest && after_.status == Truth::kUnknown && before_.status != Truth::kUnknown;
      case Transition::kDismissed:
        return std::ranges::any_of(verdict.inputs,
                                   [&](const ReadingKey& key) { return changed_.contains(key); });
      default:
        return false;
    }
  }

  const RuleState& before_;
  const RuleState& after_;
  std::set<ReadingKey> changed_;
};

}  // namespace

Result<void> judgeActs(Machine& machine, std::span<const Observation> observations) {
  std::vector<const Observation*> act;
  std::vector<const Observation*> later;
  for (std::size_t i = 0; i < observations.size();) {
    const UtcTime at = eventTimeOf(observations[i]);
    later.clear();
    for (; i < observations.size() && eventTimeOf(observations[i]) == at; ++i) {
      later.push_back(&observations[i]);
    }
    while (!later.empty()) {
      // One of each signal; its twins come in the next round.
      act.clear();
      std::uint32_t codes = 0;
      std::erase_if(later, [&](const Observation* observation) {
        if ((codes & bitOf(observation->code)) != 0) return false;
        codes |= bitOf(observation->code);
        act.push_back(observation);
        return true;
      });
      if (auto done = machine.judge(act, at); !done) return done;
    }
  }
  return {};
}

Result<std::vector<Verdict>> judgeAnew(const Lineage& lineage, const Context& context,
                                       RuleState& state, const Change& change,
                                       const History& history, UtcTime now) {
  auto rest =
      observationsOf(history, context.person, lineage.signals(), UtcTime::min(), UtcTime::max());
  if (!rest) return std::unexpected(rest.error());
  std::set<ReadingKey> changed = keysOf(change);
  std::erase_if(
      *rest, [&](const Observation& observation) { return changed.contains(observation.reading); });

  const RunHistory past(with(*rest, change.was, lineage));
  RememberingTeller remembering;
  if (auto run = runOver(lineage, context, state, past, remembering); !run) {
    return std::unexpected(run.error());
  }
  std::set<Ground> known;
  for (const Told& told : remembering.told()) known.insert(told.ground);

  const RunHistory present(with(std::move(*rest), change.is, lineage));
  SpeakingTeller speaking(context, state.withdrawals, now);
  ComparingTeller comparing(known, speaking);
  auto after = runOver(lineage, context, state, present, comparing);
  if (!after) return std::unexpected(after.error());

  std::vector<Verdict> verdicts;
  for (const Told& told : remembering.told()) {
    if (!isLasting(told.ground.transition) || comparing.grounds().contains(told.ground)) continue;
    verdicts.push_back(withdrawalOf(told, context, state.withdrawals, now));
    ++after->withdrawals;
  }
  std::ranges::move(StandingFilter(state, *after, std::move(changed)).of(speaking.take()),
                    std::back_inserter(verdicts));
  state = std::move(*after);
  return verdicts;
}

}  // namespace vardnav::rules
