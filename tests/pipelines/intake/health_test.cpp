// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Generic Health Sensor frames built with the encoder, whose layout is held against captured
// vectors by its own tests.
#include <gtest/gtest.h>

#include "ble/gatt/health_observation.h"
#include "tests/pipelines/intake/records.h"

namespace vardnav::intake {
namespace {

namespace gatt = ble::gatt;

constexpr std::uint32_t kFev1 = 152586;
constexpr std::uint32_t kFvc = 188928;
constexpr std::uint32_t kFev1Fvc = 188948;
constexpr std::uint32_t kPef = 152584;
constexpr std::uint32_t kLitre = 263744;
constexpr std::uint32_t kLitrePerSecond = 265184;
constexpr std::uint32_t kPercent = 262688;

gatt::HealthNumeric numeric(std::uint32_t unit, const gatt::Number& value) { return {unit, value}; }

gatt::HealthObservation observation(std::uint32_t type, const gatt::HealthNumeric& value,
                                    std::optional<std::uint16_t> status = std::nullopt) {
  gatt::HealthObservation result;
  result.header.type = type;
  result.header.status = status;
  result.header.time = gatt::elapsedUtc(test::kReceived, 1);
  result.value = value;
  return result;
}

RawRecord recordOf(const gatt::HealthFrame& frame) {
  RawRecord record = test::recordOf("2B8B", "");
  record.bytes = gatt::encode(frame).value();
  return record;
}

RawRecord bundleOf(std::vector<gatt::HealthObservation> observations) {
  gatt::HealthFrame frame;
  frame.bundle.emplace();
  frame.observations = std::move(observations);
  return recordOf(frame);
}

TEST(HealthIntake, RefusesANumberThatNoDeviceMeasures) {
  for (const Decimal& absurd : {Decimal(1, 100), Decimal(1, -100), Decimal(8'000'000, 13)}) {
    const auto result = interpret(
        recordOf({std::nullopt, {observation(kFev1, numeric(kLitre, absurd))}}), test::bound());
    EXPECT_EQ(result.disposition, Disposition::kRefused) << absurd.exponent();
    EXPECT_EQ(result.reason, Reason::kMalformed);
    EXPECT_TRUE(result.observations.empty());
  }
}

TEST(HealthIntake, TakesACompoundAsOneReadingWithFev1First) {
  gatt::HealthObservation blow = observation(kFev1, {});
  blow.value = gatt::HealthCompound{{{kPef, numeric(kLitrePerSecond, Decimal(75, -1))},
                                     {kFev1Fvc, numeric(kPercent, Decimal(88, 0))},
                                     {kFvc, numeric(kLitre, Decimal(412, -2))},
                                     {kFev1, numeric(kLitre, Decimal(363, -2))}}};
  const auto result = interpret(recordOf({std::nullopt, {blow}}), test::bound());
  ASSERT_EQ(result.observations.size(), 4U);
  EXPECT_EQ(result.observations[0].code, Code::kFev1);
  EXPECT_EQ(result.observations[1].code, Code::kFvc);
  EXPECT_EQ(result.observations[2].code, Code::kFev1Fvc);
  EXPECT_EQ(result.observations[3].code, Code::kPef);
  EXPECT_EQ(result.observations[3].unit, Unit::kLitrePerSecond);
  EXPECT_EQ(result.observations[3].shown, (Quantity{{450, 0}, Unit::kLitrePerMinute}));
}

TEST(HealthIntake, TakesTheMembersOfABundleThatItKnows) {
  const auto record = bundleOf({observation(67975, numeric(kPercent, Decimal(97, 0))),
                                observation(kFev1, numeric(kLitre, Decimal(363, -2)))});
  const auto result = interpret(record, test::bound());
  ASSERT_EQ(result.observations.size(), 1U);
  EXPECT_EQ(result.observations[0].code, Code::kFev1);
}

struct StatusRow {
  const char* name;
  std::uint16_t status;
  Reason reason;
  Flags flags;
};

class HealthStatusOf : public ::testing::TestWithParam<StatusRow> {};

TEST_P(HealthStatusOf, DecidesWhetherItIsAReading) {
  const auto& [name, status, reason, flags] = GetParam();
  gatt::HealthFrame frame;
  frame.observations = {observation(kFev1, numeric(kLitre, Decimal(363, -2)), status)};
  RawRecord record = recordOf(frame);
  record.clock = {
      {DeviceTime::Timeline::kUtc, test::local("2026-11-24T10:00:00")}, test::kReceived, {}};
  const auto result = interpret(record, test::bound());
  EXPECT_EQ(result.reason, reason);
  if (reason == Reason::kNone) {
    EXPECT_EQ(result.observations.at(0).flags, flags);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, HealthStatusOf,
    ::testing::Values(
        StatusRow{"Good", 0, Reason::kNone, {}},
        StatusRow{"Invalid", gatt::kHealthInvalid, Reason::kNoValue, {}},
        StatusRow{"Questionable", gatt::kHealthQuestionable, Reason::kNone, {Flag::kBadBlow}},
        StatusRow{"Unavailable", gatt::kHealthUnavailable, Reason::kNoValue, {}},
        StatusRow{"Calibrating", gatt::kHealthCalibrating, Reason::kNoValue, {}},
        StatusRow{"Test", gatt::kHealthTest, Reason::kNoValue, {}},
        StatusRow{"Early", gatt::kHealthEarly, Reason::kNoValue, {}},
        StatusRow{"Manual", gatt::kHealthManual, Reason::kNone, {Flag::kManual}}),
    [](const auto& row) { return row.param.name; });

TEST(HealthIntake, KeepsSpecialNumbersApart) {
  struct Row {
    gatt::NoNumber number;
    Value::Kind kind;
  };
  for (const auto& [number, kind] : {Row{gatt::NoNumber::kPlusInfinity, Value::Kind::kHigh},
                                     Row{gatt::NoNumber::kMinusInfinity, Value::Kind::kLow},
                                     Row{gatt::NoNumber::kNaN, Value::Kind::kNotANumber},
                                     Row{gatt::NoNumber::kNRes, Value::Kind::kNotANumber}}) {
    gatt::HealthFrame frame;
    frame.observations = {observation(kFev1, numeric(kLitre, std::unexpected(number)))};
    const auto result = interpret(recordOf(frame), test::bound());
    EXPECT_EQ(result.observations.at(0).value.kind, kind) << nameOf(number);
  }
}

TEST(HealthIntake, NeverTakesAControlSolution) {
  gatt::HealthFrame frame;  // MDC_CONC_GLU_CONTROL
  frame.observations = {observation(160208, numeric(266866, Decimal(61, -1)))};
  const auto result = interpret(recordOf(frame), test::bound());
  EXPECT_EQ(result.disposition, Disposition::kQuarantined);
  EXPECT_EQ(result.reason, Reason::kControlSolution);
}

TEST(HealthIntake, TakesGlucoseOfAnySpecimenInTheDevicesUnit) {
  for (const std::uint32_t type : {160184U, 160188U, 160192U, 160196U, 160364U, 160368U}) {
    gatt::HealthFrame frame;
    frame.observations = {observation(type, numeric(264274, Decimal(69, 0)))};
    const auto result = interpret(recordOf(frame), test::bound());
    ASSERT_EQ(result.observations.size(), 1U) << type;
    EXPECT_EQ(result.observations[0].unit, Unit::kMilligramPerDecilitre);
  }
}

TEST(HealthIntake, RefusesTwoValuesOfOneCodeAndTwoPersonsInOneFrame) {
  const auto fev1 = observation(kFev1, numeric(kLitre, Decimal(363, -2)));
  EXPECT_EQ(interpret(bundleOf({fev1, fev1}), test::bound()).reason, Reason::kMalformed);
  auto others = observation(kFvc, numeric(kLitre, Decimal(412, -2)));
  others.header.patient = std::uint8_t{2};
  EXPECT_EQ(interpret(bundleOf({fev1, others}), test::bound()).reason, Reason::kMalformed);
}

TEST(HealthIntake, LeavesAStampThatIsNotOnTheCurrentTimelineUnanchored) {
  auto blow = observation(kFev1, numeric(kLitre, Decimal(363, -2)));
  blow.header.time->isCurrentTimeline = false;
  gatt::HealthFrame frame;
  frame.observations = {blow};
  RawRecord record = recordOf(frame);
  record.clock = {
      {DeviceTime::Timeline::kUtc, test::local("2026-11-24T10:00:00")}, test::kReceived, {}};
  const auto lost = interpret(record, test::bound());
  EXPECT_EQ(lost.observations.at(0).method, TimeMethod::kUnanchored);
  EXPECT_TRUE(lost.observations.at(0).flags.has(Flag::kClockFault));
  // The device turns the bit when its clock is set; the reading stays the same one.
  frame.observations[0].header.time->isCurrentTimeline = true;
  RawRecord before = recordOf(frame);
  EXPECT_EQ(readingKey(record, lost, std::nullopt),
            readingKey(before, interpret(before, test::bound()), std::nullopt));
}

TEST(HealthIntake, LeavesATickCounterUnanchored) {
  auto blow = observation(kFev1, numeric(kLitre, Decimal(363, -2)));
  blow.header.time->isTick = true;
  gatt::HealthFrame frame;
  frame.observations = {blow};
  const auto result = interpret(recordOf(frame), test::bound());
  EXPECT_EQ(result.observations.at(0).method, TimeMethod::kUnanchored);
  EXPECT_FALSE(result.needsCounter);
}

}  // namespace
}  // namespace vardnav::intake
