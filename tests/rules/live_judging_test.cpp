// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Rules as hub and backend run them, over kept states and by a clock that is asked now and then.
#include <gtest/gtest.h>

#include "rules/engine/watch.h"
#include "tests/rules/kept_states.h"
#include "tests/rules/patient.h"

namespace vardnav::rules {
namespace {

UtcTime moment(const std::string& time) { return utc("2026-11-24T" + time + ":00Z"); }
std::string timeOf(UtcTime at) { return toRfc3339(at).substr(11, 5); }

/// P2 from 180 mm[Hg], gated.
Rule pressure() {
  Compare high;
  high.series.signal = Code::kSystolic;
  high.is = Comparison::kAtLeast;
  high.limits = {{Decimal(180, 0), Unit::kMillimetreOfMercury}};
  Rule rule;
  rule.id = RuleId("pressure");
  rule.hash = "1";
  rule.signal = Code::kSystolic;
  rule.signals = {rule.signal};
  rule.levels.resize(1);
  rule.levels[0].priority = Priority::kP2;
  rule.levels[0].when = {high};
  rule.levels[0].isGated = true;
  return rule;
}

class LiveJudging : public ::testing::Test {
 protected:
  LiveJudging() {
    Context context;
    context.person = PersonId("p-1");
    watch = watchOf(std::move(context), {{pressure()}});
    EXPECT_EQ(clock("00:00"), "");
  }

  std::string clock(const std::string& now) {
    return textOf(judgeClock(watch, states, history, moment(now)));
  }

  /// Systolic pressure, in mm[Hg].
  std::string arrives(int value, const std::string& at, const std::string& now) {
    Observation observation;
    observation.reading.octets[15] = static_cast<std::uint8_t>(history.all.size() + 1);
    observation.person = watch.context.person;
    observation.code = Code::kSystolic;
    observation.value = Value::of(Decimal(value, 0));
    observation.unit = Unit::kMillimetreOfMercury;
    observation.at = moment(at);
    observation.receivedAt = moment(now);
    history.all.push_back(observation);
    return textOf(
        judgeArrival(watch, states, history, {std::span(&observation, 1), {}}, moment(now)));
  }

  /// "raised P2 of 10:00 told 13:00 late"
  static std::string textOf(const Result<std::vector<Verdict>>& told) {
    std::string text;
    for (const Verdict& verdict : told.value()) {
      if (!text.empty()) text += ", ";
      text += std::string(nameOf(verdict.transition)) + " of " + timeOf(verdict.at) + " told " +
              timeOf(verdict.told) + (verdict.isLate ? " late" : "");
    }
    return text;
  }

  Watch watch;
  FakeHistory history;
  KeptStates states;
};

TEST_F(LiveJudging, TellsAtItsArrivalWhatAnArrivalMadeDueInThePast) {
  EXPECT_EQ(arrives(185, "10:00", "13:00"), "candidate of 10:00 told 13:00 late");
  EXPECT_EQ(clock("13:00"), "raised of 10:00 told 13:00 late");
}

TEST_F(LiveJudging, LetsBothReadingsOfAGateArriveTogether) {
  EXPECT_EQ(arrives(185, "10:00", "13:00"), "candidate of 10:00 told 13:00 late");
  EXPECT_EQ(arrives(120, "10:10", "13:00"), "dismissed of 10:10 told 13:00 late");
  EXPECT_EQ(clock("14:00"), "");
}

TEST_F(LiveJudging, TellsWhatIsDueThoughTheClockWasAheadAndIsSetBack) {
  EXPECT_EQ(arrives(185, "10:00", "20:00"), "candidate of 10:00 told 20:00 late");
  EXPECT_EQ(clock("10:14"), "");
  EXPECT_EQ(clock("10:16"), "raised of 10:00 told 10:16");
}

TEST_F(LiveJudging, TellsWhatTheClockBringsAtItsOwnTimeWheneverItIsAsked) {
  EXPECT_EQ(arrives(185, "10:00", "10:00"), "candidate of 10:00 told 10:00");
  EXPECT_EQ(clock("14:00"), "raised of 10:00 told 10:15");
}

}  // namespace
}  // namespace vardnav::rules
