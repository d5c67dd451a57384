// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Every decoder on frames of every flag combination, and on octets that mean nothing.
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "ble/gatt/blood_pressure.h"
#include "ble/gatt/body_composition.h"
#include "ble/gatt/cgm_control.h"
#include "ble/gatt/cgm_measurement.h"
#include "ble/gatt/contec_record.h"
#include "ble/gatt/current_time.h"
#include "ble/gatt/date_time.h"
#include "ble/gatt/device_information.h"
#include "ble/gatt/device_time_frame.h"
#include "ble/gatt/elapsed_time.h"
#include "ble/gatt/glucose_context.h"
#include "ble/gatt/glucose_feature.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/health_observation.h"
#include "ble/gatt/heart_rate.h"
#include "ble/gatt/local_time_information.h"
#include "ble/gatt/pulse_oximeter.h"
#include "ble/gatt/record_access.h"
#include "ble/gatt/scale_advert.h"
#include "ble/gatt/segments.h"
#include "ble/gatt/temperature_measurement.h"
#include "ble/gatt/user_control.h"
#include "ble/gatt/vitalograph_frame.h"
#include "ble/gatt/weight_measurement.h"
#include "ble/gatt/weight_scale_feature.h"
#include "tests/ble/gatt/vectors.h"

namespace vardnav::ble::gatt {
namespace {

const Bytes kDate{0xE7, 0x07, 12, 25, 14, 30, 45};

bool has(unsigned flags, unsigned bit) { return (flags >> bit & 1U) != 0; }

/// Octets a frame of these flags has, reckoned from the specifications' tables, not from the code.
std::size_t glucoseSize(unsigned flags) {
  return 10 + (has(flags, 0) ? 2U : 0U) + (has(flags, 1) ? 3U : 0U) + (has(flags, 3) ? 2U : 0U);
}
std::size_t contextSize(unsigned flags) {
  return 3 + (has(flags, 7) ? 1U : 0U) + (has(flags, 0) ? 3U : 0U) + (has(flags, 1) ? 1U : 0U) +
         (has(flags, 2) ? 1U : 0U) + (has(flags, 3) ? 3U : 0U) + (has(flags, 4) ? 3U : 0U) +
         (has(flags, 6) ? 2U : 0U);
}
std::size_t weightSize(unsigned flags) {
  return 3 + (has(flags, 1) ? 7U : 0U) + (has(flags, 2) ? 1U : 0U) + (has(flags, 3) ? 4U : 0U);
}

/// Flags, two octets, and the date both layouts have next; then filler.
Bytes frameOf(unsigned flags, std::size_t size) {
  Bytes frame{static_cast<std::uint8_t>(flags), 0x10, 0x27};
  frame.insert(frame.end(), kDate.begin(), kDate.end());
  frame.resize(std::max(size, frame.size()), 0x01);
  frame.resize(size);
  return frame;
}

template <class Decode, class Size>
void expectExactlyItsSize(Decode decode, Size sizeOf) {
  for (unsigned flags = 0; flags <= 0xFF; ++flags) {
    const std::size_t size = sizeOf(flags);
    Bytes frame = frameOf(flags, size + 2);
    auto decoded = decode(frame);
    ASSERT_TRUE(decoded) << flags;
    EXPECT_EQ(decoded->trailing, 2U) << flags;
    frame.resize(size);
    decoded = decode(frame);
    ASSERT_TRUE(decoded) << flags;
    EXPECT_EQ(decoded->trailing, 0U) << flags;
    while (!frame.empty()) {
      frame.pop_back();
      EXPECT_EQ(decode(frame).error(), Fault::kTruncated) << flags << " at " << frame.size();
    }
  }
}

TEST(GlucoseMeasurement, RefusesEveryTruncationUnderEveryFlag) {
  expectExactlyItsSize(decodeGlucoseMeasurement, glucoseSize);
}
TEST(GlucoseContext, RefusesEveryTruncationUnderEveryFlag) {
  expectExactlyItsSize(decodeGlucoseContext, contextSize);
}
TEST(WeightMeasurement, RefusesEveryTruncationUnderEveryFlag) {
  expectExactlyItsSize(decodeWeightMeasurement, weightSize);
}

/// Decodes; if that gives a value, encoding it gives octets that decode to the same value.
using Check = std::function<bool(ByteView)>;

template <class Decode, class Encode>
Check check(Decode decode, Encode encodeValue) {
  return [=](ByteView octets) {
    const auto decoded = decode(octets);
    if (!decoded) return false;
    EXPECT_LE(decoded->trailing, octets.size());
    const Encoding encoded = encodeValue(decoded->value);
    EXPECT_TRUE(encoded) << toHex(octets);
    if (!encoded) return true;
    const auto again = decode(*encoded);
    EXPECT_TRUE(again) << toHex(octets);
    if (again) {
      EXPECT_EQ(again->value, decoded->value) << toHex(octets);
    }
    return true;
  };
}

template <class Decode>
Check check(Decode decode) {
  return check(decode, [](const auto& value) { return encode(value); });
}

Check checkIndication(RecordNumberWidth width) {
  return check([width](ByteView octets) { return decodeRecordIndication(octets, width); },
               [width](const RecordIndication& indication) {
                 const auto* count = std::get_if<RecordCount>(&indication);
                 return count != nullptr ? encode(*count, width)
                                         : encode(std::get<RecordResponse>(indication));
               });
}

const std::vector<Check>& allChecks() {
  static const std::vector<Check> kChecks{
      check(decodeDateTime),
      check(decodeCurrentTime),
      check(decodeElapsedTime),
      check(decodeElapsedTimeClock),
      check(decodeGlucoseMeasurement),
      check(decodeGlucoseContext),
      check(decodeGlucoseFeature),
      check(decodeWeightMeasurement),
      check(decodeWeightScaleFeature),
      check(decodeBloodPressureMeasurement),
      check(decodeIntermediateCuffPressure),
      check(decodeBloodPressureFeature),
      check(decodeSpotCheckMeasurement),
      check(decodeContinuousOximeterMeasurement),
      check(decodeOximeterFeatures),
      check(decodeTemperatureMeasurement),
      check(decodeTemperatureType),
      check(decodeHeartRateMeasurement),
      check(decodeBodySensorLocation),
      check(decodeBodyComposition),
      check(decodeDatabaseChangeIncrement),
      check(decodeCgmMeasurement),
      check(decodeCgmSessionStart),
      check(decodeCgmSessionRunTime),
      check(decodeCgmControl),
      check(decodeLocalTimeInformation),
      check(decodeDeviceTimeFrame),
      check(decodeBatteryLevel),
      check(decodeDeviceText),
      check(decodeSystemId),
      check(decodePnpId),
      check(decodeWeightAdvert, encodeWeightAdvert),
      check(decodeBodyCompositionAdvert, encodeBodyCompositionAdvert),
      check(decodeVitalographClassicFrame),
      check(decodeVitalographMonitorFrame),
      check(decodeContecRecord),
      [](ByteView octets) { return decodeUserControl(octets).has_value(); },
      check(decodeHealthFrame),
      check(decodeStoredHealthFrame),
      checkIndication(RecordNumberWidth::kU16),
      checkIndication(RecordNumberWidth::kU32),
      [](ByteView octets) {
        return decodeRecordRequest(octets, RecordNumberWidth::kU16).has_value();
      },
  };
  return kChecks;
}

TEST(Decoders, SurviveRandomOctets) {
  std::mt19937 random(20260324);
  unsigned accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    Bytes octets(random() % 48);
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(random());
    for (const Check& check : allChecks()) accepted += check(octets) ? 1 : 0;
  }
  EXPECT_GT(accepted, 1000U);
}

TEST(Decoders, SurviveDamagedCaptures) {
  std::mt19937 random(20260325);
  std::vector<Bytes> captures;
  for (const Vector& vector : loadVectors()) captures.push_back(vector.octets);
  unsigned accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    Bytes octets = captures[random() % captures.size()];
    for (unsigned damage = random() % 4; damage > 0 && !octets.empty(); --damage) {
      octets[random() % octets.size()] = static_cast<std::uint8_t>(random());
    }
    if (random() % 4 == 0) octets.resize(random() % (octets.size() + 4));
    for (const Check& check : allChecks()) accepted += check(octets) ? 1 : 0;
  }
  EXPECT_GT(accepted, 1000U);
}

}  // namespace
}  // namespace vardnav::ble::gatt
