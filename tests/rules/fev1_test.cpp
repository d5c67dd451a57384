// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The shipped FEV1 rule: strictly below 80 % of the prescribed personal best, without dividing.
#include <gtest/gtest.h>

#include "tests/rules/patient.h"

namespace vardnav::rules {
namespace {

Patient withBest(const char* best, Unit unit = Unit::kLitre) {
  Patient patient(shipped("fev1-fall"));
  patient.context.prescribed["fev1-personal-best"] = {
      {{Decimal::parse(best).value(), unit}, utc("2026-09-15T08:00:00Z")}};
  return patient;
}

TEST(Fev1Fall, IsStrictlyBelowTheShare) {
  struct Row {
    const char* best;
    const char* value;
    const char* told;
  };
  for (const auto& [best, value, told] : {
           Row{"3.60", "2.88 L", "-"},  // 80 % exactly
           Row{"3.60", "2.87 L", "raised P2"},
           Row{"3.33", "2.664 L", "-"},
           Row{"3.33", "2.663 L", "raised P2"},
           Row{"3.60", "2880 mL", "-"},
           Row{"3.60", "2879 mL", "raised P2"},
           Row{"3.60", "LO L", "raised P2"},
           Row{"3.60", "HI L", "-"},
           Row{"3.60", "NaN L", "-"},
       }) {
    Patient patient = withBest(best);
    EXPECT_EQ(patient.gives(value, "2026-11-24T06:00:00Z"), told) << value;
    EXPECT_EQ(patient.history.reads, 0);
  }
}

TEST(Fev1Fall, ClearsAboveItsDeadBand) {
  Patient patient = withBest("4.00");
  EXPECT_EQ(patient.gives("3.19 L", "2026-11-20T06:00:00Z"), "raised P2");
  EXPECT_EQ(patient.gives("3.10 L", "2026-11-21T06:00:00Z"), "-");  // a P2 is not told again
  EXPECT_EQ(patient.gives("3.39 L", "2026-11-22T06:00:00Z"), "-");
  EXPECT_EQ(patient.gives("3.40 L", "2026-11-23T06:00:00Z"), "cleared P2");
  EXPECT_EQ(patient.gives("3.19 L", "2026-11-24T06:00:00Z"), "raised P2");
}

TEST(Fev1Fall, CountsNoBadBlow) {
  Patient patient = withBest("4.00");
  EXPECT_EQ(patient.gives("2.00 L", "2026-11-20T06:00:00Z", {Flag::kBadBlow}), "-");
}

TEST(Fev1Fall, IsUnknownWithoutAPersonalBestInForce) {
  Patient without(shipped("fev1-fall"));
  EXPECT_EQ(without.gives("1.00 L", "2026-11-20T06:00:00Z"), "-");
  Patient before = withBest("4.00");
  EXPECT_EQ(before.gives("1.00 L", "2026-09-15T07:59:59Z"), "-");
  EXPECT_EQ(before.gives("1.00 L", "2026-09-15T08:00:00Z"), "raised P2");
}

TEST(Fev1Fall, TakesThePersonalBestInForceAtTheReading) {
  Patient patient = withBest("4.00");
  patient.context.prescribed["fev1-personal-best"].insert(
      patient.context.prescribed["fev1-personal-best"].begin(),
      {{{30, -1}, Unit::kLitre}, utc("2026-10-15T08:00:00Z")});
  EXPECT_EQ(patient.gives("3.00 L", "2026-10-01T06:00:00Z"), "raised P2");  // 75 % of 4.00
  EXPECT_EQ(patient.gives("3.00 L", "2026-11-01T06:00:00Z"), "cleared P2");
}

TEST(Fev1Fall, SaysNoDateOfABestWithoutOne) {
  Patient patient = withBest("3.60");
  patient.context.prescribed["fev1-personal-best"].at(0).at = kAlways;
  patient.gives("2.0 L", "2026-11-24T06:00:00Z");
  EXPECT_NE(patient.last.at(0).why.en.find("(2.0 L against 3.60 L)"), std::string::npos)
      << patient.last.at(0).why.en;
}

TEST(Fev1Fall, SaysTheShareOnTheRightSideOfTheLimit) {
  Patient patient = withBest("3.60");
  patient.gives("2.8799 L", "2026-11-24T06:00:00Z");  // 79.9972 %
  EXPECT_TRUE(patient.last.at(0).why.sv.starts_with(
      "FEV1 i procent av patientens bästa FEV1 är 79,997 % – under 80 % (2,8799 L mot 3,60 L den "
      "2026-09-15)."))
      << patient.last.at(0).why.sv;
}

TEST(Context, NamesWhatARuleLacks) {
  const Rule rule = shipped("fev1-fall");
  EXPECT_EQ(lackOf(rule, {}), "needs the prescribed value fev1-personal-best");
  const auto with = [&](const char* value, Unit unit) {
    Context context;
    context.prescribed["fev1-personal-best"] = {{{Decimal::parse(value).value(), unit}, {}}};
    return lackOf(rule, context);
  };
  EXPECT_EQ(with("3.6", Unit::kLitre), std::nullopt);
  EXPECT_EQ(with("3600", Unit::kMillilitre), std::nullopt);
  EXPECT_EQ(with("3.6", Unit::kKilogram),
            "prescribed value fev1-personal-best: kg does not measure fev1");
  EXPECT_EQ(with("0", Unit::kLitre), "prescribed value fev1-personal-best is not above zero");
  EXPECT_EQ(lackOf(shipped("glucose-low"), {}), std::nullopt);
}

}  // namespace
}  // namespace vardnav::rules
