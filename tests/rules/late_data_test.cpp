// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Late, corrected and withdrawn readings: what would have been told in time is told, and the rest
// is withdrawn.
#include <gtest/gtest.h>

#include "tests/rules/rule_watch.h"

namespace vardnav::rules {
namespace {

using std::chrono::hours;

Rule twice() {
  const Compare low = compare(Code::kGlucose, Comparison::kBelow, {"3.9 mmol/L", "70 mg/dL"});
  return ruleOf(Code::kGlucose,
                {level(Priority::kP2, {Repeated{low, 2, {hours{24}, 0, 0}, hours{2}}}),
                 level(Priority::kP3, {low})});
}

TEST(LateData, IsToldLateFromOneHourOn) {
  RuleWatch watch(twice());
  EXPECT_EQ(watch.gives("10:00", "glucose 3.5 mmol/L", "11:00"), "raised P3 at 10:00");
  RuleWatch late(twice());
  EXPECT_EQ(late.gives("10:00", "glucose 3.5 mmol/L", "11:00:01"), "raised P3 at 10:00 late");
}

TEST(LateData, FallsIntoTheWindowsOfNewerReadings) {
  RuleWatch watch(twice());
  watch.expect({{"12:00", "glucose 3.5 mmol/L", "raised P3"}});
  EXPECT_EQ(watch.gives("09:00", "glucose 3.6 mmol/L", "13:00"),
            "withdrawn raised P3 at 12:00, raised P3 at 09:00 late, worsened P2 at 12:00");
  EXPECT_EQ(watch.state.open, Priority::kP2);
}

TEST(LateData, ChangesNothingThatStaysTrue) {
  RuleWatch watch(twice());
  watch.expect({{"12:00", "glucose 3.5 mmol/L", "raised P3"}});
  EXPECT_EQ(watch.gives("11:00", "glucose 6.0 mmol/L", "13:00"), "");
}

TEST(LateData, MovesAClear) {
  RuleWatch watch(twice());
  watch.expect({{"10:00", "glucose 3.5 mmol/L", "raised P3"},
                {"12:00", "glucose 6.0 mmol/L", "cleared P3"}});
  EXPECT_EQ(watch.gives("11:00", "glucose 6.0 mmol/L", "13:00"),
            "withdrawn cleared P3 at 12:00, cleared P3 at 11:00 late");
}

TEST(CorrectedData, TakesBackWhatItRaised) {
  RuleWatch watch(twice());
  watch.expect({{"10:00", "glucose 3.5 mmol/L", "raised P3"}});
  EXPECT_EQ(watch.corrects(1, "glucose 6.5 mmol/L", "10:30"), "withdrawn raised P3 at 10:00");
  EXPECT_EQ(watch.last.at(0).inputs, std::vector{Patient::keyOf(1)});
  EXPECT_EQ(watch.state.open, std::nullopt);
}

/// What is true for want of readings names none; two raises by twins were told alike, and taking
/// one back took the other with it.
TEST(CorrectedData, TakesNoRaiseOfATwinBackWithItsOwn) {
  const Compare high = compare(Code::kGlucose, Comparison::kAbove, {"3.9 mmol/L"});
  const Condition twiceHigh{Repeated{high, 2, {}, {}}};
  const Rule rule = ruleOf(Code::kGlucose, {level(Priority::kP1, {Not{{twiceHigh}}}, true)});
  RuleWatch watch(rule);
  watch.context.canMeasureAgain = false;
  EXPECT_EQ(watch.gives("10:00", "glucose 3.5 mmol/L"), "raised P1 unconfirmed");
  EXPECT_EQ(watch.last.at(0).inputs, std::vector{Patient::keyOf(1)});
  EXPECT_EQ(watch.gives("10:00", "glucose 3.6 mmol/L", "10:30"), "raised P1 at 10:00");
  const Key128 second = watch.last.at(0).key;
  EXPECT_EQ(watch.corrects(1, "", "10:40"),
            "withdrawn raised P1 at 10:00, withdrawn raised P1 at 10:00, "
            "raised P1 unconfirmed at 10:00");
  EXPECT_NE(watch.last.at(0).key, watch.last.at(1).key);
  EXPECT_NE(watch.last.at(2).key, second);
}

TEST(CorrectedData, KeepsARaiseWhoseGroundRemains) {
  RuleWatch watch(twice());
  watch.expect({{"10:00", "glucose 3.5 mmol/L", "raised P3"}});
  EXPECT_EQ(watch.corrects(1, "glucose 3.6 mmol/L", "10:30"), "");
}

TEST(CorrectedData, MayBecomeDoubtfulOrVanish) {
  RuleWatch watch(twice());
  watch.expect({{"10:00", "glucose 3.5 mmol/L", "raised P3"}});
  EXPECT_EQ(watch.corrects(1, "glucose 3.5 mmol/L +person-other", "10:30"),
            "gated at 10:00, withdrawn raised P3 at 10:00");
  RuleWatch gone(twice());
  gone.expect({{"10:00", "glucose 3.5 mmol/L", "raised P3"}});
  EXPECT_EQ(gone.corrects(1, "", "10:30"), "withdrawn raised P3 at 10:00");
}

TEST(CorrectedData, CountsOnceItsPersonIsConfirmed) {
  RuleWatch watch(twice());
  watch.expect({{"10:00", "glucose 3.5 mmol/L +person-unconfirmed", "gated"}});
  EXPECT_EQ(watch.corrects(1, "glucose 3.5 mmol/L", "10:05"), "raised P3 at 10:00");
}

TEST(LateData, TellsTheStandingOfARuleOnlyIfItChanged) {
  RuleWatch watch(twice());
  watch.expect({{"12:00", "glucose 6.0 mmol/L", ""}});
  // In its time the NaN made the rule unknown; by now it is known again.
  EXPECT_EQ(watch.gives("11:00", "glucose NaN mmol/L", "13:00"), "");
}

TEST(LateData, SaysThatTheHistoryCouldNotBeRead) {
  RuleWatch watch(twice());
  watch.expect({{"12:00", "glucose 6.0 mmol/L", ""}});
  watch.history.isBroken = true;
  Observation late = watch.history.all.front();
  late.at -= hours{1};
  late.reading = Patient::keyOf(9);
  const auto told = arrive(watch.lineage(), watch.context, watch.state, {std::span(&late, 1), {}},
                           watch.history, moment("13:00"));
  ASSERT_FALSE(told.has_value());
  EXPECT_EQ(told.error().code, ErrorCode::kStorage);
}

TEST(InOrderData, DoesNotReadHistory) {
  RuleWatch watch(twice());
  watch.gives("00:30", "glucose 6.0 mmol/L");
  const int before = watch.history.reads;
  watch.expect({{"10:00", "glucose 3.5 mmol/L", "raised P3"},
                {"12:00", "glucose 3.5 mmol/L", "worsened P2"},
                {"13:00", "glucose 6.5 mmol/L", ""}});
  EXPECT_EQ(watch.history.reads, before);
}

TEST(InOrderData, ReadsHistoryWhereTheStateCannotHoldTheWindow) {
  RuleWatch watch(twice());
  Rule rule = twice();
  rule.levels[0].when = {compare(Code::kGlucose, Comparison::kBelow, {"5.0 mmol/L", "90 mg/dL"},
                                 WindowStatistic{Statistic::kMean, {hours{2}, 0, 0}, 100})};
  RuleWatch many(rule);
  for (int i = 0; i < 99; ++i) {
    const std::string minute = std::to_string(100 + i % 60).substr(1);
    EXPECT_EQ(many.gives((i < 60 ? "10:" : "11:") + minute, "glucose 4.0 mmol/L"), "") << i;
  }
  EXPECT_TRUE(many.state.isSpilled);
  EXPECT_EQ(many.gives("11:45", "glucose 4.0 mmol/L"), "raised P2");
  EXPECT_EQ(many.last.at(0).inputs.size(), 100U);
}

}  // namespace
}  // namespace vardnav::rules
