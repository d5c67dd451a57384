// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/watch.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "rules/document/rule_set.h"
#include "rules/engine/state.h"

namespace vardnav::rules {
namespace {

/// Steps of the clock in one call: what is due after them is due in the next.
constexpr int kMostSteps = 10'000;

struct Loaded {
  RuleState state;
  bool isNew = false;
};

Result<Loaded> load(States& states, const PersonId& person, const RuleId& rule, UtcTime now) {
  auto state = states.state(person, rule);
  if (!state) return std::unexpected(state.error());
  if (!*state) return Loaded{begin(now), true};
  return Loaded{**std::move(state), false};
}

/// What rules of one arrival read of the same signal is read from the store once: of each code one
/// stretch of time, which grows at its ends.
class SharedHistory final : public History {
 public:
  explicit SharedHistory(const History& stored) : stored_(stored) {}

  Result<std::vector<Observation>> observations(const PersonId& person, Code code, UtcTime from,
                                                UtcTime until) const override {
    Stretch& stretch = stretches_[code];
    const bool isApart = stretch.until < from || until < stretch.from;
    if (stretch.isEmpty || isApart) {
      auto found = stored_.observations(person, code, from, until);
      if (found) stretch = {false, from, until, *found};
      return found;
    }
    if (auto done = reachBack(person, code, from, stretch); !done) {
      return std::unexpected(done.error());
    }
    if (auto done = reachOn(person, code, until, stretch); !done) {
      return std::unexpected(done.error());
    }
    const auto begin = std::ranges::lower_bound(stretch.held, from, {}, &Observation::at);
    const auto end = std::ranges::upper_bound(stretch.held, until, {}, &Observation::at);
    return std::vector<Observation>(begin, std::max(begin, end));
  }

 private:
  struct Stretch {
    bool isEmpty = true;
    UtcTime from{};
    UtcTime until{};
    std::vector<Observation> held;
  };

  Result<void> reachBack(const PersonId& person, Code code, UtcTime from, Stretch& stretch) const {
    if (from >= stretch.from) return {};
    auto more = stored_.observations(person, code, from, stretch.from - Milliseconds{1});
    if (!more) return std::unexpected(more.error());
    std::ranges::move(stretch.held, std::back_inserter(*more));
    stretch.held = *std::move(more);
    stretch.from = from;
    return {};
  }

  Result<void> reachOn(const PersonId& person, Code code, UtcTime until, Stretch& stretch) const {
    if (until <= stretch.until) return {};
    auto more = stored_.observations(person, code, stretch.until + Milliseconds{1}, until);
    if (!more) return std::unexpected(more.error());
    std::ranges::move(*more, std::back_inserter(stretch.held));
    stretch.until = until;
    return {};
  }

  const History& stored_;
  mutable std::map<Code, Stretch> stretches_;
};

/// As `stored` was before the change, which it may hold already: the clock brings nothing that was
/// not known when it was due.
class KnownBefore final : public History {
 public:
  KnownBefore(const History& stored, const Change& change) : stored_(stored), change_(change) {}

  Result<std::vector<Observation>> observations(const PersonId& person, Code code, UtcTime from,
                                                UtcTime until) const override {
    auto found = stored_.observations(person, code, from, until);
    if (!found) return found;
    std::erase_if(*found, [&](const Observation& one) {
      return isAmong(change_.is, one) || isAmong(change_.was, one);
    });
    for (const Observation& was : change_.was) {
      if (was.code == code && from <= was.at && was.at <= until) found->push_back(was);
    }
    std::ranges::stable_sort(*found, {}, &Observation::at);
    return found;
  }

 private:
  static bool isAmong(std::span<const Observation> changed, const Observation& one) {
    return std::ranges::any_of(changed, [&](const Observation& other) {
      return other.reading == one.reading && other.code == one.code;
    });
  }

