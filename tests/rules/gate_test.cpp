// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The gate: a second reading from 5 to 15 minutes after the first decides.
#include <gtest/gtest.h>

#include "tests/rules/rule_watch.h"

namespace vardnav::rules {
namespace {

/// SpO2 on the ordinary scale: every level is gated.
Rule saturation() {
  return ruleOf(
      Code::kSpo2,
      {level(Priority::kP1, {compare(Code::kSpo2, Comparison::kAtMost, {"91 %"})}, true),
       level(Priority::kP2, {compare(Code::kSpo2, Comparison::kAtMost, {"93 %"})}, true),
       level(Priority::kP3, {compare(Code::kSpo2, Comparison::kAtMost, {"95 %"})}, true)});
}

/// Below 3.0 is never gated, from 3.0 to 3.9 it is.
Rule glucose() {
  return ruleOf(
      Code::kGlucose,
      {level(Priority::kP1,
             {compare(Code::kGlucose, Comparison::kBelow, {"3.0 mmol/L", "54 mg/dL"})}),
       level(Priority::kP3,
             {compare(Code::kGlucose, Comparison::kBelow, {"3.9 mmol/L", "70 mg/dL"})}, true)});
}

TEST(Gate, CountsASecondReadingFromFiveToFifteenMinutes) {
  struct Row {
    const char* secondAt;
    const char* told;
  };
  for (const auto& [secondAt, told] :
       {Row{"10:04:59", ""}, Row{"10:05", "raised P2 confirmed"},
        Row{"10:09:30", "raised P2 confirmed"}, Row{"10:15", "raised P2 confirmed"}}) {
    RuleWatch watch(saturation());
    EXPECT_EQ(watch.gives("10:00", "spo2 93 %"), "candidate P2");
    EXPECT_EQ(watch.gives(secondAt, "spo2 92 %"), told) << secondAt;
  }
}

TEST(Gate, RaisesTheFirstAsUnconfirmedAtFifteenMinutes) {
  RuleWatch watch(saturation());
  watch.expect({{"10:00", "spo2 93 %", "candidate P2"},
                {"10:03", "spo2 97 %", ""},  // too early: decides nothing
                {"10:14:59", "", ""},
                {"10:15", "", "raised P2 unconfirmed at 10:00"}});
  EXPECT_EQ(watch.last.at(0).inputs, std::vector{Patient::keyOf(1)});
  EXPECT_EQ(watch.gives("10:16", "spo2 97 %"), "cleared P2");
}

TEST(Gate, LetsTheLevelOfTheSecondReadingDecide) {
  struct Row {
    const char* second;
    const char* told;
  };
  for (const auto& [second, told] :
       {Row{"spo2 96 %", "dismissed P2"}, Row{"spo2 95 %", "raised P3 confirmed"},
        Row{"spo2 92 %", "raised P2 confirmed"}, Row{"spo2 90 %", "raised P1 confirmed"},
        Row{"spo2 NaN %", "unknown"}}) {
    RuleWatch watch(saturation());
    EXPECT_EQ(watch.gives("10:00", "spo2 93 %"), "candidate P2");
    EXPECT_EQ(watch.gives("10:10", second), told) << second;
  }
}

TEST(Gate, WaitsOnAfterANaN) {
  RuleWatch watch(saturation());
  watch.expect({{"10:00", "spo2 93 %", "candidate P2"},
                {"10:07", "spo2 NaN %", "unknown"},
                {"10:12", "spo2 97 %", "dismissed P2"},
                {"10:20", "", ""}});
}

TEST(Gate, NamesBothReadingsWhenConfirmed) {
  RuleWatch watch(saturation());
  watch.gives("10:00", "spo2 93 %");
  watch.gives("10:10", "spo2 92 %");
  EXPECT_EQ(watch.last.at(0).inputs, (std::vector{Patient::keyOf(2), Patient::keyOf(1)}));
}

TEST(Gate, IsBrokenByAnEarlierSecondReadingAtP1) {
  RuleWatch watch(saturation());
  watch.expect({{"10:00", "spo2 93 %", "candidate P2"},
                {"10:02", "spo2 91 %", "raised P1 unconfirmed"},
                {"10:15", "", ""}});
  RuleWatch first(saturation());
  first.expect(
      {{"10:00", "spo2 91 %", "candidate P1"}, {"10:02", "spo2 90 %", "raised P1 unconfirmed"}});
  RuleWatch p2(saturation());
  p2.expect({{"10:00", "spo2 95 %", "candidate P3"}, {"10:02", "spo2 92 %", ""}});
}

TEST(Gate, IsBrokenByAnAnswerOfBreathlessness) {
  RuleWatch watch(saturation());
  watch.expect({{"10:00", "spo2 93 %", "candidate P2"},
                {"10:01", "breathless 0 1", ""},
                {"10:02", "breathless 1 1", "raised P2 unconfirmed"},
                {"10:15", "", ""}});
  RuleWatch together(saturation());
  EXPECT_EQ(together.gives("10:00", "spo2 93 %,breathless 1 1"), "raised P2 unconfirmed");
  RuleWatch alone(saturation());
  EXPECT_EQ(alone.gives("10:00", "breathless 1 1"), "");
}

TEST(Gate, IsBrokenByALevelThatIsNotGated) {
  RuleWatch watch(glucose());
  watch.expect({{"10:00", "glucose 3.5 mmol/L", "candidate P3"},
                {"10:02", "glucose 2.9 mmol/L", "raised P1"},
                {"10:15", "", ""}});
}

TEST(Gate, RaisesAnUngatedLowerLevelAtOnce) {
  RuleWatch watch(ruleOf(
      Code::kPulse,
      {level(Priority::kP1, {compare(Code::kPulse, Comparison::kAtLeast, {"131 /min"})}, true),
       level(Priority::kP2, {compare(Code::kPulse, Comparison::kAtLeast, {"111 /min"})})}));
  watch.expect({{"10:00", "pulse 140 /min", "raised P2, candidate P1"},
                {"10:06", "pulse 120 /min", "dismissed P1"}});
}

TEST(Gate, StandsBeforeWorseningToo) {
  RuleWatch watch(saturation());
  watch.expect({{"10:00", "spo2 95 %", "candidate P3"},
                {"10:06", "spo2 95 %", "raised P3 confirmed"},
                {"11:00", "spo2 93 %", "candidate P2"},
                {"11:03", "spo2 97 %", ""},  // clears nothing while it decides nothing
                {"11:06", "spo2 93 %", "worsened P2 confirmed"},
                {"12:00", "spo2 91 %", "candidate P1"},
                {"12:06", "spo2 98 %", "dismissed P1, cleared P2"}});
}

TEST(Gate, IsNoneForFurtherReadingsAtP1) {
  RuleWatch watch(saturation());
  watch.expect({{"10:00", "spo2 91 %", "candidate P1"},
                {"10:06", "spo2 90 %", "raised P1 confirmed"},
                {"10:07", "spo2 90 %", "raised P1"},
                {"10:30", "spo2 91 %", "raised P1"}});
}

TEST(Gate, IsNoneWhereThePatientCannotBeAsked) {
  RuleWatch watch(saturation());
  watch.context.canMeasureAgain = false;
  watch.expect({{"10:00", "spo2 93 %", "raised P2 unconfirmed"},
                {"10:06", "spo2 91 %", "worsened P1 unconfirmed"}});
}

TEST(Gate, TakesNoOtherSignalForTheSecondReading) {
  Rule rule = saturation();
  rule.signals = {Code::kSpo2, Code::kPulse};
  rule.levels[2].when = {
      Any{{rule.levels[2].when, {compare(Code::kPulse, Comparison::kAtLeast, {"91 /min"})}}}};
  RuleWatch watch(rule);
  watch.expect({{"10:00", "spo2 93 %", "candidate P2"},
                {"10:07", "pulse 70 /min", ""},
                {"10:15", "", "raised P2 unconfirmed at 10:00"}});
}

/// Both are gated; what is high is of the one or of the other.
Rule pressure() {
  const auto either = [](const char* systolic, const char* diastolic) {
    return Condition{Any{{{compare(Code::kSystolic, Comparison::kAtLeast, {systolic})},
                          {compare(Code::kDiastolic, Comparison::kAtLeast, {diastolic})}}}};
  };
  Rule rule =
      ruleOf(Code::kSystolic, {level(Priority::kP1, either("220 mm[Hg]", "130 mm[Hg]"), true),
                               level(Priority::kP2, either("180 mm[Hg]", "110 mm[Hg]"), true)});
  rule.signals = {Code::kSystolic, Code::kDiastolic};
  return rule;
}

TEST(Gate, TakesASecondReadingOfWhatMadeTheLevelTrue) {
  RuleWatch watch(pressure());
  watch.expect({{"10:00", "systolic 120 mm[Hg],diastolic 115 mm[Hg]", "candidate P2"},
                {"10:07", "systolic 120 mm[Hg]", ""},
                {"10:09", "systolic 120 mm[Hg],diastolic 80 mm[Hg]", "dismissed P2"}});
}

TEST(Gate, IsNotDecidedByANaNBesideAnotherSignal) {
  RuleWatch watch(pressure());
  watch.expect({{"10:00", "systolic 225 mm[Hg],diastolic 80 mm[Hg]", "candidate P1"},
                {"10:07", "systolic NaN mm[Hg],diastolic 115 mm[Hg]", ""},
                {"10:15", "", "raised P1 unconfirmed at 10:00"}});
}

/// P3 and P1 are gated, P2 between them is not.
Rule ungatedBetween() {
  Rule rule = saturation();
  rule.levels[1].isGated = false;
  return rule;
}

TEST(Gate, LetsASecondReadingSayMoreThanWhatBreaksThrough) {
  RuleWatch second(ungatedBetween());
  second.expect(
      {{"10:00", "spo2 95 %", "candidate P3"}, {"10:07", "spo2 90 %", "raised P1 confirmed"}});
  RuleWatch early(ungatedBetween());
  early.expect(
      {{"10:00", "spo2 95 %", "candidate P3"}, {"10:02", "spo2 90 %", "raised P1 unconfirmed"}});
  RuleWatch no(ungatedBetween());
  no.expect({{"10:00", "spo2 95 %", "candidate P3"}, {"10:07", "spo2 92 %", "raised P2"}});
}

TEST(Gate, IsNotEndedByALowerLevelsCoolDown) {
  Rule rule = saturation();
  rule.levels = {rule.levels[0], rule.levels[2]};
  rule.levels[1].isGated = false;
  rule.coolDown = std::chrono::minutes{30};
  RuleWatch watch(rule);
  watch.expect({{"10:00", "spo2 95 %", "raised P3"},
                {"10:10", "spo2 97 %", "cleared P3"},
                {"10:20", "spo2 90 %", "held P3, candidate P1"},
                {"10:30", "", "raised P3"},
                {"10:32", "spo2 97 %", "dismissed P1, cleared P3"}});
}

TEST(Gate, IsEndedByAnAnswerAtTheLevelThatTheAnswerMakes) {
  Rule rule = saturation();
  rule.signals = {Code::kSpo2, Code::kBreathless};
  rule.levels[0].when = {
      All{{rule.levels[2].when, {compare(Code::kBreathless, Comparison::kAtLeast, {"1 1"})}}}};
  RuleWatch watch(rule);
  watch.expect({{"10:00", "spo2 95 %", "candidate P3"},
                {"10:06", "breathless 1 1", "raised P1 unconfirmed"}});
}

TEST(Gate, IsDecidedByALateSecondReading) {
  RuleWatch watch(saturation());
  watch.expect(
      {{"10:00", "spo2 93 %", "candidate P2"}, {"10:30", "", "raised P2 unconfirmed at 10:00"}});
  EXPECT_EQ(watch.gives("10:10", "spo2 97 %", "11:30"),
            "withdrawn raised P2 at 10:00 late, dismissed P2 at 10:10 late");
  EXPECT_EQ(watch.state.open, std::nullopt);
}

TEST(Gate, TellsReadingsThatArriveTogetherInTheirOwnOrder) {
  RuleWatch watch(saturation());
  EXPECT_EQ(watch.gives("10:00", "spo2 93 %", "12:00"), "candidate P2 at 10:00 late");
  EXPECT_EQ(watch.gives("10:07", "spo2 93 %", "12:00"), "raised P2 confirmed at 10:07 late");
}

}  // namespace
}  // namespace vardnav::rules
