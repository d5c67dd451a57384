// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Any rule (the templates and made-up ones), any readings, in any order: generators of rapidcheck.
#pragma once

#include <rapidcheck.h>

#include <filesystem>
#include <string>
#include <vector>

#include "rules/document/rule_set.h"
#include "tests/rules/rule_watch.h"

namespace vardnav::rules::any {

using std::chrono::hours;
using std::chrono::minutes;

inline const UtcTime kStart = utc("2026-03-20T00:00:00Z");  // DST begins on the 29th

/// Values on both sides of what rules ask of this signal.
inline std::vector<const char*> valuesOf(Code code) {
  switch (code) {
    case Code::kGlucose:
      return {"2.9 mmol/L", "3.5 mmol/L", "3.9 mmol/L", "5.2 mmol/L", "8 mmol/L", "14.1 mmol/L",
              "52 mg/dL",   "69 mg/dL",   "90 mg/dL",   "251 mg/dL",  "301 mg/dL"};
    case Code::kKetone:
      return {"0.2 mmol/L", "0.7 mmol/L", "1.6 mmol/L", "3.1 mmol/L"};
    case Code::kWeight:
      return {"80 kg", "80.4 kg", "81 kg", "82.1 kg", "83 kg", "78 kg", "77 kg"};
    case Code::kFev1:
    case Code::kFev6:
    case Code::kFvc:
      return {"1.55 L", "1.9 L", "2.1 L", "2.3 L", "2.4 L", "2.5 L"};
    case Code::kPef:
      return {"230 L/min", "280 L/min", "300 L/min", "330 L/min", "345 L/min"};
    case Code::kSpo2:
      return {"83 %", "87 %", "90 %", "91 %", "93 %", "95 %", "98 %"};
    case Code::kSystolic:
      return {"84 mm[Hg]", "99 mm[Hg]", "120 mm[Hg]", "145 mm[Hg]", "185 mm[Hg]", "221 mm[Hg]"};
    case Code::kDiastolic:
    case Code::kMeanArterial:
      return {"70 mm[Hg]", "88 mm[Hg]", "95 mm[Hg]", "121 mm[Hg]"};
    case Code::kPulse:
      return {"38 /min", "45 /min", "70 /min", "112 /min", "132 /min"};
    case Code::kTemperature:
      return {"34.9 Cel", "36.6 Cel", "38.3 Cel", "39.4 Cel"};
    default:
      return {"0 1", "1 1"};
  }
}

inline std::vector<Rule> allTemplates() {
  std::vector<Rule> rules;
  for (const auto& entry :
       std::filesystem::directory_iterator(VARDNAV_SOURCE_DIR "/rules/templates")) {
    if (entry.path().extension() != ".json") continue;
    auto read = compileAny(templateText(entry.path().stem().string()));
    for (Rule& rule : read.value()) rules.push_back(std::move(rule));
  }
  std::ranges::sort(rules, {}, &Rule::id);
  return rules;
}

inline Window someWindow() {
  Window window;
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      window.elapsed = *rc::gen::element<Milliseconds>(hours{2}, hours{24}, hours{72}, hours{240});
      break;
    case 1:
      window.localDays = *rc::gen::element<std::uint16_t>(1, 2, 5);
      break;
    case 2:
      window.count = *rc::gen::element<std::uint16_t>(2, 3, 8);
      break;
    default:
      window.elapsed = hours{48};
      window.count = 4;
  }
  return window;
}

inline RollingBaseline someBaseline() {
  RollingBaseline baseline;
  baseline.statistic = *rc::gen::element(Statistic::kMean, Statistic::kMedian, Statistic::kLowest,
                                         Statistic::kHighest);
  baseline.window = someWindow();
  baseline.leaveOutNewest = *rc::gen::element<std::uint16_t>(1, 1, 2);
  baseline.leaveOutDays = *rc::gen::element<std::uint16_t>(0, 0, 1);
  baseline.minimumCount = *rc::gen::element<std::uint16_t>(1, 2, 4);
  return baseline;
}

