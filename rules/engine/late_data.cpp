// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/late_data.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <ranges>
#include <set>
#include <utility>

#include "rules/engine/acts.h"
#include "rules/engine/alike.h"
#include "rules/engine/feeding.h"
#include "rules/engine/machine.h"
#include "rules/engine/program.h"
#include "rules/engine/reach.h"
#include "rules/engine/telling.h"
#include "rules/speech/wording.h"

namespace vardnav::rules {
namespace {

/// Beyond what a rule looks back on, in the first piece of history that is read.
constexpr Milliseconds kAhead{std::chrono::hours{48}};

using Pointers = std::vector<const Observation*>;

/// History as it was before the change, or is after it, whatever of it is stored already.
class View final : public History {
 public:
  View(const History& stored, const std::set<ReadingKey>& changed,
       std::span<const Observation> instead)
      : stored_(stored), changed_(changed), instead_(instead) {}

  Result<std::vector<Observation>> observations(const PersonId& person, Code code, UtcTime from,
                                                UtcTime until) const override {
    auto found = stored_.observations(person, code, from, until);
    if (!found) return found;
    std::erase_if(*found, [&](const Observation& o) { return changed_.contains(o.reading); });
    std::ranges::copy_if(instead_, std::back_inserter(*found), [&](const Observation& o) {
      return o.code == code && o.at >= from && o.at <= until;
    });
    sortByEvent(*found);
    return found;
  }

 private:
  const History& stored_;
  const std::set<ReadingKey>& changed_;
  std::span<const Observation> instead_;
};

std::set<ReadingKey> keysOf(const Change& change) {
  std::set<ReadingKey> keys;
  for (const Observation& observation : change.is) keys.insert(observation.reading);
  for (const Observation& observation : change.was) keys.insert(observation.reading);
  return keys;
}

/// How far behind a reading a version of the rule looks by time, a cool-down included.
Milliseconds reachOf(const Lineage& lineage) {
  Milliseconds reach{0};
  for (const auto& version : lineage.versions()) {
    reach = std::max({reach, version->rule.coolDown, longestWindowOf(*version->program)});
  }
  return reach;
}

/// The newest state before `at` that may be gone on from, else the beginning.
RuleState stateBefore(UtcTime at, const RuleState& state, std::uint64_t judge) {
  RuleState start;
  start.since = state.since;
  if (state.judgedBy == judge) {
    start.checkpoints = state.checkpoints;
    start.checkpoints.keepBefore(at);
    const auto checkpoints = start.checkpoints.all();
    for (std::size_t i = checkpoints.size(); i-- > 0;) {
      auto earlier = decodeState(checkpoints[i].text);
      if (!earlier || earlier->newestEvent != checkpoints[i].at) continue;
      earlier->checkpoints = start.checkpoints;
      start = *std::move(earlier);
      break;
    }
  }
  start.judgedBy = judge;
  start.acts = 0;
  start.withdrawals = state.withdrawals;
  start.arrivedAt = state.arrivedAt;
  return start;
}

/// One of the two.
struct Run {
  Run(const Lineage& lineage, const Context& context, const View& view, RuleState start,
      Teller& teller)
      : state(std::move(start)), machine(lineage, context, view, state, teller) {}
  Run(const Run&) = delete;

  RuleState state;
  Machine machine;
  Pointers ahead;  ///< in event order
  std::size_t next = 0;

