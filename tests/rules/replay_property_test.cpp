// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Replay equals live: whatever the rules and whatever a readings file says arrived, replay() tells
// of the file what hub and backend told while it came, line by line: over states kept as text, and
// a store that holds an arrival before it is judged, by a clock that is asked now and then.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "rules/engine/watch.h"
#include "rules/replay/replay.h"
#include "rules/speech/sentence.h"
#include "tests/rules/any_patient.h"
#include "tests/rules/kept_states.h"

namespace vardnav::rules {
namespace {

/// What has arrived, in the order in which a store gives it.
class ArrivedReadings final : public History {
 public:
  void change(const Arrival& arrival) {
    for (const Observation& o : arrival.was) all_.erase({o.at, o.reading, o.code});
    for (const Observation& o : arrival.reading) all_[{o.at, o.reading, o.code}] = o;
  }

  Result<std::vector<Observation>> observations(const PersonId& /*person*/, Code code, UtcTime from,
                                                UtcTime until) const override {
    std::vector<Observation> found;
    for (const auto& [place, o] : all_) {
      if (o.code == code && o.at >= from && o.at <= until) found.push_back(o);
    }
    return found;
  }

 private:
  std::map<std::tuple<UtcTime, ReadingKey, Code>, Observation> all_;
};

/// The text of a readings file; some lines are sent again, some corrected later.
std::string fileOf(const Rule& rule, std::vector<any::Given> given) {
  std::ranges::stable_sort(given, {}, &any::Given::told);
  std::string text;
  std::vector<ReadingLine> written;
  for (const any::Given& one : given) {
    written.push_back(readingLineOf(one.observation));
    text += formatReadingLine(written.back()) + "\n";
    const int chance = *rc::gen::inRange(0, 12);
    if (chance > 1) continue;
    ReadingLine again = *rc::gen::elementOf(written);
    again.observation.receivedAt = one.told;
    if (chance == 1) {
      const UtcTime at = again.observation.at - any::minutes{*rc::gen::element(0, 0, 1, 400)};
      const Code code = again.observation.code;
      again.observation = any::observationOf(rule, 0, std::max(at, any::kStart));
      again.observation.code = code;
      const Quantity value = quantity(*rc::gen::elementOf(any::valuesOf(code)));
      again.observation.value = Value::of(value.value);
      again.observation.unit = value.unit;
      again.observation.receivedAt = one.told;
      again.isCorrected = true;
    }
    text += formatReadingLine(again) + "\n";
  }
  return text;
}

std::string lineOf(const Verdict& verdict) {
  std::string text = verdict.rule.value + " " + std::string(nameOf(verdict.transition)) + " " +
                     std::string(nameOf(verdict.priority)) + " at " + toRfc3339(verdict.at) +
                     " told " + toRfc3339(verdict.told) + (verdict.isLate ? " late" : "");
  if (verdict.withdraws) text += " of " + std::string(nameOf(*verdict.withdraws));
  if (verdict.isConfirmed) text += *verdict.isConfirmed ? " confirmed" : " unconfirmed";
  for (const ReadingKey& key : verdict.inputs) text += " " + key.toHex().substr(28);
  return text + " " + verdict.key.toHex().substr(0, 8) + " | " + verdict.why.en;
}

/// By rule, each in the order it was told.
std::vector<std::string> linesOf(std::vector<Verdict> told) {
  std::ranges::stable_sort(told, {}, &Verdict::rule);
  std::vector<std::string> lines;
  for (const Verdict& verdict : told) lines.push_back(lineOf(verdict));
  return lines;
}

class Live {
 public:
  explicit Live(const Watch& watch) : watch_(watch) { askClock(any::kStart); }

  void runClock(UtcTime until) {
    for (int asked = *rc::gen::inRange(0, 3); asked > 0; --asked) {
      const UtcTime at = clock_ + any::minutes{*rc::gen::element(1, 9, 400, 3000)};
      if (at < until) askClock(at);
    }
  }

  void askClock(UtcTime now) {
    RC_LOG() << "clock asked at " << toRfc3339(now) << "\n";
    take(judgeClock(watch_, states_, history_, now));
    clock_ = now;
  }

  void take(const Arrival& arrival) {
    history_.change(arrival);
    take(judgeArrival(watch_, states_, history_, {arrival.reading, arrival.was}, arrival.told));
    clock_ = arrival.told;
  }

  std::vector<Verdict> told;

 private:
  void take(Result<std::vector<Verdict>> verdicts) {
    RC_ASSERT(verdicts.has_value());
    std::ranges::move(*verdicts, std::back_inserter(told));
  }

  const Watch& watch_;
  KeptStates states_;
  ArrivedReadings history_;
  UtcTime clock_ = any::kStart;
};

/// Two rules and the ones that watch everybody; one of the two may have two versions.
Watch someWatch(Rule& first) {
  first = any::someRule();
  Context context = any::contextOf(first);
  std::vector<RuleVersion> versions{{first}};
  Rule second = any::madeUpRule();
  second.id = RuleId("second");
  versions.push_back({second});
  if (*rc::gen::arbitrary<bool>()) {
    Rule later = any::madeUpRule();
    later.id = second.id;
    later.version = 2;
    later.hash = "2";
    versions.push_back({later, any::kStart + any::hours{*rc::gen::inRange(1, 400)}});
  }
  for (const RuleVersion& version : versions) {
    RC_LOG() << toRfc3339(std::max(version.effectiveFrom, any::kStart)) << " "
             << sentence(version.rule).en << "\n";
  }
  for (const Pause& pause : context.pauses) {
    RC_LOG() << "paused " << toRfc3339(pause.from) << " until " << toRfc3339(pause.until) << "\n";
  }
  return watchOf(std::move(context), std::move(versions));
}

void expectEqual(const std::vector<std::string>& replayed, const std::vector<std::string>& live) {
  std::string text;
  for (const std::string& line : replayed) {
    if (std::ranges::find(live, line) == live.end()) text += "\nonly in the replay: " + line;
  }
  for (const std::string& line : live) {
    if (std::ranges::find(replayed, line) == replayed.end()) text += "\nonly live: " + line;
  }
  if (!text.empty()) RC_FAIL(text);
  RC_ASSERT(replayed == live);
}

RC_GTEST_PROP(Replay, TellsWhatLiveJudgingTold, ()) {
  Rule first;
  const Watch watch = someWatch(first);
  const std::string text = fileOf(first, any::someReadings(first, 60));
  RC_LOG() << text;
  const auto file = parseReadings(text);
  if (!file) RC_FAIL(file.error().reason);
  const Arrivals arrivals = arrivalsOf(*file, watch.context.person);
  Live live(watch);
  for (const Arrival& arrival : arrivals.list) {
    live.runClock(arrival.told);
    live.take(arrival);
  }
  UtcTime end = arrivals.list.back().told + any::hours{24 * 8};
  for (const Pause& pause : watch.context.pauses) end = std::max(end, pause.until);
  live.askClock(end);

  const auto told = replay(watch.lineages, watch.context, arrivals, {any::kStart, end});
  if (!told) RC_FAIL(told.error().context);
  expectEqual(linesOf(*told), linesOf(live.told));
}

}  // namespace
}  // namespace vardnav::rules
