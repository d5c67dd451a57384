// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the captures do not show of the standard profiles; frames by the specifications that the
// headers name.
#include <gtest/gtest.h>

#include "ble/gatt/blood_pressure.h"
#include "ble/gatt/body_composition.h"
#include "ble/gatt/cgm_control.h"
#include "ble/gatt/cgm_measurement.h"
#include "ble/gatt/device_information.h"
#include "ble/gatt/device_time_frame.h"
#include "ble/gatt/heart_rate.h"
#include "ble/gatt/local_time_information.h"
#include "ble/gatt/pulse_oximeter.h"

namespace vardnav::ble::gatt {
namespace {

Bytes hex(std::string_view text) { return fromHex(text).value(); }

TEST(HeartRate, AnIntervalIsWholeAndThereIsOne) {
  EXPECT_EQ(decodeHeartRateMeasurement(hex("104A0D030D04"))->value.rrIntervals,
            (std::vector<std::uint16_t>{0x030D, 0x040D}));
  EXPECT_EQ(decodeHeartRateMeasurement(hex("104A0D030D")).error(), Fault::kTruncated);
  EXPECT_EQ(decodeHeartRateMeasurement(hex("104A")).error(), Fault::kTruncated);
  EXPECT_EQ(decodeHeartRateMeasurement(hex("004A0D"))->trailing, 1U);
}

TEST(HeartRate, ContactIsKnownOnlyWhereItIsSupported) {
  using Contact = HeartRateMeasurement::Contact;
  EXPECT_EQ(decodeHeartRateMeasurement(hex("024A"))->value.contact, Contact::kNotSupported);
  EXPECT_EQ(decodeHeartRateMeasurement(hex("044A"))->value.contact, Contact::kNotDetected);
  EXPECT_EQ(decodeHeartRateMeasurement(hex("064A"))->value.contact, Contact::kDetected);
}

TEST(BloodPressure, AbsentFailedAndUnknownAreDifferent) {
  const auto absent = decodeBloodPressureMeasurement(hex("0078005000FF07"))->value;
  EXPECT_FALSE(absent.context.pulsePerMinute);
  EXPECT_FALSE(absent.context.user);
  EXPECT_EQ(absent.mean, Number(std::unexpected(NoNumber::kNaN)));
  const auto other = decodeBloodPressureMeasurement(hex("0C78005000FF07FF07FF"))->value;
  ASSERT_TRUE(other.context.pulsePerMinute);
  EXPECT_EQ(*other.context.pulsePerMinute, Number(std::unexpected(NoNumber::kNaN)));
  ASSERT_TRUE(other.context.user);
  EXPECT_EQ(*other.context.user, UserId(std::unexpected(Unknown{})));
}

TEST(PulseOximeter, ADemonstrationIsNoReading) {
  OximeterStatus status;
  EXPECT_TRUE(status.isReading());
  status.measurement = OximeterStatus::kValidated | OximeterStatus::kQuestionable;
  EXPECT_TRUE(status.isReading());
  for (unsigned bit : {10U, 11U, 12U, 13U, 15U}) {
    status.measurement = static_cast<std::uint16_t>(1U << bit);
    EXPECT_FALSE(status.isReading()) << bit;
  }
}

TEST(PulseOximeter, FeaturesSayWhatFollows) {
  const auto some = decodeOximeterFeatures(hex("0200010203"))->value;
  EXPECT_FALSE(some.measurementStatus);
  EXPECT_EQ(some.deviceStatus, 0x030201U);
  EXPECT_EQ(decodeOximeterFeatures(hex("03000102")).error(), Fault::kTruncated);
  OximeterFeatures lying;
  lying.bits = OximeterFeatures::kMeasurementStatus;
  EXPECT_EQ(encode(lying).error(), Fault::kNotEncodable);
}

TEST(BodyComposition, AFailedMeasurementIsNotZeroPercent) {
  EXPECT_FALSE(decodeBodyComposition(hex("0000FFFF"))->value.fatPercent);
  EXPECT_EQ(decodeBodyComposition(hex("00000000"))->value.fatPercent, Decimal(0, 0));
  EXPECT_TRUE(decodeBodyComposition(hex("0010FFFF"))->value.isMultiplePacket);
}

TEST(CgmMeasurement, ARecordsSizeIsThatOfItsFields) {
  EXPECT_EQ(decodeCgmMeasurement(hex("05000C1005")).error(), Fault::kBadSize);
  // Seven octets for six octets of fields: neither with nor without a CRC.
  EXPECT_EQ(decodeCgmMeasurement(hex("07000C10050000")).error(), Fault::kBadSize);
  // The flags announce a trend that the size has no room for.
  EXPECT_EQ(decodeCgmMeasurement(hex("06010C100500")).error(), Fault::kBadSize);
  EXPECT_EQ(decodeCgmMeasurement(hex("06000C10050006000C10")).error(), Fault::kTruncated);
  EXPECT_EQ(decodeCgmMeasurement({}).error(), Fault::kTruncated);
}

TEST(CgmMeasurement, OneWrongBitIsSeenByTheCrc) {
  // cgm-04 of tests/data/ble_vectors.jsonl.
  const Bytes right = hex("08000C100600596F");
  ASSERT_TRUE(decodeCgmMeasurement(right)->value.records.front().hasCrc);
  for (std::size_t bit = 16; bit < 8 * right.size(); ++bit) {
    Bytes wrong = right;
    wrong[bit / 8] = static_cast<std::uint8_t>(wrong[bit / 8] ^ 1U << bit % 8);
    EXPECT_EQ(decodeCgmMeasurement(wrong).error(), Fault::kBadCrc) << bit;
  }
}

TEST(CgmSession, SizesBetweenAndBeyondAreRefused) {
  EXPECT_TRUE(decodeCgmSessionStart(hex("E20704180D08180804")));
  EXPECT_EQ(decodeCgmSessionStart(hex("E20704180D081808")).error(), Fault::kTruncated);
  EXPECT_EQ(decodeCgmSessionStart(hex("E20704180D08180804E0")).error(), Fault::kBadLength);
  EXPECT_EQ(decodeCgmSessionStart(hex("E20704180D08180804E0C200")).error(), Fault::kBadLength);
  EXPECT_EQ(decodeCgmSessionRunTime(hex("A800"))->value.expected, std::chrono::hours(168));
}

TEST(CgmControl, EveryOpHasItsOperandAndNoOther) {
  for (unsigned op = 0; op <= 0xFF; ++op) {
    Bytes octets(11, 0x07);
    octets[0] = static_cast<std::uint8_t>(op);
    const auto decoded = decodeCgmControl(octets);
    EXPECT_EQ(decoded.has_value(), op >= 0x01 && op <= 0x1C) << op;
    if (decoded) {
      EXPECT_EQ(decodeCgmControl(*encode(decoded->value))->value, decoded->value) << op;
    }
  }
  EXPECT_EQ(encode(CgmControl{0x03, {}, false}).error(), Fault::kNotEncodable);
  EXPECT_EQ(alertOf(0x12), CgmAlert::kHyper);
  EXPECT_EQ(alertOf(0x19), std::nullopt);
}

TEST(LocalTime, UnknownAndProhibitedOffsetsAreNoOffsets) {
  const auto unknown = decodeLocalTimeInformation(hex("80FF"))->value;
  EXPECT_FALSE(unknown.timeZone);
  EXPECT_FALSE(unknown.daylightSaving);
  const auto west = decodeLocalTimeInformation(hex("EC02"))->value;
  EXPECT_EQ(west.timeZone, Offset(std::chrono::minutes(-300)));
  EXPECT_EQ(west.daylightSaving, Offset(std::chrono::minutes(30)));
  EXPECT_FALSE(decodeLocalTimeInformation(hex("3904"))->value.timeZone);  // 57
  EXPECT_FALSE(decodeLocalTimeInformation(hex("0003"))->value.daylightSaving);
  LocalTimeInformation odd{std::chrono::minutes(10), std::chrono::minutes(0)};
  EXPECT_EQ(encode(odd).error(), Fault::kNotEncodable);
  odd = {std::chrono::minutes(15 * 57), std::chrono::minutes(0)};
  EXPECT_EQ(encode(odd).error(), Fault::kNotEncodable);
}

TEST(DeviceTime, OptionalFieldsAreReadInTheirOrder) {
  const auto all = decodeDeviceTimeFrame(hex("80510100080412002051010003000400FFFF"))->value;
  EXPECT_EQ(all.userSeconds, 0x015120U);
  EXPECT_EQ(all.driftSeconds, 3);
  EXPECT_EQ(all.nextSequence, 4);
  EXPECT_EQ(all.fractions65536, 0xFFFF);
  EXPECT_EQ(toIso(all.baseTime()), "2000-01-02T00:00:00");
  const auto none = decodeDeviceTimeFrame(hex("8051010008040200"))->value;
  EXPECT_FALSE(none.userSeconds);
  EXPECT_EQ(toIso(none.baseTime()), "1900-01-02T00:00:00");
  DeviceTimeFrame gap;
  gap.driftSeconds = 1;
  EXPECT_EQ(encode(gap).error(), Fault::kNotEncodable);
}

TEST(DeviceInformation, TextLosesItsPaddingOnly) {
  EXPECT_EQ(decodeDeviceText(hex("4100420000"))->value.text, std::string("A\0B", 3));
  EXPECT_EQ(decodeDeviceText({})->value.text, "");
  EXPECT_EQ(decodeDeviceText(hex("0000"))->value.text, "");
}

TEST(DeviceInformation, SystemIdIsTurnedRound) {
  const auto id = decodeSystemId(hex("0102030405060708"))->value;
  EXPECT_EQ(toHex(id.manufacturer), "0504030201");
  EXPECT_EQ(toHex(id.organisation), "080706");
}

TEST(Battery, MoreThanFullIsRefused) {
  EXPECT_EQ(decodeBatteryLevel(hex("64"))->value.percent, 100);
  EXPECT_EQ(decodeBatteryLevel(hex("65")).error(), Fault::kOutOfRange);
}

}  // namespace
}  // namespace vardnav::ble::gatt