  std::optional<UtcTime> nextAt() const {
    if (next == ahead.size()) return std::nullopt;
    return eventTimeOf(*ahead[next]);
  }
  /// false: it has none at `at`.
  Result<bool> judge(UtcTime at) {
    const std::size_t first = next;
    while (nextAt() == at) ++next;
    if (first == next) return false;
    auto done = judgeActs(machine, std::span(ahead).subspan(first, next - first));
    if (!done) return std::unexpected(done.error());
    return true;
  }
};

class Rejudging {
 public:
  Rejudging(const Lineage& lineage, const Context& context, const Change& change,
            const History& history, const RuleState& before, UtcTime now)
      : lineage_(lineage),
        context_(context),
        change_(change),
        history_(history),
        before_(before),
        now_(now),
        judge_(judgeOf(lineage, context)),
        changed_(keysOf(change)),
        wasView_(history, changed_, change.was),
        isView_(history, changed_, change.is),
        speaking_(context, before.withdrawals, now),
        comparing_(remembering_, speaking_),
        start_(stateBefore(timesOf(change).first, before, judge_)),
        was_(lineage, context, wasView_, start_, remembering_),
        is_(lineage, context, isView_, start_, comparing_) {}

  /// The state after it.
  Result<RuleState> run() {
    const UtcTime latest = timesOf(change_).second;
    UtcTime from =
        start_.newestEvent == kNever ? UtcTime::min() : start_.newestEvent + Milliseconds{1};
    Milliseconds piece = reachOf(lineage_) + kAhead;
    UtcTime until = latest + piece;
    while (true) {
      // What lies beyond has not been judged yet, unless it is of a history that came before.
      const bool isLast = until >= before_.newestEvent;
      if (auto done = read(from, isLast ? UtcTime::max() : until); !done) {
        return std::unexpected(done.error());
      }
      const auto met = goOver(latest);
      if (!met) return std::unexpected(met.error());
      if (*met) return joined(**met);
      if (isLast) break;
      from = until + Milliseconds{1};
      piece *= 2;
      until += piece;
    }
    if (before_.firedUntil != kNever) {
      auto done = was_.machine.advance(before_.firedUntil);
      if (!done) return std::unexpected(done.error());
      // A clock that was wrong may have been ahead: what it brought is taken back.
      done = is_.machine.advance(std::min(before_.firedUntil, now_));
      if (!done) return std::unexpected(done.error());
    }
    return std::move(is_.state);
  }

  std::span<const Told> toldBefore() const { return remembering_.told(); }
  /// The candidate whose second measurement was still waited for; nullptr: none.
  const Told* askedBefore() const {
    if (!before_.gate) return nullptr;
    for (const Told& told : std::views::reverse(remembering_.told())) {
      if (told.ground.transition == Transition::kCandidate) return &told;
    }
    return nullptr;
  }
  const std::set<Ground>& groundsNow() const { return comparing_.grounds(); }
  std::vector<Verdict> takeNew() { return comparing_.take(); }
  const std::set<ReadingKey>& changed() const { return changed_; }

 private:
  bool counts(const Observation& observation) const {
    const Audience audience = lineage_.versions().front()->rule.audience;
    return (lineage_.signals() & bitOf(observation.code)) != 0 && !doubtOf(observation, audience);
  }

  /// When the change is, first and last.
  static std::pair<UtcTime, UtcTime> timesOf(const Change& change) {
    UtcTime first = UtcTime::max();
    UtcTime last = UtcTime::min();
    for (const auto& side : {change.is, change.was}) {
      for (const Observation& observation : side) {
        first = std::min(first, eventTimeOf(observation));
        last = std::max(last, eventTimeOf(observation));
      }
    }
    return {first, last};
  }

  Result<void> read(UtcTime from, UtcTime until) {
    auto stored = observationsOf(history_, context_.person, lineage_.signals(), from, until);
    if (!stored) return std::unexpected(stored.error());
    stored_ = *std::move(stored);
    for (auto& [run, changed] : {std::pair{&was_, change_.was}, std::pair{&is_, change_.is}}) {
      run->ahead.clear();
      run->next = 0;
      for (const Observation& observation : stored_) {
        if (counts(observation) && !changed_.contains(observation.reading)) {
          run->ahead.push_back(&observation);
        }
      }
      for (const Observation& observation : changed) {
        const UtcTime at = eventTimeOf(observation);
        if (counts(observation) && at >= from && at <= until) run->ahead.push_back(&observation);
      }
      std::ranges::stable_sort(
          run->ahead, [](const Observation* a, const Observation* b) { return isBefore(*a, *b); });
    }
    return {};
  }