  const History& stored_;
  const Change& change_;
};

void append(std::vector<Verdict>& told, std::vector<Verdict> more) {
  std::ranges::move(more, std::back_inserter(told));
}

/// What is told up to `until`, by a clock that says `now`.
Result<void> runClock(const Lineage& lineage, const Context& context, RuleState& state,
                      const History& history, UtcTime until, UtcTime now,
                      std::vector<Verdict>& told) {
  for (int step = 0; step < kMostSteps; ++step) {
    const auto due = nextDue(lineage, context, state);
    if (!due) return {};
    const UtcTime at = toldAt(state, *due, now);
    if (at > until) return {};
    auto verdicts = advance(lineage, context, state, history, at);
    if (!verdicts) return std::unexpected(verdicts.error());
    append(told, *std::move(verdicts));
  }
  return {};
}

}  // namespace

bool Watch::concerns(std::span<const Observation> reading) const {
  return std::ranges::any_of(lineages, [&](const Lineage& lineage) {
    return std::ranges::any_of(reading, [&](const Observation& observation) {
      return rules::concerns(lineage, observation.code);
    });
  });
}

Watch watchOf(Context context, std::vector<RuleVersion> versions) {
  std::map<RuleId, std::vector<RuleVersion>> byId;
  for (RuleVersion& version : versions) byId[version.rule.id].push_back(std::move(version));
  for (Rule& rule : builtInRules()) {
    auto& own = byId[rule.id];
    if (own.empty()) own.push_back({std::move(rule)});
  }
  Watch watch{std::move(context), {}, {}};
  for (auto& [id, own] : byId) {
    watch.isDrivenByAbsence.push_back(std::ranges::any_of(
        own, [](const RuleVersion& version) { return isDrivenByAbsence(version.rule); }));
    watch.lineages.emplace_back(std::move(own));
  }
  return watch;
}

Result<std::vector<Verdict>> judgeArrival(const Watch& watch, States& states, const History& stored,
                                          const Change& change, UtcTime now, Absence absence) {
  const PersonId& person = watch.context.person;
  const SharedHistory history(stored);
  const KnownBefore before(history, change);
  std::vector<Verdict> told;
  const auto touches = [&](const Lineage& lineage, std::span<const Observation> reading) {
    return std::ranges::any_of(reading, [&](const Observation& observation) {
      return concerns(lineage, observation.code);
    });
  };
  for (std::size_t i = 0; i < watch.lineages.size(); ++i) {
    const Lineage& lineage = watch.lineages[i];
    if (!touches(lineage, change.is) && !touches(lineage, change.was)) continue;
    auto loaded = load(states, person, lineage.id(), now);
    if (!loaded) return std::unexpected(loaded.error());
    RuleState& state = loaded->state;
    if (absence == Absence::kTold || !watch.isDrivenByAbsence[i]) {
      // A second measurement at the very end of its gate still counts.
      const UtcTime until = now - Milliseconds{1};
      auto ran = runClock(lineage, watch.context, state, before, until, now, told);
      if (!ran) return std::unexpected(ran.error());
    }
    auto verdicts = arrive(lineage, watch.context, state, change, history, now);
    if (!verdicts) return verdicts;
    append(told, *std::move(verdicts));
    if (auto kept = states.setState(person, lineage.id(), state); !kept) {
      return std::unexpected(kept.error());
    }
  }
  return told;
}

Result<std::vector<Verdict>> judgeClock(const Watch& watch, States& states, const History& history,
                                        UtcTime now) {
  const PersonId& person = watch.context.person;
  std::vector<Verdict> told;
  for (const Lineage& lineage : watch.lineages) {
    auto loaded = load(states, person, lineage.id(), now);
    if (!loaded) return std::unexpected(loaded.error());
    const RuleState before = loaded->state;
    auto ran = runClock(lineage, watch.context, loaded->state, history, now, now, told);
    if (!ran) return std::unexpected(ran.error());
    // Also a beginning is kept: what the clock brings is due from then on.
    if (!loaded->isNew && loaded->state == before) continue;
    if (auto kept = states.setState(person, lineage.id(), loaded->state); !kept) {
      return std::unexpected(kept.error());
    }
  }
  return told;
}

Result<std::optional<UtcTime>> nextDueOf(const Watch& watch, States& states) {
  std::optional<UtcTime> earliest;
  for (const Lineage& lineage : watch.lineages) {
    const auto state = states.state(watch.context.person, lineage.id());
    if (!state) return std::unexpected(state.error());
    if (!*state) return UtcTime::min();  // it is to begin
    const auto due = nextDue(lineage, watch.context, **state);
    if (due && (!earliest || *due < *earliest)) earliest = due;
  }
  return earliest;
}

bool isForTheRecord(const Verdict& verdict) {
  return isLasting(verdict.transition) || (verdict.withdraws && isLasting(*verdict.withdraws));
}

}  // namespace vardnav::rules
