// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Every decoder on frames of every flag combination, and on octets that mean nothing.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "ble/gatt/blood_pressure.h"
#include "ble/gatt/body_composition.h"
#include "ble/gatt/glucose_context.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/pulse_oximeter.h"
#include "ble/gatt/temperature_measurement.h"
#include "ble/gatt/weight_measurement.h"
#include "tests/ble/gatt/vectors.h"
#include "tests/fuzz/gatt_parsers.h"

namespace vardnav::ble::gatt {
namespace {

// Octets a frame of some flags has, reckoned from the specifications' tables, not from the code.
struct Part {
  unsigned bit;
  std::size_t size;
};
struct Layout {
  unsigned flagOctets;
  std::size_t fixed;  ///< flags included
  std::vector<Part> parts;

  std::size_t sizeOf(unsigned flags) const {
    std::size_t out = fixed;
    for (const Part& part : parts) out += (flags >> part.bit & 1U) != 0 ? part.size : 0;
    return out;
  }
};

const Layout kGlucose{1, 10, {{0, 2}, {1, 3}, {3, 2}}};
const Layout kContext{1, 3, {{7, 1}, {0, 3}, {1, 1}, {2, 1}, {3, 3}, {4, 3}, {6, 2}}};
const Layout kWeight{1, 3, {{1, 7}, {2, 1}, {3, 4}}};
const Layout kPressure{1, 7, {{1, 7}, {2, 2}, {3, 1}, {4, 2}}};
const Layout kSpotCheck{1, 5, {{0, 7}, {1, 2}, {2, 3}, {3, 2}}};
const Layout kContinuous{1, 5, {{0, 4}, {1, 4}, {2, 2}, {3, 3}, {4, 2}}};
const Layout kTemperature{1, 5, {{1, 7}, {2, 1}}};
const Layout kComposition{
    2,
    4,
    {{1, 7}, {2, 1}, {3, 2}, {4, 2}, {5, 2}, {6, 2}, {7, 2}, {8, 2}, {9, 2}, {10, 2}, {11, 2}}};

/// Flags, then a filler that is a date wherever one stands: 7 July 1799, 07:07:07.
Bytes frameOf(unsigned flags, unsigned flagOctets, std::size_t size) {
  Bytes frame{static_cast<std::uint8_t>(flags & 0xFF)};
  if (flagOctets == 2) frame.push_back(static_cast<std::uint8_t>(flags >> 8));
  frame.resize(size, 0x07);
  return frame;
}

template <class Decode>
void expectExactlyItsSize(Decode decode, const Layout& layout) {
  const unsigned combinations = layout.flagOctets == 1 ? 0x100 : 0x10000;
  // Of 16 flags every seventh combination: 7 is prime to 65536, and all bits get their turn.
  const unsigned step = layout.flagOctets == 1 ? 1 : 7;
  for (unsigned flags = 0; flags < combinations; flags += step) {
    const std::size_t size = layout.sizeOf(flags);
    Bytes frame = frameOf(flags, layout.flagOctets, size + 2);
    auto decoded = decode(frame);
    ASSERT_TRUE(decoded) << flags;
    ASSERT_EQ(decoded->trailing, 2U) << flags;
    frame.resize(size);
    decoded = decode(frame);
    ASSERT_TRUE(decoded) << flags;
    ASSERT_EQ(decoded->trailing, 0U) << flags;
    while (!frame.empty()) {
      frame.pop_back();
      ASSERT_EQ(decode(frame).error(), Fault::kTruncated) << flags << " at " << frame.size();
    }
  }
}

TEST(GlucoseMeasurement, RefusesEveryTruncationUnderEveryFlag) {
  expectExactlyItsSize(decodeGlucoseMeasurement, kGlucose);
}
TEST(GlucoseContext, RefusesEveryTruncationUnderEveryFlag) {
  expectExactlyItsSize(decodeGlucoseContext, kContext);
}
TEST(WeightMeasurement, RefusesEveryTruncationUnderEveryFlag) {
  expectExactlyItsSize(decodeWeightMeasurement, kWeight);
}
TEST(BloodPressure, RefusesEveryTruncationUnderEveryFlag) {
  expectExactlyItsSize(decodeBloodPressureMeasurement, kPressure);
  expectExactlyItsSize(decodeIntermediateCuffPressure, kPressure);
}
TEST(PulseOximeter, RefusesEveryTruncationUnderEveryFlag) {
  expectExactlyItsSize(decodeSpotCheckMeasurement, kSpotCheck);
  expectExactlyItsSize(decodeContinuousOximeterMeasurement, kContinuous);
}
TEST(TemperatureMeasurement, RefusesEveryTruncationUnderEveryFlag) {
  expectExactlyItsSize(decodeTemperatureMeasurement, kTemperature);
}
TEST(BodyComposition, RefusesEveryTruncationUnderEveryFlag) {
  expectExactlyItsSize(decodeBodyComposition, kComposition);
}

/// How many of the parsers accept the octets; none may break on them.
unsigned acceptedBy(ByteView octets) {
  unsigned accepted = 0;
  for (const Parser& parser : parsers()) {
    const Trial trial = parser.run(octets);
    EXPECT_NE(trial, Trial::kBroken) << parser.name << " on " << toHex(octets);
    accepted += trial == Trial::kAccepted ? 1 : 0;
  }
  return accepted;
}

TEST(Decoders, SurviveRandomOctets) {
  std::mt19937 random(20260324);
  unsigned accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    Bytes octets(random() % 48);
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(random());
    accepted += acceptedBy(octets);
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
    accepted += acceptedBy(octets);
  }
  EXPECT_GT(accepted, 1000U);
}

}  // namespace
}  // namespace vardnav::ble::gatt
