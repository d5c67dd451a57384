// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <gtest/gtest.h>

#include "ble/gatt/contec_record.h"
#include "ble/gatt/scale_advert.h"
#include "ble/gatt/vitalograph_frame.h"
#include "tests/ble/gatt/vectors.h"

namespace vardnav::ble::gatt {
namespace {

Bytes capture(std::string_view id) {
  for (const Vector& vector : loadVectors()) {
    if (vector.id == id) return vector.octets;
  }
  throw std::runtime_error("no capture " + std::string(id));
}

/// With the checksum of what it is now.
Bytes checked(Bytes frame) {
  frame.back() = 0;
  std::uint8_t sum = 0;
  for (const std::uint8_t octet : frame) sum ^= octet;
  frame.back() = sum;
  return frame;
}

TEST(VitalographFrame, AnyOneWrongBitIsABadFrame) {
  const Bytes right = capture("spi-01");
  ASSERT_TRUE(decodeVitalographClassicFrame(right));
  for (std::size_t bit = 0; bit < 8 * right.size(); ++bit) {
    Bytes wrong = right;
    wrong[bit / 8] = static_cast<std::uint8_t>(wrong[bit / 8] ^ 1U << bit % 8);
    EXPECT_FALSE(decodeVitalographClassicFrame(wrong)) << bit;
  }
}

TEST(VitalographFrame, ABadBlowIsReadAndIsNotGood) {
  Bytes frame = capture("spi-01");
  ASSERT_TRUE(decodeVitalographClassicFrame(frame)->value.blow.isGood);
  frame[frame.size() - 6] = '3';  // the good flag, before software, ETX and BCC
  EXPECT_FALSE(decodeVitalographClassicFrame(checked(frame))->value.blow.isGood);
  frame[frame.size() - 6] = 'x';
  EXPECT_EQ(decodeVitalographClassicFrame(checked(frame)).error(), Fault::kNotDigits);
}

TEST(VitalographFrame, OneLayoutIsNotTakenForTheOther) {
  EXPECT_EQ(decodeVitalographMonitorFrame(capture("spi-01")).error(), Fault::kBadLength);
  EXPECT_EQ(decodeVitalographClassicFrame(capture("spi-02")).error(), Fault::kBadLength);
}

TEST(VitalographFrame, WhatIsWrongInsideARightChecksumIsNoBadChecksum) {
  // Only a bad checksum is the link's fault, to be answered with NAK.
  Bytes frame = capture("spi-01");
  frame[frame.size() - 18] = '9';  // year 93, then month 3x
  frame[frame.size() - 16] = '9';
  EXPECT_EQ(decodeVitalographClassicFrame(checked(frame)).error(), Fault::kBadDate);
  frame[14] = 0x01;
  EXPECT_EQ(decodeVitalographClassicFrame(checked(frame)).error(), Fault::kBadFrame);
  frame.back() ^= 1;
  EXPECT_EQ(decodeVitalographClassicFrame(frame).error(), Fault::kBadChecksum);
}

TEST(VitalographStream, FindsFramesBetweenNoiseHoweverTheyAreCut) {
  const Bytes first = capture("spi-01");
  const Bytes second = capture("spi-02");
  Bytes octets{0x00, 0x03, 0x41};
  octets.insert(octets.end(), first.begin(), first.begin() + 20);  // broken off, and sent anew
  octets.insert(octets.end(), first.begin(), first.end());
  octets.push_back(0x06);
  octets.insert(octets.end(), second.begin(), second.end());
  VitalographStream stream;
  std::vector<Bytes> frames;
  for (const std::uint8_t octet : octets) {
    if (auto frame = stream.push(octet)) frames.push_back(std::move(*frame));
  }
  EXPECT_EQ(frames, (std::vector<Bytes>{first, second}));
  EXPECT_FALSE(stream.isInsideFrame());
}

TEST(VitalographStream, GivesUpAFrameWithoutEnd) {
  VitalographStream stream;
  stream.push(0x02);
  for (int i = 0; i < 10'000; ++i) EXPECT_FALSE(stream.push('A'));
  EXPECT_FALSE(stream.isInsideFrame());
}

TEST(ContecRecord, AnyOneWrongBitIsRefused) {
  const Bytes right = capture("spi-04");
  ASSERT_TRUE(decodeContecRecord(right));
  for (std::size_t bit = 0; bit < 8 * right.size(); ++bit) {
    Bytes wrong = right;
    wrong[bit / 8] = static_cast<std::uint8_t>(wrong[bit / 8] ^ 1U << bit % 8);
    EXPECT_FALSE(decodeContecRecord(wrong)) << bit;
  }
}

TEST(ContecRecord, PiecesOfTwoRecordsAreNoRecord) {
  const Bytes record = capture("spi-04");
  Bytes mixed(record.begin(), record.begin() + 20);
  mixed.insert(mixed.end(), record.begin(), record.end());
  EXPECT_EQ(decodeContecRecord(mixed).error(), Fault::kBadFrame);
  EXPECT_EQ(decodeContecRecord(ByteView(record).first(43)).error(), Fault::kTruncated);
}

TEST(ScaleAdvert, AWeightInAnUnknownUnitIsRefused) {
  // adv-07 of tests/data/ble_vectors.jsonl with another unit.
  EXPECT_TRUE(decodeBodyCompositionAdvert(fromHex("0226B20705040F0201AC018642").value()));
  EXPECT_EQ(decodeBodyCompositionAdvert(fromHex("0426B20705040F0201AC018642").value()).error(),
            Fault::kUnsupported);
  const auto jin = decodeWeightAdvert(fromHex("309843E20702010F353B04").value());
  EXPECT_EQ(jin->value.unit, ScaleAdvert::WeightUnit::kJin);
  EXPECT_EQ(jin->value.weight, Decimal(17304, -2));
  EXPECT_TRUE(jin->value.isReading());
}

TEST(ScaleAdvert, AnImpossibleDateCostsTheDateOnly) {
  const auto advert = decodeWeightAdvert(fromHex("22B036E7070D19633B3B").value());
  ASSERT_TRUE(advert);
  EXPECT_EQ(advert->value.time, DateTime{});
  EXPECT_EQ(advert->value.weight, Decimal(70, 0));
}

}  // namespace
}  // namespace vardnav::ble::gatt