/// Of glucose, in its own units, in % or in none.
inline Compare someCompare() {
  const auto is = *rc::gen::element(Comparison::kBelow, Comparison::kAtMost, Comparison::kAbove,
                                    Comparison::kAtLeast);
  Compare test = compare(Code::kGlucose, is, {"3.9 mmol/L", "70 mg/dL"});
  const auto window = someWindow();
  switch (*rc::gen::inRange(0, 9)) {
    case 0:
      test.measure = Rise{window, false};
      break;
    case 1:
      test.measure = Fall{window, true};
      test.limits = {quantity("20 %")};
      break;
    case 2:
      test.measure = WindowStatistic{*rc::gen::element(Statistic::kMean, Statistic::kMedian,
                                                       Statistic::kLowest, Statistic::kHighest),
                                     window, *rc::gen::element<std::uint16_t>(1, 3)};
      break;
    case 3:
      test.measure = PercentOf{someBaseline()};
      test.limits = {quantity("90 %")};
      break;
    case 4:
      test.measure = DifferenceFrom{someBaseline()};
      break;
    case 5:
      test.measure = ZScore{someBaseline()};
      test.limits = {quantity("1.5 1")};
      break;
    case 6:
      test.measure = Slope{window, hours{24}, 3};
      break;
    default:
      test.measure = NewestValue{};
  }
  if (*rc::gen::weightedElement<bool>({{4, false}, {1, true}})) {
    test.series.pick = *rc::gen::element(Pick::kFirstOfDay, Pick::kLastOfDay, Pick::kLowestOfDay,
                                         Pick::kHighestOfDay);
    if (test.series.pick == Pick::kFirstOfDay) test.series.session = DayMinutes{30};
  }
  if (*rc::gen::weightedElement<bool>({{5, false}, {1, true}})) {
    test.series.part = {DayMinutes{6 * 60}, DayMinutes{12 * 60}};
  }
  if (*rc::gen::weightedElement<bool>({{5, false}, {1, true}})) test.maximumAge = hours{6};
  return test;
}

inline Condition someCondition(int depth = 0) {
  switch (*rc::gen::inRange(0, depth < 2 ? 9 : 6)) {
    case 0:
      return {Repeated{someCompare(), *rc::gen::element<std::uint16_t>(2, 3), someWindow(),
                       *rc::gen::element<Milliseconds>(Milliseconds{0}, hours{2})}};
    case 1:
      return {Consecutive{someCompare(), *rc::gen::element<std::uint16_t>(2, 3)}};
    case 2:
      return {AbsentFor{{Code::kGlucose},
                        *rc::gen::element<Milliseconds>(hours{6}, hours{30}, hours{72})}};
    case 3:
      return {MeterSays{compare(Code::kGlucose, Comparison::kBelow, {}).series, true, true, false}};
    case 6:
      return {All{{someCondition(depth + 1), someCondition(depth + 1)}}};
    case 7:
      return {Any{{someCondition(depth + 1), someCondition(depth + 1)}}};
    case 8:
      return {Not{{someCondition(depth + 1)}}};
    default:
      return {someCompare()};
  }
}

inline Rule madeUpRule() {
  Rule rule = ruleOf(Code::kGlucose, {});
  for (const Priority priority : {Priority::kP1, Priority::kP2, Priority::kP3}) {
    if (*rc::gen::weightedElement<bool>({{1, false}, {2, true}})) {
      Level one = level(priority, someCondition(), *rc::gen::arbitrary<bool>());
      one.persistence = *rc::gen::weightedElement<Milliseconds>(
          {{4, Milliseconds{0}}, {1, hours{1}}, {1, hours{26}}});
      rule.levels.push_back(std::move(one));
    }
  }
  if (rule.levels.empty()) rule.levels.push_back(level(Priority::kP2, someCondition()));
  if (*rc::gen::arbitrary<bool>()) rule.clear.when = someCondition();
  rule.coolDown = *rc::gen::element<Milliseconds>(Milliseconds{0}, hours{2}, hours{12});
  if (*rc::gen::weightedElement<bool>({{2, false}, {1, true}})) {
    Schedule schedule;
    schedule.signals = {Code::kGlucose};
    schedule.slots = {{minutes{7 * 60}, minutes{10 * 60}}, {minutes{22 * 60}, minutes{150}}};
    schedule.grace = hours{1};
    rule.schedule = schedule;
    rule.levels.back().when = Condition{
        Any{{Condition{MissedSlots{*rc::gen::element<std::uint16_t>(1, 3)}}, someCondition()}}};
  }
  return rule;
}

