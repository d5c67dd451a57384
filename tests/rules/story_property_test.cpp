// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Whatever the readings and whenever they arrive: what is told and not withdrawn is what the oracle
// says of event order. Each state goes through its text.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "tests/rules/rule_watch.h"
#include "tests/rules/story_oracle.h"

namespace rc {

template <>
struct Arbitrary<vardnav::rules::oracle::Settings> {
  static Gen<vardnav::rules::oracle::Settings> arbitrary() {
    using vardnav::rules::oracle::Settings;
    return gen::build<Settings>(
        gen::set(&Settings::isP2Gated), gen::set(&Settings::isP3Gated),
        gen::set(&Settings::hasOwnClear),
        gen::set(&Settings::coolDown, gen::element(0, 0, 1800, 7200, 4 * 3600)));
  }
};

}  // namespace rc

namespace vardnav::rules {
namespace {

using oracle::Line;
using oracle::Settings;
using oracle::Story;
using Kind = oracle::Reading::Kind;

/// Enough to meet the rare ends; another number in the environment stands.
[[maybe_unused]] const int kCases = setenv("RC_PARAMS", "max_success=2000", 0);

const UtcTime kStart = utc("2026-11-20T00:00:00Z");

Compare lowerThan(const char* milligram, const char* millimole) {
  return compare(Code::kGlucose, Comparison::kBelow, {milligram, millimole});
}

Rule ruleWith(const Settings& settings) {
  using std::chrono::hours;
  const Compare low = lowerThan("70 mg/dL", "3.9 mmol/L");
  Rule rule = ruleOf(
      Code::kGlucose,
      {level(Priority::kP1, {lowerThan("54 mg/dL", "3.0 mmol/L")}),
       level(Priority::kP2, {Repeated{low, 2, {hours{24}, 0, 0}, hours{2}}}, settings.isP2Gated),
       level(Priority::kP3, {low}, settings.isP3Gated)});
  if (settings.hasOwnClear) {
    rule.clear.when =
        Condition{compare(Code::kGlucose, Comparison::kAtLeast, {"85 mg/dL", "4.8 mmol/L"})};
  }
  rule.coolDown = std::chrono::seconds{settings.coolDown};
  return rule;
}

oracle::Reading readingAfter(int second) {
  oracle::Reading reading;
  reading.second = second;
  reading.kind = *rc::gen::weightedElement<Kind>({{8, Kind::kMilligram},
                                                  {8, Kind::kMillimole},
                                                  {1, Kind::kHigh},
                                                  {2, Kind::kLow},
                                                  {2, Kind::kNaN}});
  if (reading.kind == Kind::kMilligram) {
    reading.hundredths = *rc::gen::element(5300, 5399, 5400, 6900, 6999, 7000, 8400, 8500, 12000);
  } else if (reading.kind == Kind::kMillimole) {
    reading.hundredths = *rc::gen::element(290, 299, 300, 350, 389, 390, 470, 480, 600, 1400);
  }
  reading.isDoubtful = *rc::gen::weightedElement<bool>({{9, false}, {1, true}});
  return reading;
}

/// Gaps at and around the ends of gates, spacings and cool-downs.
std::vector<oracle::Reading> someReadings(std::size_t most) {
  const auto count = *rc::gen::inRange<std::size_t>(1, most);
  std::vector<oracle::Reading> readings;
  int second = 0;
  for (std::size_t i = 0; i < count; ++i) {
    second += *rc::gen::element(0, 60, 299, 300, 301, 600, 899, 900, 901, 1800, 3600, 7199, 7200,
                                7201, 14400, 40000, 86400);
    readings.push_back(readingAfter(second));
  }
  return readings;
}

Observation observationOf(const oracle::Reading& reading, std::size_t place) {
  Observation observation;
  observation.reading.octets[14] = static_cast<std::uint8_t>(place / 256);
  observation.reading.octets[15] = static_cast<std::uint8_t>(place % 256);
  observation.code = Code::kGlucose;
  observation.unit =
      reading.kind == Kind::kMillimole ? Unit::kMillimolePerLitre : Unit::kMilligramPerDecilitre;
  observation.value.kind = reading.kind == Kind::kHigh  ? Value::Kind::kHigh
                           : reading.kind == Kind::kLow ? Value::Kind::kLow
                           : reading.kind == Kind::kNaN ? Value::Kind::kNotANumber
                                                        : Value::Kind::kNumber;
  if (observation.value.kind == Value::Kind::kNumber) {
    observation.value.number = Decimal(reading.hundredths, -2);
  }
  observation.person = PersonId("p-1");
  observation.at = kStart + std::chrono::seconds{reading.second};
  observation.receivedAt = observation.at;
  if (reading.isDoubtful) observation.flags.set(Flag::kPersonOther);
  return observation;
}

/// The engine, fed as the test likes.
class Live {
 public:
  explicit Live(const Settings& settings) : lineage_(ruleWith(settings)) {
    context_.person = PersonId("p-1");
    state_ = begin(kStart);
  }

  void change(const std::vector<Observation>& is, const std::vector<Observation>& was,
              UtcTime now) {
    for (const Observation& observation : was) {
      std::erase_if(history_.all,
                    [&](const Observation& o) { return o.reading == observation.reading; });
    }
    for (const Observation& observation : is) history_.all.push_back(observation);
    take(arrive(lineage_, context_, state_, {is, was}, history_, now));
  }

  void runClock(UtcTime until) {
    for (auto due = nextDue(lineage_, context_, state_); due && *due <= until;
         due = nextDue(lineage_, context_, state_)) {
      take(advance(lineage_, context_, state_, history_, *due));
    }
  }

