// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/health_observation.h"

#include <gtest/gtest.h>

namespace vardnav::ble::gatt {
namespace {

// ghs-05 of tests/data/ble_vectors.jsonl: FEV1 3.63 L.
const char* const kFev1 = "01150003000A5402002200C659310000010040066B0100FE";

HealthObservation numeric(std::uint32_t type, Decimal value) {
  HealthObservation out;
  out.header.type = type;
  out.value = HealthNumeric{263744, value};
  return out;
}

TEST(HealthFrame, MembersInheritWhatTheyDoNotSayThemselves) {
  HealthFrame frame;
  frame.bundle = HealthHeader{};
  frame.bundle->type = 1;
  frame.bundle->id = 2;
  frame.bundle->time = elapsedUtc(*parseRfc3339("2026-03-27T22:49:36Z"), 1);
  frame.bundle->status = kHealthQuestionable;
  frame.bundle->patient = 3;
  frame.observations = {numeric(152586, Decimal(363, -2)), numeric(188928, Decimal(412, -2))};
  frame.observations[1].header.status = 0;
  const auto decoded = decodeHealthFrame(*encode(frame));
  ASSERT_TRUE(decoded);
  const auto& members = decoded->value.observations;
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members[0].header.time, frame.bundle->time);
  EXPECT_EQ(members[0].header.status, kHealthQuestionable);
  EXPECT_EQ(members[0].header.patient, frame.bundle->patient);
  EXPECT_EQ(members[0].header.type, 152586U);
  EXPECT_FALSE(members[0].header.id);
  EXPECT_EQ(members[1].header.status, 0);
}

TEST(HealthFrame, EveryHeaderFieldSurvivesEncoding) {
  HealthFrame frame;
  frame.observations = {numeric(152586, Decimal(363, -2))};
  HealthHeader& header = frame.observations[0].header;
  header.time = elapsedUtc(*parseRfc3339("2026-03-27T22:49:36Z"), 1);
  header.durationSeconds = Decimal(60, -1);
  header.status = kHealthManual;
  header.id = 7;
  header.patient = std::unexpected(Unknown{});
  header.supplemental = {150588};
  header.derivedFrom = {1, 2};
  header.memberOf = {3};
  const auto decoded = decodeHealthFrame(*encode(frame));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->value, frame);
  EXPECT_EQ(decoded->trailing, 0U);
}

TEST(HealthFrame, AClassWithoutADecoderDoesNotHideItsNeighbours) {
  HealthFrame frame;
  frame.bundle = HealthHeader{};
  HealthObservation curve;
  curve.value = HealthUndecoded{4, {1, 2, 3}};
  frame.observations = {curve, numeric(152586, Decimal(363, -2))};
  const auto decoded = decodeHealthFrame(*encode(frame));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->value, frame);
}

TEST(HealthFrame, RefusesWhatItCannotReadWithoutGuessing) {
  // A bundle in a bundle, with no members.
  EXPECT_EQ(decodeHealthFrame(*fromHex("FF09000000"
                                       "01"
                                       "FF03000000"
                                       "00"))
                .error(),
            Fault::kNestedBundle);
  // Flag 9: TLVs.
  EXPECT_EQ(decodeHealthFrame(*fromHex("01"
                                       "0800"
                                       "0002"
                                       "4006"
                                       "6B0100FE"))
                .error(),
            Fault::kUnsupported);
  // A compound with a sample array in it: its length is not known.
  EXPECT_EQ(decodeHealthFrame(*fromHex("07"
                                       "0800"
                                       "0000"
                                       "01"
                                       "0A540200"
                                       "04"))
                .error(),
            Fault::kUnsupported);
  EXPECT_EQ(decodeHealthFrame(*fromHex("07"
                                       "0800"
                                       "0000"
                                       "01"
                                       "0A540200"
                                       "20"))
                .error(),
            Fault::kUnknownClass);
}

TEST(HealthFrame, CountsTrailingOctetsInsideAndBehindTheBody) {
  Bytes octets = *fromHex(kFev1);
  octets.push_back(0);
  EXPECT_EQ(decodeHealthFrame(octets)->trailing, 1U);
  octets = *fromHex(kFev1);
  octets[1] = 0x16;
  octets.push_back(0);
  EXPECT_EQ(decodeHealthFrame(octets)->trailing, 1U);
  // A length that ends inside the value is a truncation, whatever follows.
  octets[1] = 0x14;
  EXPECT_EQ(decodeHealthFrame(octets).error(), Fault::kTruncated);
}

TEST(HealthFrame, AFailedNumberIsSentAndIsNone) {
  Bytes octets = *fromHex(kFev1);
  std::copy_n(Bytes{0xFF, 0xFF, 0x7F, 0x00}.begin(), 4, octets.end() - 4);
  const auto decoded = decodeHealthFrame(octets);
  ASSERT_TRUE(decoded);
  const auto& value = std::get<HealthNumeric>(decoded->value.observations.at(0).value);
  EXPECT_EQ(value.value, Number(std::unexpected(NoNumber::kNaN)));
}

TEST(HealthFrame, EncodesNeitherTwoObservationsWithoutABundleNorAForeignUnit) {
  HealthFrame frame;
  frame.observations = {numeric(1, Decimal(1, 0)), numeric(2, Decimal(1, 0))};
  EXPECT_EQ(encode(frame).error(), Fault::kNotEncodable);
  frame.observations = {numeric(1, Decimal(1, 0))};
  std::get<HealthNumeric>(frame.observations[0].value).unit = 1600;
  EXPECT_EQ(encode(frame).error(), Fault::kNotEncodable);
}

}  // namespace
}  // namespace vardnav::ble::gatt
