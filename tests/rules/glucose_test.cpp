// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The shipped glucose rule. Limits: American Diabetes Association, Standards of Care 2024, section
// 6: level 1 below 70 mg/dL (3.9 mmol/L), level 2 below 54 mg/dL (3.0 mmol/L), both strict.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rules/patient.h"

namespace vardnav::rules {
namespace {

constexpr auto kAt = "2026-11-24T10:00:00Z";

/// Who cannot be asked to measure again: what is gated is raised at once.
Patient unasked() {
  Patient patient(shipped("glucose-low"));
  patient.context.canMeasureAgain = false;
  return patient;
}

struct Row {
  const char* quantity;
  const char* told;
};

class FirstReading : public ::testing::TestWithParam<Row> {};

TEST_P(FirstReading, IsJudgedInItsOwnUnit) {
  Patient patient = unasked();
  EXPECT_EQ(patient.gives(GetParam().quantity, kAt), GetParam().told) << GetParam().quantity;
  EXPECT_EQ(patient.history.reads, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Boundaries, FirstReading,
    ::testing::Values(Row{"70 mg/dL", "-"}, Row{"69 mg/dL", "raised P3"},
                      Row{"69.9 mg/dL", "raised P3"}, Row{"54 mg/dL", "raised P3"},
                      Row{"53 mg/dL", "raised P1"}, Row{"53.99 mg/dL", "raised P1"},
                      Row{"3.9 mmol/L", "-"}, Row{"3.90 mmol/L", "-"},
                      Row{"3.89 mmol/L", "raised P3"}, Row{"3.0 mmol/L", "raised P3"},
                      Row{"3 mmol/L", "raised P3"}, Row{"2.99 mmol/L", "raised P1"},
                      Row{"0 mg/dL", "raised P1"}, Row{"81000 mmol/L", "-"},
                      Row{"LO mg/dL", "raised P1"}, Row{"LO mmol/L", "raised P1"},
                      Row{"HI mg/dL", "-"}, Row{"NaN mg/dL", "-"}));

TEST(GlucoseLow, TellsTheWholeStoryOfALow) {
  Patient patient = unasked();
  struct Step {
    const char* at;
    const char* quantity;
    const char* told;
  };
  for (const auto& [at, quantity, told] : {
           Step{"2026-11-24T08:00:00Z", "5.0 mmol/L", "-"},
           Step{"2026-11-24T09:00:00Z", "3.6 mmol/L", "raised P3"},
           Step{"2026-11-24T09:10:00Z", "3.5 mmol/L", "-"},
           Step{"2026-11-24T09:20:00Z", "2.8 mmol/L", "worsened P1"},
           Step{"2026-11-24T09:30:00Z", "2.8 mmol/L", "raised P1"},  // every further P1 is told
           Step{"2026-11-24T09:40:00Z", "LO mmol/L", "raised P1"},
           Step{"2026-11-24T09:50:00Z", "NaN mmol/L", "-"},
           Step{"2026-11-24T10:00:00Z", "3.5 mmol/L", "-"},  // easing is none
           Step{"2026-11-24T10:10:00Z", "4.7 mmol/L", "-"},  // dead band
           Step{"2026-11-24T10:20:00Z", "4.8 mmol/L", "cleared P1"},
           Step{"2026-11-24T10:30:00Z", "6.0 mmol/L", "-"},
           Step{"2026-11-24T10:40:00Z", "52 mg/dL", "raised P1"},
           Step{"2026-11-24T10:50:00Z", "84 mg/dL", "-"},
           Step{"2026-11-24T11:00:00Z", "85 mg/dL", "cleared P1"},
           Step{"2026-11-24T11:10:00Z", "60 mg/dL", "-"},  // cool-down
           Step{"2026-11-24T11:20:00Z", "HI mg/dL", "-"},
           Step{"2026-11-24T13:00:00Z", "60 mg/dL", "raised P2"},  // two hours after the last
           Step{"2026-11-24T13:10:00Z", "HI mg/dL", "cleared P2"},
       }) {
    EXPECT_EQ(patient.gives(quantity, at), told) << at << " " << quantity;
  }
}

TEST(GlucoseLow, SaysWhatWasMeasuredInTheMetersUnitInBothLanguages) {
  Patient patient = unasked();
  patient.gives("52 mg/dL", kAt);
  const auto why = [&] { return patient.last.at(0).why; };
  EXPECT_THAT(why().sv,
              ::testing::StartsWith("Blodsockret är 52 mg/dL (2,9 mmol/L) – under 54 mg/dL. Ring"));
  EXPECT_THAT(why().en,
              ::testing::StartsWith("Glucose is 52 mg/dL (2.9 mmol/L) – below 54 mg/dL. Call"));
  patient.gives("2.4 mmol/L", "2026-11-24T10:10:00Z");
  EXPECT_THAT(why().sv, ::testing::StartsWith("Blodsockret är 2,4 mmol/L – under 3,0 mmol/L."));
  patient.gives("LO mmol/L", "2026-11-24T10:20:00Z");
  EXPECT_THAT(why().en, ::testing::StartsWith("Glucose is LO (below the meter's range) – below"));
  patient.gives("5.4 mmol/L", "2026-11-24T10:30:00Z");
  EXPECT_EQ(why().sv, "Blodsockret är 5,4 mmol/L. Larmets grund har upphört.");
}

TEST(GlucoseLow, GivesVerdictsThatCanBeJudgedAgain) {
  Patient patient = unasked();
  patient.gives("52 mg/dL", kAt, {}, Milliseconds{2000});
  const Verdict verdict = patient.last.at(0);
  EXPECT_EQ(verdict.person, PersonId("p-1"));
  EXPECT_EQ(verdict.condition, ConditionId("diabetes"));
  EXPECT_EQ(verdict.rule, RuleId("glucose-low"));
  EXPECT_EQ(verdict.ruleHash, shipped("glucose-low").hash);
  EXPECT_EQ(verdict.title.sv, "Lågt blodsocker");
  EXPECT_EQ(verdict.at, utc(kAt));
  EXPECT_EQ(verdict.told, utc("2026-11-24T10:00:02Z"));
  EXPECT_FALSE(verdict.isLate);
  EXPECT_EQ(verdict.inputs, std::vector{Patient::keyOf(1)});

  // The same from the same inputs, whenever told; another from others.
  Patient again(shipped("glucose-low"));
  again.gives("52 mg/dL", kAt, {}, std::chrono::hours{9});
  EXPECT_EQ(again.last.at(0).key, verdict.key);
  again.gives("52 mg/dL", kAt);
  EXPECT_NE(again.last.at(0).key, verdict.key);
}

TEST(GlucoseLow, CountsNoReadingOfDoubtfulOrigin) {
  for (const Flag flag :
       {Flag::kControlSolution, Flag::kBadBlow, Flag::kPersonOther, Flag::kPersonUnconfirmed}) {
    Patient patient = unasked();
    EXPECT_EQ(patient.gives("40 mg/dL", kAt, {flag}), "-") << nameOf(flag);
    patient.gives("40 mg/dL", "2026-11-24T10:10:00Z");
    EXPECT_EQ(patient.gives("90 mg/dL", "2026-11-24T10:20:00Z", {flag}), "-") << nameOf(flag);
    EXPECT_EQ(patient.state.open, Priority::kP1);
  }
}

TEST(GlucoseLow, CountsAClockFaultAtItsReceiveTime) {
  Patient patient = unasked();
  EXPECT_EQ(patient.gives("40 mg/dL", kAt, {Flag::kClockFault}), "raised P1");
  EXPECT_EQ(patient.gives("90 mg/dL", "2026-11-24T10:10:00Z", {Flag::kClockFault}), "cleared P1");
}

TEST(GlucoseLow, TellsWhatLateReadingsWouldHaveToldInTime) {
  using std::chrono::hours;
  using std::chrono::minutes;
  Patient patient = unasked();
  EXPECT_EQ(patient.gives("3.5 mmol/L", "2026-11-24T12:00:00Z"), "raised P3");
  EXPECT_EQ(patient.gives("9.0 mmol/L", "2026-11-24T11:00:00Z", {}, hours{2}), "-");
  EXPECT_EQ(patient.gives("2.5 mmol/L", "2026-11-24T10:00:00Z", {}, hours{3}),
            // Two hours later a low is the second one.
            "withdrawn P3, raised P1 late, cleared P1 late, raised P2");
  EXPECT_EQ(patient.gives("2.6 mmol/L", "2026-11-24T11:30:00Z", {}, hours{1}),
            "withdrawn P2, raised P1");
  EXPECT_EQ(patient.gives("2.6 mmol/L", "2026-11-24T11:30:00Z", {}, minutes{61}), "raised P1 late");
  EXPECT_EQ(patient.state.newestEvent, utc("2026-11-24T12:00:00Z"));
  EXPECT_EQ(patient.gives("5.0 mmol/L", "2026-11-24T12:00:00Z"), "cleared P1");
}

TEST(GlucoseLow, IsNotConcernedByOtherSignals) {
  Observation weight;
  weight.code = Code::kWeight;
  EXPECT_FALSE(concerns(shipped("glucose-low"), std::span(&weight, 1)));
  const auto judgement =
      judge(shipped("glucose-low"), {}, {}, std::span(&weight, 1), FakeHistory(), utc(kAt));
  EXPECT_EQ(judgement->state, RuleState{});
}

}  // namespace
}  // namespace vardnav::rules
