// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine.h"

#include <algorithm>

#include "rules/evaluate.h"
#include "rules/wording.h"

namespace vardnav::rules {
namespace {

Milliseconds reachOf(const Rule& rule) {
  Milliseconds reach{0};
  for (const Level& level : rule.levels)
    reach = std::max(reach, rules::reachOf(std::get<Compare>(level.when.is)));
  if (rule.clear.when)
    reach = std::max(reach, rules::reachOf(std::get<Compare>(rule.clear.when->is)));
  return reach;
}

bool isOf(const Rule& rule, const Observation& observation) {
  return observation.code == rule.signal;
}

/// P1 is the smallest.
bool isHigher(Priority a, Priority b) { return a < b; }

/// Every level on one reading, the highest first, and what they amount to.
struct Levels {
  std::vector<OldFinding> findings;
  std::optional<std::size_t> highest;  ///< that holds: its place in the rule and in findings
  bool isAllFalse = true;
};

Levels evaluateLevels(const Rule& rule, const Observation& newest,
                      std::span<const Observation> earlier, const Context& context) {
  Levels levels;
  levels.findings.reserve(rule.levels.size());
  for (std::size_t i = 0; i < rule.levels.size(); ++i) {
    levels.findings.push_back(
        evaluate(std::get<Compare>(rule.levels[i].when.is), newest, earlier, context));
    const Truth truth = levels.findings.back().truth;
    if (truth != Truth::kFalse) levels.isAllFalse = false;
    if (truth == Truth::kTrue && !levels.highest) levels.highest = i;
  }
  return levels;
}

class Judge {
 public:
  Judge(const Rule& rule, const Context& context, const RuleState& state, const History& history,
        UtcTime now)
      : rule_(rule), context_(context), history_(history), now_(now), reach_(reachOf(rule)) {
    judgement_.state = state;
  }

  Result<void> take(const Observation& arrived) {
    RuleState& state = judgement_.state;
    const bool isBehind = state.newestAt && arrived.at < *state.newestAt;
    auto earlier = earlierThan(arrived, arrived);
    if (!earlier) return std::unexpected(earlier.error());
    const Levels levels = evaluateLevels(rule_, arrived, *earlier, context_);
    if (levels.highest) {
      fire(levels, arrived, true);
    } else if (!isBehind && state.open) {
      clearIfDue(levels, arrived, *earlier);
    }
    if (!isBehind) {
      state.newestAt = arrived.at;
      return {};
    }
    return reach_ > Milliseconds{0} ? judgeNewestAgain(arrived) : Result<void>{};
  }

  Judgement finish() { return std::move(judgement_); }

 private:
  /// Of the signal within reach before `newest`, `arrived` among them, `newest` not.
  Result<std::vector<Observation>> earlierThan(const Observation& newest,
                                               const Observation& arrived) const {
    if (reach_ == Milliseconds{0}) return std::vector<Observation>{};
    auto past = history_.observations(context_.person, rule_.signal, newest.at - reach_, newest.at);
    if (!past) return past;
    std::erase_if(*past, [&](const Observation& observation) {
      return observation.reading == newest.reading || observation.reading == arrived.reading;
    });
    if (arrived.reading != newest.reading && arrived.at >= newest.at - reach_) {
      past->push_back(arrived);
    }
    std::ranges::stable_sort(*past, {}, &Observation::at);
    return past;
  }

  /// A late reading may stand in the window of newer ones, which then rise above it.
  Result<void> judgeNewestAgain(const Observation& arrived) {
    const UtcTime at = *judgement_.state.newestAt;
    const auto newest = history_.observations(context_.person, rule_.signal, at, at);
    if (!newest) return std::unexpected(newest.error());
    for (const Observation& observation : *newest) {
      if (!counts(observation) || observation.reading == arrived.reading) continue;
      const auto earlier = earlierThan(observation, arrived);
      if (!earlier) return std::unexpected(earlier.error());
      const Levels levels = evaluateLevels(rule_, observation, *earlier, context_);
      if (levels.highest) fire(levels, observation, false);
    }
    return {};
  }

  /// `isNewReading`: a further P1 is told; judging a known reading again is none.
  void fire(const Levels& levels, const Observation& newest, bool isNewReading) {
    RuleState& state = judgement_.state;
    const Level& level = rule_.levels[*levels.highest];
    const OldFinding& finding = levels.findings[*levels.highest];
    const bool isRepeat = state.open && !isHigher(level.priority, *state.open);
    if (isRepeat && !(isNewReading && level.priority == Priority::kP1)) return;
    const Transition transition =
        !state.open || isRepeat ? Transition::kRaised : Transition::kWorsened;
    state.open = level.priority;
    tell(transition, level.priority, newest, finding.inputs,
         fill(level.why, &std::get<Compare>(level.when.is), newest, finding));
  }

  void clearIfDue(const Levels& levels, const Observation& newest,
                  std::span<const Observation> earlier) {
    RuleState& state = judgement_.state;
    OldFinding finding = levels.findings.front();
    if (rule_.clear.when) {
      finding = evaluate(std::get<Compare>(rule_.clear.when->is), newest, earlier, context_);
      if (finding.truth != Truth::kTrue) return;
    } else if (!levels.isAllFalse) {
      return;
    }
    tell(Transition::kCleared, *state.open, newest, finding.inputs,
         fill(rule_.clear.why, nullptr, newest, finding));
    state.open.reset();
  }

  void tell(Transition transition, Priority priority, const Observation& newest,
            const std::vector<ReadingKey>& inputs, Text why) {
    Verdict verdict;
    verdict.person = context_.person;
    verdict.condition = rule_.condition;
    verdict.rule = rule_.id;
    verdict.ruleHash = rule_.hash;
    verdict.title = rule_.title;
    verdict.why = std::move(why);
    verdict.transition = transition;
    verdict.priority = priority;
    verdict.at = newest.at;
    verdict.told = now_;
    verdict.isLate = now_ - newest.at > kLateAfter;
    verdict.inputs = inputs;
    verdict.key = keyOf(verdict);
    judgement_.verdicts.push_back(std::move(verdict));
  }

  static Key128 keyOf(const Verdict& verdict) {
    DigestBuilder digest;
    digest.add("vardnav-verdict-1").add(verdict.person.value).add(verdict.rule.value);
    digest.add(verdict.ruleHash).add(nameOf(verdict.transition)).add(nameOf(verdict.priority));
    for (const ReadingKey& input : verdict.inputs) digest.add(ByteView(input.octets));
    return digest.key();
  }

  const Rule& rule_;
  const Context& context_;
  const History& history_;
  UtcTime now_;
  Milliseconds reach_;
  Judgement judgement_;
};

}  // namespace

bool concerns(const Rule& rule, std::span<const Observation> reading) {
  return std::ranges::any_of(
      reading, [&](const Observation& observation) { return isOf(rule, observation); });
}

Result<Judgement> judge(const Rule& rule, const Context& context, const RuleState& state,
                        std::span<const Observation> reading, const History& history, UtcTime now) {
  Judge judge(rule, context, state, history, now);
  for (const Observation& observation : reading) {
    if (!isOf(rule, observation) || !counts(observation)) continue;
    if (auto done = judge.take(observation); !done) return std::unexpected(done.error());
  }
  return judge.finish();
}

}  // namespace vardnav::rules
