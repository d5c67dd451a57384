// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/intake/intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pipelines/intake/records.h"

namespace vardnav::intake {
namespace {

using test::bound;
using test::vectorOf;

/// "glucose 5.9 mmol/L" for every observation.
std::vector<std::string> summaryOf(const Interpretation& interpretation) {
  std::vector<std::string> lines;
  for (const Observation& observation : interpretation.observations) {
    lines.push_back(std::string(nameOf(observation.code)) + " " + toString(observation.value) +
                    " " + std::string(ucumOf(observation.unit)));
  }
  return lines;
}

struct VectorRow {
  const char* id;
  Reason reason;
  std::vector<std::string> observations;
};

class Vectors : public ::testing::TestWithParam<VectorRow> {};

TEST_P(Vectors, BecomeTheObservationsTheirSourceStates) {
  const auto& [id, reason, observations] = GetParam();
  const Interpretation result = interpret(vectorOf(id), bound());
  EXPECT_EQ(result.reason, reason) << nameOf(result.reason);
  EXPECT_EQ(summaryOf(result), observations);
  const bool isUnderstood = !observations.empty();
  const Disposition expected = reason == Reason::kNone ? Disposition::kAccepted
                               : isUnderstood          ? Disposition::kQuarantined
                                                       : Disposition::kRefused;
  EXPECT_EQ(result.disposition, expected);
}

INSTANTIATE_TEST_SUITE_P(
    Glucose, Vectors,
    ::testing::Values(VectorRow{"gls-02", Reason::kNoValue, {}},
                      VectorRow{"gls-04", Reason::kNoValue, {}},
                      VectorRow{"gls-03", Reason::kNone, {"glucose 81000 mmol/L"}},
                      VectorRow{"gls-05", Reason::kControlSolution, {"glucose 120000 mmol/L"}},
                      VectorRow{"gls-06", Reason::kNone, {"glucose 5.9 mmol/L"}},
                      VectorRow{"gls-07", Reason::kNone, {"glucose 8.0 mmol/L"}},
                      VectorRow{"gls-08", Reason::kNone, {"glucose 120 mg/dL"}},
                      VectorRow{"gls-09", Reason::kNoValue, {}},
                      VectorRow{"gls-10", Reason::kBeforeBinding, {"glucose HI mg/dL"}},
                      VectorRow{"gls-11", Reason::kBeforeBinding, {"glucose LO mg/dL"}},
                      VectorRow{"gls-12", Reason::kNone, {"glucose NaN mg/dL"}},
                      VectorRow{"gls-13", Reason::kNone, {"glucose NaN mg/dL"}},
                      VectorRow{"gls-17", Reason::kNone, {"glucose 90 mg/dL"}},
                      VectorRow{"gls-e3", Reason::kMalformed, {}},
                      VectorRow{"gls-e6", Reason::kMalformed, {}}),
    [](const auto& row) { return std::string(row.param.id).replace(3, 1, "_"); });

INSTANTIATE_TEST_SUITE_P(
    Weight, Vectors,
    ::testing::Values(VectorRow{"wss-03", Reason::kNone, {"weight 70.000 kg"}},
                      VectorRow{"wss-08", Reason::kNone, {"weight 260.00 [lb_av]"}},
                      VectorRow{"wss-04", Reason::kUnknownUser, {"weight 70.000 kg"}}),
    [](const auto& row) { return std::string(row.param.id).replace(3, 1, "_"); });

INSTANTIATE_TEST_SUITE_P(
    Health, Vectors,
    ::testing::Values(VectorRow{"ghs-05", Reason::kNone, {"fev1 3.63 L"}},
                      VectorRow{"ghs-06", Reason::kNone, {"fvc 4.12 L"}},
                      VectorRow{"ghs-07", Reason::kNone, {"pef 450 L/min"}},
                      VectorRow{"ghs-09", Reason::kNone, {"fev6 3.99 L"}},
                      VectorRow{"ghs-13", Reason::kNone, {"fev1 3.63 L"}},
                      VectorRow{"ghs-01", Reason::kNone, {"spo2 98 %"}},
                      VectorRow{"ghs-03",
                                Reason::kNone,
                                {"systolic 100 mm[Hg]", "diastolic 60 mm[Hg]", "map 80 mm[Hg]"}},
                      VectorRow{"ghs-15", Reason::kUnknownKind, {}},
                      VectorRow{"ghs-17", Reason::kUnknownKind, {}},
                      VectorRow{"ghs-14", Reason::kMalformed, {}},
                      VectorRow{"ghs-e5", Reason::kMalformed, {}},
                      VectorRow{"ghs-e6", Reason::kMalformed, {}},
                      VectorRow{"ghs-e7", Reason::kMalformed, {}}),
    [](const auto& row) { return std::string(row.param.id).replace(3, 1, "_"); });

TEST(Intake, CarriesWhatTheDeviceSentBesideWhatItMeans) {
  RawRecord record = vectorOf("gls-08");
  record.recordNumber = 6;
  const auto result = interpret(record, bound());
  ASSERT_EQ(result.observations.size(), 1U);
  const Observation& observation = result.observations.front();
  EXPECT_EQ(observation.person, test::kPerson);
  EXPECT_EQ(observation.device, test::kDevice);
  EXPECT_EQ(observation.recordNumber, 6U);
  EXPECT_EQ(observation.slot, std::nullopt);
  // 120 mg/dL / 18.0156
  EXPECT_EQ(observation.shown, (Quantity{{67, -1}, Unit::kMillimolePerLitre}));
  EXPECT_EQ(observation.deviceTime->at, test::local("2020-04-13T16:38:10"));
  EXPECT_EQ(observation.receivedAt, test::kReceived);
}

TEST(Intake, ShowsPoundsAsKilogramsAndKeepsThem) {
  const auto result = interpret(vectorOf("wss-08"), bound());
  const Observation& observation = result.observations.at(0);
  EXPECT_EQ(observation.unit, Unit::kPound);
  // 260 lb x 0.45359237 (NIST SP 811) = 117.934 kg
  EXPECT_EQ(observation.shown, (Quantity{{11793, -2}, Unit::kKilogram}));
}

TEST(Intake, RefusesAScaleThatCouldNotWeigh) {
  // Weight Scale Service 3.2: FFFF is "measurement unsuccessful"; zero is a placeholder frame.
  for (const char* hex : {"00FFFF", "01FFFF", "000000"}) {
    const auto result = interpret(test::recordOf("2A9D", hex), bound());
    EXPECT_EQ(result.reason, Reason::kNoValue) << hex;
    EXPECT_EQ(result.disposition, Disposition::kRefused);
  }
}

TEST(Intake, RefusesWhatItHasNoDecoderFor) {
  const auto result = interpret(test::recordOf("2A99", "0078005000FF07"), bound());
  EXPECT_EQ(result.reason, Reason::kUnknownKind);
}

TEST(Intake, TakesHiAndLoFromTheStatusToo) {
  struct Row {
    const char* hex;
    const char* value;
  };
  // Glucose Service 3.1: status bit 5 result too high, bit 6 too low; a number stands beside it in
  // the first two, no concentration at all in the third, and both bits in the last.
  for (const auto& [hex, value] : {
           Row{"0A0700EA0704180B0A1E58B2112000", "HI"},
           Row{"0A0700EA0704180B0A1E14B0114000", "LO"},
           Row{"080700EA0704180B0A1E2000", "HI"},
           Row{"0A0700EA0704180B0A1E14B0116000", "NaN"},
       }) {
    const auto result = interpret(test::recordOf("2A18", hex), bound());
    ASSERT_EQ(result.observations.size(), 1U) << hex;
    EXPECT_EQ(toString(result.observations[0].value), value) << hex;
    EXPECT_EQ(result.observations[0].shown, std::nullopt);
  }
}

TEST(Intake, RefusesNumbersThatNothingHas) {
  // FEV1 (152586) in litres (1600): mantissa 1 with exponent 100, then mantissa -1.
  for (const char* hex : {"010C0001000A5402004006"
                          "01000064",
                          "010C0001000A5402004006"
                          "FFFFFF00"}) {
    EXPECT_EQ(interpret(test::recordOf("2B8B", hex), bound()).reason, Reason::kMalformed) << hex;
  }
}

TEST(Intake, RefusesAUnitThatDoesNotMeasureTheCode) {
  // FEV1 in kilograms (263875 - 262144 = 06C3).
  const auto result = interpret(test::recordOf("2B8B",
                                               "010C0001000A540200C306"
                                               "6B0100FE"),
                                bound());
  EXPECT_EQ(result.reason, Reason::kMalformed);
}

TEST(Reason, NamesReadBack) {
  for (const Reason reason : {Reason::kNone, Reason::kMalformed, Reason::kUnknownKind,
                              Reason::kNoValue, Reason::kUnboundDevice, Reason::kUnknownUser,
                              Reason::kBeforeBinding, Reason::kControlSolution}) {
    EXPECT_EQ(reasonFromName(nameOf(reason)), reason);
  }
  EXPECT_EQ(reasonFromName("other"), std::nullopt);
}

}  // namespace
}  // namespace vardnav::intake