  /// Told and not withdrawn, in event order.
  std::vector<Line> lasting() const {
    std::vector<Line> lines;
    for (const auto& [line, withdrawn] : told_) {
      if (!withdrawn) lines.push_back(line);
    }
    std::ranges::stable_sort(lines, {}, &Line::second);
    return lines;
  }

  std::optional<int> open() const {
    if (!state_.open) return std::nullopt;
    return static_cast<int>(*state_.open);
  }

 private:
  static Line lineOf(const Verdict& verdict, Transition transition) {
    return {
        std::string(nameOf(transition)), static_cast<int>(verdict.priority),
        static_cast<int>(std::chrono::floor<std::chrono::seconds>(verdict.at - kStart).count())};
  }

  void take(const Result<std::vector<Verdict>>& verdicts) {
    for (const Verdict& verdict : verdicts.value()) {
      if (isLasting(verdict.transition)) {
        told_.push_back({lineOf(verdict, verdict.transition), false});
      }
      if (!verdict.withdraws || !isLasting(*verdict.withdraws)) continue;
      const Line line = lineOf(verdict, verdict.withdraws.value());
      const auto found = std::ranges::find_if(
          told_, [&](const auto& entry) { return !entry.second && entry.first == line; });
      RC_ASSERT(found != told_.end());  // nothing is withdrawn that was not told
      found->second = true;
    }
    const auto kept = decodeState(encode(state_));
    RC_ASSERT(kept.has_value());
    state_ = *kept;
  }

  Lineage lineage_;
  Context context_;
  FakeHistory history_;
  RuleState state_;
  std::vector<std::pair<Line, bool>> told_;
};

std::vector<Line> sorted(std::vector<Line> lines) {
  std::ranges::sort(lines, [](const Line& a, const Line& b) {
    return std::tie(a.second, a.what, a.priority) < std::tie(b.second, b.what, b.priority);
  });
  return lines;
}

constexpr int kEnd = 100 * 86400;

void agree(const Live& live, const std::vector<oracle::Reading>& readings,
           const Settings& settings) {
  Story story(readings, settings);
  const std::vector<Line> expected = story.lines(kEnd);
  const std::vector<Line> told = live.lasting();
  if (sorted(told) != sorted(expected)) {
    std::string text;
    for (const Line& line : expected) {
      text += "\n expected " + line.what + " P" + std::to_string(line.priority) + " " +
              std::to_string(line.second);
    }
    for (const Line& line : told) {
      text += "\n told " + line.what + " P" + std::to_string(line.priority) + " " +
              std::to_string(line.second);
    }
    for (const auto& reading : readings) {
      text += "\n reading " + std::to_string(reading.second) + " " +
              std::to_string(static_cast<int>(reading.kind)) + " " +
              std::to_string(reading.hundredths) + (reading.isDoubtful ? " doubtful" : "");
    }
    RC_FAIL(text);
  }
  RC_ASSERT(live.open() == story.open());
}

RC_GTEST_PROP(Story, IsToldAsTheOracleSaysWhenReadingsComeInOrder, (const Settings& settings)) {
  const auto readings = someReadings(40);
  Live live(settings);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const Observation observation = observationOf(readings[i], i);
    live.runClock(observation.at - Milliseconds{1});
    live.change({observation}, {}, observation.at);
  }
  live.runClock(kStart + std::chrono::seconds{kEnd});
  agree(live, readings, settings);
}

RC_GTEST_PROP(Story, IsTheSameInWhateverOrderReadingsArrive, (const Settings& settings)) {
  const auto readings = someReadings(25);
  std::vector<std::size_t> order(readings.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Each may be late by some places and more.
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    std::swap(order[i], order[*rc::gen::inRange(i, std::min(order.size(), i + 4))]);
  }
  Live live(settings);
  UtcTime now = kStart;
  for (const std::size_t i : order) {
    const Observation observation = observationOf(readings[i], i);
    now = std::max(now, observation.at) + std::chrono::seconds{*rc::gen::element(0, 0, 1, 900)};
    live.runClock(now - Milliseconds{1});
    live.change({observation}, {}, now);
  }
  live.runClock(kStart + std::chrono::seconds{kEnd});
  agree(live, readings, settings);
}

RC_GTEST_PROP(Story, IsThatOfTheReadingsAsTheyWereCorrected, (const Settings& settings)) {
  auto readings = someReadings(20);
  Live live(settings);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const Observation observation = observationOf(readings[i], i);
    live.runClock(observation.at - Milliseconds{1});
    live.change({observation}, {}, observation.at);
  }
  const UtcTime last = kStart + std::chrono::seconds{readings.back().second};
  std::vector<bool> isGone(readings.size());
  for (int n = *rc::gen::inRange(1, 6); n > 0; --n) {
    const auto i = *rc::gen::inRange<std::size_t>(0, readings.size());
    if (isGone[i]) continue;
    const std::vector<Observation> was{observationOf(readings[i], i)};
    isGone[i] = *rc::gen::weightedElement<bool>({{3, false}, {1, true}});
    if (!isGone[i]) readings[i] = readingAfter(readings[i].second);
    std::vector<Observation> is;
    if (!isGone[i]) is.push_back(observationOf(readings[i], i));
    live.change(is, was, last);
  }
  live.runClock(kStart + std::chrono::seconds{kEnd});
  std::vector<oracle::Reading> left;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    if (!isGone[i]) left.push_back(readings[i]);
  }
  agree(live, left, settings);
}

}  // namespace
}  // namespace vardnav::rules
