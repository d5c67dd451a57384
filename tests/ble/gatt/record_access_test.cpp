// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/record_access.h"

#include <gtest/gtest.h>

namespace vardnav::ble::gatt {
namespace {

constexpr auto kU16 = RecordNumberWidth::kU16;
constexpr auto kU32 = RecordNumberWidth::kU32;

std::string hexOf(const Encoding& encoding) {
  return encoding ? toHex(*encoding) : std::string(nameOf(encoding.error()));
}

// Glucose Service 1.0.1, 3.4; tests/data/ble_vectors.jsonl racp-c1, racp-c3, racp-c4.
TEST(RecordRequest, IsWrittenAsTheServiceReadsIt) {
  EXPECT_EQ(hexOf(encode(RecordRequest::all(), kU16)), "0101");
  EXPECT_EQ(hexOf(encode(RecordRequest::since(43), kU16)), "0103012B00");
  EXPECT_EQ(hexOf(encode(RecordRequest::since(43), kU32)), "0103012B000000");
  EXPECT_EQ(hexOf(encode(RecordRequest::last(), kU16)), "0106");
  const RecordRequest range{
      .op = RecordRequest::Op::kReport, .records = RecordOperator::kRange, .from = 10, .to = 20};
  EXPECT_EQ(hexOf(encode(range, kU16)), "0104010A001400");
  EXPECT_EQ(hexOf(encode(RecordRequest{.op = RecordRequest::Op::kAbort}, kU16)), "0300");
  EXPECT_EQ(hexOf(encode(RecordRequest{.op = RecordRequest::Op::kCount}, kU16)), "0401");
}

TEST(RecordRequest, DoesNotCutANumberThatDoesNotFit) {
  EXPECT_EQ(encode(RecordRequest::since(0x10000), kU16).error(), Fault::kNotEncodable);
  EXPECT_EQ(hexOf(encode(RecordRequest::since(0x10000), kU32)), "01030100000100");
}

TEST(RecordIndication, CountHasTheWidthOfTheService) {
  const auto narrow = decodeRecordIndication(*fromHex("05000302"), kU16);
  EXPECT_EQ(std::get<RecordCount>(narrow->value).count, 0x0203U);
  const auto wide = decodeRecordIndication(*fromHex("050003020100"), kU32);
  EXPECT_EQ(std::get<RecordCount>(wide->value).count, 0x010203U);
  EXPECT_EQ(decodeRecordIndication(*fromHex("05000302"), kU32).error(), Fault::kTruncated);
  EXPECT_EQ(decodeRecordIndication(*fromHex("050003020100"), kU16).error(), Fault::kBadLength);
}

struct Refusal {
  const char* hex;
  std::optional<RecordResponseCode> answer;
};

// Glucose Service 1.0.1, 3.4.4: what a server answers to what it cannot serve.
TEST(ReceivedRequest, KnowsWhatToAnswer) {
  const Refusal kRows[] = {
      {"0101", std::nullopt},
      {"0105", std::nullopt},
      {"0103012B00", std::nullopt},
      {"0300", std::nullopt},
      {"0401", std::nullopt},
      {"0201", RecordResponseCode::kOpCodeNotSupported},
      {"0701", RecordResponseCode::kOpCodeNotSupported},
      {"0901", RecordResponseCode::kOpCodeNotSupported},
      {"01", RecordResponseCode::kInvalidOperator},
      {"0100", RecordResponseCode::kInvalidOperator},
      {"0301", RecordResponseCode::kInvalidOperator},
      {"0107", RecordResponseCode::kOperatorNotSupported},
      {"0103", RecordResponseCode::kInvalidOperand},
      {"01030207E8070101000000", RecordResponseCode::kOperandNotSupported},
      {"0103012B", RecordResponseCode::kInvalidOperand},
      {"0103012B0000", RecordResponseCode::kInvalidOperand},
      {"0101FF", RecordResponseCode::kInvalidOperand},
      {"01040114000A00", RecordResponseCode::kInvalidOperand},
  };
  for (const Refusal& row : kRows) {
    const auto decoded = decodeRecordRequest(*fromHex(row.hex), kU16);
    ASSERT_TRUE(decoded) << row.hex;
    EXPECT_EQ(decoded->value.refusal, row.answer) << row.hex;
  }
  EXPECT_EQ(decodeRecordRequest({}, kU16).error(), Fault::kTruncated);
}

TEST(ReceivedRequest, HoldsTheNumbersItAsksFor) {
  const auto since = decodeRecordRequest(*fromHex("0103012B00"), kU16)->value;
  EXPECT_EQ(since.from, 43U);
  const auto until = decodeRecordRequest(*fromHex("0102012B00"), kU16)->value;
  EXPECT_EQ(until.to, 43U);
  const auto wide = decodeRecordRequest(*fromHex("0104010A00000014000100"), kU32)->value;
  EXPECT_EQ(wide.from, 10U);
  EXPECT_EQ(wide.to, 0x10014U);
}

}  // namespace
}  // namespace vardnav::ble::gatt
