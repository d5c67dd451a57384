// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The shipped weight rule: more than 2 kg above the lowest other first-of-the-morning weighing
// within 72 elapsed hours, both ends included (ESC 2021 names 2 kg in 3 days). November is CET
// (UTC+1).
#include <gtest/gtest.h>

#include "tests/rules/patient.h"

namespace vardnav::rules {
namespace {

Patient scaleOwner() { return Patient(shipped("weight-gain")); }

TEST(WeightGain, IsStrictlyMoreThanTwoKilograms) {
  struct Row {
    const char* newest;
    const char* told;
  };
  for (const auto& [newest, told] :
       {Row{"82.000 kg", "-"}, Row{"82.005 kg", "raised P2"}, Row{"78 kg", "-"}}) {
    Patient patient = scaleOwner();
    EXPECT_EQ(patient.gives("80.0 kg", "2026-11-23T06:00:00Z"), "-");
    EXPECT_EQ(patient.gives(newest, "2026-11-24T06:00:00Z"), told) << newest;
  }
}

TEST(WeightGain, IncludesBothEndsOfSeventyTwoHours) {
  struct Row {
    const char* newestAt;
    const char* told;
  };
  for (const auto& [newestAt, told] :
       {Row{"2026-11-24T06:00:00.000Z", "raised P2"}, Row{"2026-11-24T06:00:00.001Z", "-"}}) {
    Patient patient = scaleOwner();
    patient.gives("80.0 kg", "2026-11-21T06:00:00Z");
    EXPECT_EQ(patient.gives("82.5 kg", newestAt), told) << newestAt;
  }
}

TEST(WeightGain, TellsEachRiseAndItsEnd) {
  Patient patient = scaleOwner();
  struct Step {
    const char* at;
    const char* quantity;
    const char* told;
  };
  for (const auto& [at, quantity, told] : {
           Step{"2026-11-01T06:00:00Z", "80.0 kg", "-"},  // alone: unknown
           Step{"2026-11-02T06:00:00Z", "81.0 kg", "-"},
           Step{"2026-11-03T06:00:00Z", "82.1 kg", "raised P2"},
           Step{"2026-11-04T06:00:00Z", "82.6 kg", "-"},           // 2.6 above the 1st: holds still
           Step{"2026-11-05T06:00:00Z", "82.6 kg", "-"},           // 1.6 above the 2nd: dead band
           Step{"2026-11-06T06:00:00Z", "82.6 kg", "cleared P2"},  // 0.5 above the 3rd
           Step{"2026-11-07T06:00:00Z", "84.7 kg", "raised P2"},
           Step{"2026-11-20T06:00:00Z", "90.0 kg", "-"},  // nothing to compare: not cleared
           Step{"2026-11-21T06:00:00Z", "90.0 kg", "cleared P2"},
       }) {
    EXPECT_EQ(patient.gives(quantity, at), told) << at;
  }
}

TEST(WeightGain, LooksAtTheFirstWeighingOfTheLocalMorningOnly) {
  Patient patient = scaleOwner();
  EXPECT_EQ(patient.gives("80.0 kg", "2026-11-22T06:00:00Z"), "-");
  // A second weighing, an afternoon and a first weighing at noon sharp are nobody's morning.
  EXPECT_EQ(patient.gives("77.0 kg", "2026-11-22T06:10:00Z"), "-");
  EXPECT_EQ(patient.gives("83.0 kg", "2026-11-22T15:00:00Z"), "-");
  EXPECT_EQ(patient.gives("83.0 kg", "2026-11-23T11:00:00Z"), "-");
  EXPECT_EQ(patient.gives("81.9 kg", "2026-11-24T10:59:59Z"), "-");
  // 23:30 UTC is 00:30 of the next local day.
  EXPECT_EQ(patient.gives("82.1 kg", "2026-11-24T23:30:00Z"), "raised P2");
}

TEST(WeightGain, SeesTheFirstWeighingOfADayThatTheWindowCuts) {
  Patient patient = scaleOwner();
  // The first of the 21st lies before the window; the second, inside it, is no first.
  patient.gives("83.0 kg", "2026-11-21T05:00:00Z");
  patient.gives("80.0 kg", "2026-11-21T07:00:00Z");
  EXPECT_EQ(patient.gives("82.5 kg", "2026-11-24T06:00:00Z"), "-");
}

TEST(WeightGain, NamesTheNewestAndTheLowest) {
  Patient patient = scaleOwner();
  patient.gives("80.5 kg", "2026-11-21T07:00:00Z");
  patient.gives("80.0 kg", "2026-11-22T07:00:00Z");
  patient.gives("81.0 kg", "2026-11-23T07:00:00Z");
  patient.gives("82.3 kg", "2026-11-24T06:00:00Z");
  ASSERT_EQ(patient.last.size(), 1U);
  EXPECT_EQ(patient.last.at(0).inputs, (std::vector{Patient::keyOf(4), Patient::keyOf(2)}));
  EXPECT_TRUE(patient.last.at(0).why.sv.starts_with(
      "Ökningen av vikten (dygnets första mätning före kl. 12.00) från den lägsta andra mätningen "
      "under de senaste 72 timmarna är 2,3 kg – över 2 kg (82,3 kg mot 80,0 kg den 2026-11-22)."))
      << patient.last.at(0).why.sv;
  EXPECT_TRUE(patient.last.at(0).why.en.starts_with(
      "The rise of weight (the day's first reading before 12:00) from the lowest other reading in "
      "the last 72 hours is 2.3 kg – above 2 kg (82.3 kg against 80.0 kg of 2026-11-22)."))
      << patient.last.at(0).why.en;
}

TEST(WeightGain, ComparesPoundsExactly) {
  // 2 kg / 0.45359237 kg = 4.409245...: 4.40 lb is less, 4.41 lb is more.
  struct Row {
    const char* newest;
    const char* told;
  };
  for (const auto& [newest, told] :
       {Row{"180.40 [lb_av]", "-"}, Row{"180.41 [lb_av]", "raised P2"}}) {
    Patient patient = scaleOwner();
    patient.gives("176.00 [lb_av]", "2026-11-23T06:00:00Z");
    EXPECT_EQ(patient.gives(newest, "2026-11-24T06:00:00Z"), told) << newest;
  }
  Patient mixed = scaleOwner();
  mixed.gives("176.00 [lb_av]", "2026-11-23T06:00:00Z");  // 79.83225712 kg
  EXPECT_EQ(mixed.gives("81.832 kg", "2026-11-24T06:00:00Z"), "-");
  EXPECT_EQ(mixed.gives("81.833 kg", "2026-11-25T06:00:00Z"), "raised P2");
}

TEST(WeightGain, IsUnknownWhenTheNewestIsNotAnchored) {
  Patient patient = scaleOwner();
  patient.gives("80.0 kg", "2026-11-23T06:00:00Z");
  EXPECT_EQ(patient.gives("85.0 kg", "2026-11-24T06:00:00Z", {Flag::kClockFault}), "-");
  // Nor is it compared with later.
  EXPECT_EQ(patient.gives("80.0 kg", "2026-11-25T06:00:00Z"), "-");
  EXPECT_EQ(patient.gives("82.1 kg", "2026-11-26T06:00:00Z"), "raised P2");
}

TEST(WeightGain, KeepsReadingsThatDoNotCountOutOfTheWindow) {
  Patient patient = scaleOwner();
  patient.gives("60.0 kg", "2026-11-22T06:00:00Z", {Flag::kPersonOther});
  EXPECT_EQ(patient.gives("80.0 kg", "2026-11-23T06:00:00Z"), "-");
  EXPECT_EQ(patient.gives("81.0 kg", "2026-11-24T06:00:00Z"), "-");
}

TEST(WeightGain, JudgesTheNewestAgainWhenALateReadingFallsIntoItsWindow) {
  Patient patient = scaleOwner();
  patient.gives("81.0 kg", "2026-11-22T06:00:00Z");
  EXPECT_EQ(patient.gives("82.5 kg", "2026-11-24T06:00:00Z"), "-");
  EXPECT_EQ(patient.gives("80.0 kg", "2026-11-23T06:00:00Z", {}, std::chrono::hours{30}),
            "raised P2 late");
  EXPECT_EQ(patient.last.at(0).at, utc("2026-11-24T06:00:00Z"));
  EXPECT_EQ(patient.last.at(0).inputs, (std::vector{Patient::keyOf(2), Patient::keyOf(3)}));
  // Told once: a further late one in the same window adds nothing.
  EXPECT_EQ(patient.gives("80.1 kg", "2026-11-23T05:00:00Z", {}, std::chrono::hours{31}), "-");
}

TEST(WeightGain, SaysThatTheHistoryCouldNotBeRead) {
  Patient patient = scaleOwner();
  patient.gives("80.0 kg", "2026-11-24T06:00:00Z");
  patient.history.isBroken = true;
  Observation late = patient.history.all.front();
  late.at -= std::chrono::hours{1};
  const auto judgement = judge(shipped("weight-gain"), patient.context, patient.state,
                               std::span(&late, 1), patient.history, utc("2026-11-24T06:00:00Z"));
  ASSERT_FALSE(judgement.has_value());
  EXPECT_EQ(judgement.error().code, ErrorCode::kStorage);
}

TEST(WeightGain, CountsElapsedHoursOverTheChangeOfClocks) {
  // Clocks go back on 2026-10-25: local 08:00 on the 22nd and 07:00 on the 25th are 72 h apart.
  Patient patient = scaleOwner();
  patient.gives("80.0 kg", "2026-10-22T06:00:00Z");
  EXPECT_EQ(patient.gives("82.5 kg", "2026-10-25T06:00:00Z"), "raised P2");
  Patient later = scaleOwner();
  later.gives("80.0 kg", "2026-10-22T06:00:00Z");
  EXPECT_EQ(later.gives("82.5 kg", "2026-10-25T07:00:00Z"), "-");  // local 08:00 both
}

}  // namespace
}  // namespace vardnav::rules