  /// What was read, until both states go on alike: when that is.
  Result<std::optional<UtcTime>> goOver(UtcTime latest) {
    while (true) {
      const auto at = nextAt();
      if (!at) return std::nullopt;
      noteAct(*at, is_.state);
      const auto before = was_.judge(*at);
      if (!before) return std::unexpected(before.error());
      const auto after = is_.judge(*at);
      if (!after) return std::unexpected(after.error());
      // A version still to come reads its windows from history: it meets the change there.
      const bool mayMeet = *before && *after && *at >= latest && before_.judgedBy == judge_ &&
                           is_.state.program == before_.program && before_.firedUntil <= now_;
      if (mayMeet && goOnAlike(lineage_, was_.state, is_.state)) return at;
    }
  }

  std::optional<UtcTime> nextAt() const {
    const auto before = was_.nextAt();
    const auto after = is_.nextAt();
    return before && after ? std::min(*before, *after) : before ? before : after;
  }

  /// From `at` on nothing has changed.
  RuleState joined(UtcTime at) {
    RuleState state = before_;
    state.checkpoints = is_.state.checkpoints;
    state.checkpoints.addFrom(before_.checkpoints, at);
    return state;
  }

  const Lineage& lineage_;
  const Context& context_;
  const Change& change_;
  const History& history_;
  const RuleState& before_;
  const UtcTime now_;
  const std::uint64_t judge_;
  const std::set<ReadingKey> changed_;
  const View wasView_;
  const View isView_;
  RememberingTeller remembering_;
  SpeakingTeller speaking_;
  ComparingTeller comparing_;
  const RuleState start_;
  Run was_;
  Run is_;
  std::vector<Observation> stored_;
};

Verdict withdrawalOf(const Told& told, const Context& context, std::uint32_t withdrawals,
                     UtcTime now) {
  Telling telling = told.telling;
  telling.transition = Transition::kWithdrawn;
  Verdict verdict = verdictOf(telling, context, withdrawals, now, told.ground.transition);
  Grounds grounds;
  grounds.rule = telling.rule;
  grounds.level = telling.level;
  grounds.transition = Transition::kWithdrawn;
  grounds.withdraws = told.ground.transition;
  verdict.why = why(grounds);
  return verdict;
}

/// Of what does not last only how the rule stands now is worth telling, if it stood otherwise.
class StandingFilter {
 public:
  StandingFilter(const RuleState& before, const RuleState& after,
                 const std::set<ReadingKey>& changed)
      : before_(before), after_(after), changed_(changed) {}

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
  const std::set<ReadingKey>& changed_;
};

}  // namespace

Result<std::vector<Verdict>> judgeAnew(const Lineage& lineage, const Context& context,
                                       RuleState& state, const Change& change,
                                       const History& history, UtcTime now) {
  Rejudging rejudging(lineage, context, change, history, state, now);
  auto after = rejudging.run();
  if (!after) return std::unexpected(after.error());
  std::vector<Verdict> verdicts;
  // Twins may have told the same.
  std::set<Ground> seen = rejudging.groundsNow();
  const Told* const asked = state.gate != after->gate ? rejudging.askedBefore() : nullptr;
  for (const Told& told : rejudging.toldBefore()) {
    if (!isLasting(told.ground.transition) && &told != asked) continue;
    if (!seen.insert(told.ground).second) continue;
    verdicts.push_back(withdrawalOf(told, context, state.withdrawals, now));
    ++after->withdrawals;
  }
  StandingFilter filter(state, *after, rejudging.changed());
  std::ranges::move(filter.of(rejudging.takeNew()), std::back_inserter(verdicts));
  after->unspoken = std::move(state.unspoken);
  state = *std::move(after);
  return verdicts;
}

}  // namespace vardnav::rules