inline Rule someRule() {
  static const std::vector<Rule> shipped = allTemplates();
  if (*rc::gen::weightedElement<bool>({{2, false}, {3, true}})) return madeUpRule();
  return *rc::gen::elementOf(shipped);
}

/// All that the templates need.
inline Context contextOf(const Rule& rule) {
  Context context;
  context.person = PersonId("p-1");
  context.version = "1";
  context.prescribed["fev1-personal-best"] = {{quantity("2.5 L"), kStart}};
  context.prescribed["pef-personal-best"] = {{quantity("340 L/min"), kStart}};
  for (const std::string& need : rule.needs) {
    context.prescribed.try_emplace(
        need, std::vector{Prescribed{{{94, 0}, rowOf(rule.signal).unit}, kStart}});
  }
  for (const Fact fact : rule.needsFacts) context.facts[fact] = {{true, kStart}};
  context.canMeasureAgain = *rc::gen::weightedElement<bool>({{3, true}, {1, false}});
  if (*rc::gen::weightedElement<bool>({{4, false}, {1, true}})) {
    const UtcTime from = kStart + hours{*rc::gen::inRange(0, 400)};
    context.pauses = {{{}, from, from + hours{*rc::gen::inRange(1, 60)}}};
  }
  return context;
}

/// As it is once all is known, and when it came.
struct Given {
  Observation observation;
  UtcTime told{};
};

inline Observation observationOf(const Rule& rule, std::size_t place, UtcTime at) {
  Observation observation;
  observation.reading.octets[14] = static_cast<std::uint8_t>(place / 256);
  observation.reading.octets[15] = static_cast<std::uint8_t>(place % 256);
  std::vector<Code> codes = rule.signals;
  if (rule.schedule) codes.push_back(rule.schedule->signals.front());
  observation.code = *rc::gen::elementOf(codes);
  if (*rc::gen::weightedElement<bool>({{19, false}, {1, true}}))
    observation.code = Code::kBreathless;
  const Quantity value = quantity(*rc::gen::elementOf(valuesOf(observation.code)));
  observation.value = Value::of(value.value);
  observation.unit = value.unit;
  observation.value.kind = *rc::gen::weightedElement<Value::Kind>({{30, Value::Kind::kNumber},
                                                                   {1, Value::Kind::kHigh},
                                                                   {1, Value::Kind::kLow},
                                                                   {1, Value::Kind::kNotANumber}});
  if (observation.value.kind != Value::Kind::kNumber) observation.value.number = {};
  observation.person = PersonId("p-1");
  observation.at = at;
  const bool isForUnconfirmed = rule.audience == Audience::kUnconfirmed;
  if (*rc::gen::weightedElement<bool>({{9, isForUnconfirmed}, {1, !isForUnconfirmed}})) {
    observation.flags.set(Flag::kPersonUnconfirmed);
  }
  return observation;
}

inline std::vector<Given> someReadings(const Rule& rule, std::size_t most) {
  const auto count = *rc::gen::inRange<std::size_t>(1, most);
  std::vector<Given> given;
  UtcTime at = kStart;
  for (std::size_t i = 0; i < count; ++i) {
    at += *rc::gen::element<Milliseconds>(
        Milliseconds{0}, minutes{1}, minutes{5}, minutes{14}, minutes{15}, minutes{40}, hours{2},
        hours{5}, hours{5}, hours{8}, hours{8}, hours{23}, hours{24}, hours{25}, hours{49});
    Given one{observationOf(rule, i, at), at};
    one.told += *rc::gen::weightedElement<Milliseconds>(
        {{12, Milliseconds{0}}, {2, minutes{10}}, {2, hours{3}}, {2, hours{30}}, {1, hours{240}}});
    one.observation.receivedAt = one.told;
    if (*rc::gen::weightedElement<bool>({{29, false}, {1, true}})) {
      one.observation.flags.set(Flag::kClockFault);
      one.observation.at = one.told;
    }
    given.push_back(one);
  }
  return given;
}

}  // namespace vardnav::rules::any
