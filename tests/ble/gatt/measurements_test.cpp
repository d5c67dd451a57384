// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <gtest/gtest.h>

#include "ble/gatt/date_time.h"
#include "ble/gatt/elapsed_time.h"
#include "ble/gatt/glucose_context.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/weight_measurement.h"
#include "ble/gatt/weight_scale_feature.h"

namespace vardnav::ble::gatt {
namespace {

LocalTime at(std::string_view iso) { return *parseIsoLocal(iso); }

TEST(DateTime, UnknownPartsAreNotADateAndNotAFault) {
  for (const char* hex : {"00000C190A1E2D", "E30700190A1E2D", "E3070C000A1E2D"}) {
    const auto decoded = decodeDateTime(*fromHex(hex));
    ASSERT_TRUE(decoded) << hex;
    EXPECT_FALSE(decoded->value.local()) << hex;
    EXPECT_EQ(toHex(*encode(decoded->value)), hex);
  }
}

TEST(DateTime, RefusesWhatNoCalendarHas) {
  // 29 February 2023, 31 April, 25 o'clock, minute 60, second 60, year 1581, month 13.
  for (const char* hex : {"E707021D000000", "E707041F000000",
                          "E707010119"
                          "0000",
                          "E70701010A3C00", "E70701010A003C", "2D060101000000", "E7070D01000000"}) {
    EXPECT_EQ(decodeDateTime(*fromHex(hex)).error(), Fault::kBadDate) << hex;
  }
  // Month 13 and day 32 are none in an unknown year either.
  for (const char* hex : {"00000D01000000", "00000120000000"}) {
    EXPECT_EQ(decodeDateTime(*fromHex(hex)).error(), Fault::kBadDate) << hex;
  }
  EXPECT_TRUE(decodeDateTime(*fromHex("E807021D000000")));  // 29 February 2024
}

TEST(DateTime, GoesBothWays) {
  EXPECT_EQ(DateTime::of(at("2019-08-21T09:31:13")).local(), at("2019-08-21T09:31:13"));
  EXPECT_EQ(DateTime::of(at("2024-02-29T23:59:59")).local(), at("2024-02-29T23:59:59"));
  EXPECT_FALSE(DateTime::of(at("1581-12-31T00:00:00")).local());
}

TEST(ElapsedTime, CountsFrom2000InItsOwnResolution) {
  ElapsedTime time;
  time.raw = 8640;
  time.resolution = ElapsedTime::Resolution::kTenth;
  EXPECT_EQ(time.deviceTime(),
            (DeviceTime{DeviceTime::Timeline::kLocal, at("2000-01-01T00:14:24")}));
  time.isTick = true;
  EXPECT_EQ(time.deviceTime(), std::nullopt);
  const ElapsedTime utc = elapsedUtc(*parseRfc3339("2026-03-27T22:49:36Z"), 1);
  // tests/data/ble_vectors.jsonl, ghs-05.
  EXPECT_EQ(utc.raw, 827966976U);
  EXPECT_EQ(toHex(*encode(utc)),
            "22"
            "00C659310000"
            "01"
            "00");
}

TEST(ElapsedTime, RefusesAStampAfterTheYear9999ButNotAHighTick) {
  const Bytes stamp = *fromHex("02FFFFFFFFFFFF0000");
  EXPECT_EQ(decodeElapsedTime(stamp).error(), Fault::kBadDate);
  const Bytes tick = *fromHex("01FFFFFFFFFFFF0000");
  EXPECT_EQ(decodeElapsedTime(tick)->value.raw, 0xFFFFFFFFFFFFU);
}

TEST(GlucoseMeasurement, AbsentFailedAndUnknownAreDifferent) {
  // gls-02 (no concentration), gls-12 (NaN) and gls-10 (+INF, offset overrun) of
  // tests/data/ble_vectors.jsonl.
  const auto absent = decodeGlucoseMeasurement(*fromHex("000100E40705150A1E2D"))->value;
  EXPECT_FALSE(absent.concentration);
  const auto failed = decodeGlucoseMeasurement(*fromHex("02FFFFEA0704180B0A1EFF0711"))->value;
  ASSERT_TRUE(failed.concentration);
  EXPECT_EQ(failed.concentration->value, Number(std::unexpected(NoNumber::kNaN)));
  EXPECT_FALSE(failed.quantity());
  const auto high = decodeGlucoseMeasurement(*fromHex("0B0700EA0704180B0A1EFF7FFE07112000"))->value;
  EXPECT_EQ(high.concentration->value, Number(std::unexpected(NoNumber::kPlusInfinity)));
  EXPECT_FALSE(high.userFacingTime());
  EXPECT_TRUE(*high.status & GlucoseMeasurement::kResultTooHigh);
}

TEST(GlucoseMeasurement, UnitsAreExactPowersOfTen) {
  // gls-08: 120e-5 kg/L; gls-06: 59e-4 mol/L (logs of real meters).
  const auto mass = decodeGlucoseMeasurement(*fromHex("030600E407040D10260A000078B0F1"))->value;
  EXPECT_EQ(mass.quantity(), (Quantity{Decimal(120, 0), Unit::kMilligramPerDecilitre}));
  const auto mole = decodeGlucoseMeasurement(*fromHex("070100E3070815061F0DB4003BC0F1"))->value;
  EXPECT_EQ(mole.quantity()->value.toString(), "5.9");
}

TEST(GlucoseMeasurement, ControlSolutionIsKnownByTypeAndByLocation) {
  GlucoseMeasurement measurement;
  EXPECT_FALSE(measurement.isControlSolution());
  measurement.concentration.emplace();
  EXPECT_FALSE(measurement.isControlSolution());
  measurement.concentration->type = GlucoseMeasurement::SampleType::kControlSolution;
  EXPECT_TRUE(measurement.isControlSolution());
  measurement.concentration->type = GlucoseMeasurement::SampleType::kCapillaryPlasma;
  measurement.concentration->location = GlucoseMeasurement::SampleLocation::kControlSolution;
  EXPECT_TRUE(measurement.isControlSolution());
}

TEST(GlucoseMeasurement, OffsetsTheWireCannotHoldAreNotEncoded) {
  GlucoseMeasurement measurement;
  measurement.timeOffset = std::chrono::minutes(0x7FFF);
  EXPECT_EQ(encode(measurement).error(), Fault::kNotEncodable);
  measurement.timeOffset = std::chrono::minutes(-0x7FFF);
  EXPECT_TRUE(encode(measurement));
}

TEST(GlucoseContext, ExerciseOverrunIsNotANumberOfSeconds) {
  const auto context = decodeGlucoseContext(*fromHex("086400FFFF50"))->value;
  ASSERT_TRUE(context.exercise);
  EXPECT_FALSE(context.exercise->duration);
  EXPECT_EQ(toHex(*encode(context)), "086400FFFF50");
}

TEST(WeightMeasurement, UnsuccessfulIsNotAWeight) {
  const auto failed = decodeWeightMeasurement(*fromHex("00FFFF"))->value;
  EXPECT_FALSE(failed.weight);
  EXPECT_FALSE(failed.quantity());
  EXPECT_EQ(toHex(*encode(failed)), "00FFFF");
}

TEST(WeightMeasurement, UserFfIsUnknownAndNoFieldIsAbsent) {
  const auto unknown = decodeWeightMeasurement(*fromHex("04B036FF"))->value;
  ASSERT_TRUE(unknown.user);
  EXPECT_FALSE(*unknown.user);
  EXPECT_FALSE(decodeWeightMeasurement(*fromHex("00B036"))->value.user);
}

TEST(WeightMeasurement, EncodesOnlyWhatTheScaleCanShow) {
  WeightMeasurement measurement;
  measurement.weight = Decimal(70005, -3);
  EXPECT_EQ(toHex(*encode(measurement)), "00B136");
  measurement.weight = Decimal(70003, -3);
  EXPECT_EQ(encode(measurement).error(), Fault::kNotEncodable);
  measurement.weight = Decimal(-5, -3);
  EXPECT_EQ(encode(measurement).error(), Fault::kNotEncodable);
  measurement.weight = Decimal(327675, -3);  // would read as FFFF
  EXPECT_EQ(encode(measurement).error(), Fault::kNotEncodable);
}

// Weight Scale Service 1.0.1, 3.1.1.1: code 7 is 0.005 kg.
TEST(WeightScaleFeature, ResolutionCodesAreKilograms) {
  WeightScaleFeature feature{.weightResolution = 7};
  EXPECT_EQ(feature.weightResolutionKilogram(), Decimal(5, -3));
  feature.weightResolution = 0;
  EXPECT_FALSE(feature.weightResolutionKilogram());
  feature.weightResolution = 8;
  EXPECT_FALSE(feature.weightResolutionKilogram());
}

}  // namespace
}  // namespace vardnav::ble::gatt
