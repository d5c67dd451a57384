// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A rule that watches a person through a table of steps, with the clock running between them; and
// rules in few words. Times are of 2026-11-24 (a Tuesday, CET) in UTC unless they name a day.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/engine/engine.h"
#include "tests/rules/patient.h"

namespace vardnav::rules {

inline UtcTime moment(std::string text) {
  if (text.size() <= 8) text = "2026-11-24T" + text;
  if (text.size() == 16) text += ":00";
  return utc(text + "Z");
}

/// "10:15", "10:15:30" on the day of the table, else with its day.
inline std::string momentText(UtcTime at) {
  std::string text = toRfc3339(at);
  text.resize(19);
  if (text.ends_with(":00")) text.resize(16);
  return text.starts_with("2026-11-24T") ? text.substr(11) : text;
}

inline Quantity quantity(std::string_view text) {
  const auto space = text.find(' ');
  return {Decimal::parse(text.substr(0, space)).value(),
          unitFromUcum(text.substr(space + 1)).value()};
}

inline Compare compare(Code code, Comparison is, std::initializer_list<const char*> limits,
                       Measure measure = NewestValue{}) {
  Compare result;
  result.series.signal = code;
  result.measure = std::move(measure);
  result.is = is;
  for (const char* limit : limits) result.limits.push_back(quantity(limit));
  return result;
}

inline Level level(Priority priority, Condition when, bool isGated = false) {
  Level result;
  result.priority = priority;
  result.when = std::move(when);
  result.isGated = isGated;
  return result;
}

inline Rule ruleOf(Code signal, std::vector<Level> levels) {
  Rule rule;
  rule.id = RuleId("rule");
  rule.version = 1;
  rule.condition = ConditionId("story");
  rule.hash = "1";
  rule.signal = signal;
  rule.signals = {signal};
  rule.levels = std::move(levels);
  return rule;
}

class RuleWatch {
 public:
  explicit RuleWatch(Rule rule) : RuleWatch(std::vector{RuleVersion{std::move(rule)}}) {}
  explicit RuleWatch(std::vector<RuleVersion> versions) : lineage_(std::move(versions)) {
    context.person = PersonId("p-1");
    state = begin(moment("00:00"));
  }

  Context context;
  FakeHistory history;
  RuleState state;
  std::vector<Verdict> last;

  /// "spo2 92 %, pulse 70 /min +bad-blow" at `at`; observations of one act divided by commas; flags
  /// after +. Told by `told`, or at once.
  std::string gives(const std::string& at, const std::string& reading, std::string told = "") {
    if (told.empty()) told = at;
    std::string before = runClock(moment(told) - Milliseconds{1});
    std::vector<Observation> act;
    std::istringstream parts(reading);
    for (std::string part; std::getline(parts, part, ',');) {
      act.push_back(observationOf(part, moment(at), moment(told)));
    }
    for (const Observation& observation : act) history.all.push_back(observation);
    return joined(before, take(arrive(lineage_, context, state, {act, {}}, history, moment(told))));
  }

  /// The n-th observation given, from 1, becomes another, or nothing if `reading` is empty.
  std::string corrects(std::size_t n, const std::string& reading, const std::string& told) {
    std::string before = runClock(moment(told) - Milliseconds{1});
    const Observation was = history.all.at(n - 1);
    std::vector<Observation> is;
    if (!reading.empty()) {
      is.push_back(observationOf(reading, was.at, moment(told)));
      is.front().reading = was.reading;
    }
    std::erase_if(history.all, [&](const Observation& o) { return o.reading == was.reading; });
    for (const Observation& observation : is) history.all.push_back(observation);
    return joined(before, take(arrive(lineage_, context, state, {is, std::span(&was, 1)}, history,
                                      moment(told))));
  }

  /// Other versions are known from now on.
  void knows(std::vector<RuleVersion> versions) { lineage_ = Lineage(std::move(versions)); }

  /// What the clock brings up to `at`, included.
  std::string until(const std::string& at) { return runClock(moment(at)); }

  struct Step {
    const char* at;
    const char* reading;  ///< "": the clock alone
    const char* told;     ///< "": nothing
  };
  void expect(std::initializer_list<Step> steps) {
    for (const auto& [at, reading, told] : steps) {
      const std::string got = *reading == '\0' ? until(at) : gives(at, reading);
      EXPECT_EQ(got, told) << at << " " << reading;
    }
  }

  const Lineage& lineage() const { return lineage_; }

 private:
  Observation observationOf(const std::string& text, UtcTime at, UtcTime told) {
    std::istringstream words(text);
    std::string code;
    std::string value;
    std::string unit;
    words >> code >> value >> unit;
    Observation observation;
    observation.reading.octets[14] = static_cast<std::uint8_t>(++count_ / 256);
    observation.reading.octets[15] = static_cast<std::uint8_t>(count_ % 256);
    observation.code = codeFromName(code).value();
    observation.value = valueFromString(value).value();
    observation.unit = unitFromUcum(unit).value();
    observation.person = context.person;
    observation.at = at;
    observation.receivedAt = told;
    for (std::string flag; words >> flag;) {
      observation.flags.set(flagFromName(flag.substr(1)).value());
    }
    if (observation.flags.has(Flag::kClockFault)) observation.at = told;
    return observation;
  }

  std::string runClock(UtcTime until) {
    std::string told;
    for (auto due = nextDue(lineage_, context, state); due;
         due = nextDue(lineage_, context, state)) {
      const UtcTime now = toldAt(state, *due, UtcTime::max());
      if (now > until) break;
      told = joined(told, take(advance(lineage_, context, state, history, now)));
    }
    return told;
  }

  static std::string joined(const std::string& a, const std::string& b) {
    return a.empty() || b.empty() ? a + b : a + ", " + b;
  }

  /// "raised P2 unconfirmed at 10:15", `at` where it is not when it was told.
  std::string take(const Result<std::vector<Verdict>>& verdicts) {
    // The state survives as text.
    const RuleState kept = decodeState(encode(state)).value();
    if (!kept.isSpilled && state.nextSlot != UtcTime::max()) {
      EXPECT_EQ(kept, state);
    }
    state = kept;
    last = verdicts.value();
    std::string text;
    for (const Verdict& verdict : last) {
      std::string one(nameOf(verdict.transition));
      if (verdict.withdraws) one += " " + std::string(nameOf(*verdict.withdraws));
      if (hasPriority(verdict.transition)) one += " " + std::string(nameOf(verdict.priority));
      if (verdict.isConfirmed && !verdict.withdraws)
        one += *verdict.isConfirmed ? " confirmed" : " unconfirmed";
      if (verdict.at != verdict.told) one += " at " + momentText(verdict.at);
      if (verdict.isLate) one += " late";
      text = joined(text, one);
    }
    return text;
  }

  Lineage lineage_;
  int count_ = 0;
};

}  // namespace vardnav::rules
