// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <gtest/gtest.h>

#include "tests/pipelines/intake/records.h"

namespace vardnav::intake {
namespace {

ReadingKey keyOf(const RawRecord& record, std::optional<std::uint64_t> counter = std::nullopt) {
  return readingKey(record, interpret(record, test::bound()), counter);
}

RawRecord numbered(const char* id, std::uint32_t number) {
  RawRecord record = test::vectorOf(id);
  record.recordNumber = number;
  return record;
}

TEST(ReadingKey, StaysTheSameWhateverIsLearntOfTheRecord) {
  const RawRecord first = numbered("gls-06", 1);
  RawRecord again = first;
  again.receivedAt += std::chrono::hours{24};
  again.isStored = true;
  again.context = {0x00, 0x01, 0x00};
  again.clock =
      test::clockAt(DeviceTime::Timeline::kLocal, "2019-08-22T12:00:00", "2026-11-24T10:00:00Z");
  EXPECT_EQ(keyOf(first), keyOf(again));
  // The context bit: a meal marked later.
  RawRecord marked = first;
  marked.bytes[0] |= 0x10;
  EXPECT_EQ(keyOf(first), keyOf(marked));
}

TEST(ReadingKey, IsTheDocumentedDigest) {
  // Made with Python's hashlib from the description in key.cpp: every hub must give it for ever.
  EXPECT_EQ(keyOf(numbered("gls-06", 1)).toHex(), "b2120c8f38b9e47217cc8b620097276f");
  EXPECT_EQ(keyOf(test::vectorOf("wss-04"), 7).toHex(), "ece3b2cf9493e007f78ddb45a590810c");
}

TEST(ReadingKey, DiffersByDeviceNumberTimeAndValue) {
  const RawRecord base = numbered("gls-06", 1);
  RawRecord device = base;
  device.device = DeviceId("C0:FF:EE:00:00:09");
  RawRecord time = base;
  time.bytes[9] ^= 0x01;  // a second of the base time
  RawRecord offset = base;
  offset.bytes[10] ^= 0x01;
  RawRecord value = base;
  value.bytes[12] ^= 0x01;
  for (const RawRecord& other : {device, numbered("gls-06", 2), time, offset, value}) {
    EXPECT_NE(keyOf(base), keyOf(other));
  }
}

TEST(ReadingKey, DoesNotTrustANumberThatTheDriverDoesNot) {
  // Some meters count their newest record as 0: the number inside the bytes is no identity.
  RawRecord renumbered = test::vectorOf("gls-06");
  renumbered.bytes[1] = 9;
  EXPECT_EQ(keyOf(test::vectorOf("gls-06")), keyOf(renumbered));
}

TEST(ReadingKey, NeedsACounterOnlyWithoutNumberAndTime) {
  const auto needsCounter = [](const RawRecord& record) {
    return interpret(record, test::bound()).needsCounter;
  };
  EXPECT_FALSE(needsCounter(test::vectorOf("wss-03")));  // stamped
  EXPECT_TRUE(needsCounter(test::vectorOf("wss-08")));   // neither
  EXPECT_FALSE(needsCounter(numbered("wss-08", 3)));
  EXPECT_FALSE(needsCounter(test::vectorOf("gls-10")));  // base time, though the offset overran
  EXPECT_FALSE(needsCounter(test::vectorOf("gls-e3")));  // the same refusal again is one
  EXPECT_NE(keyOf(test::vectorOf("wss-08"), 1), keyOf(test::vectorOf("wss-08"), 2));
}

TEST(ReadingKey, KeepsRefusedFramesApart) {
  EXPECT_EQ(keyOf(test::vectorOf("gls-e3")), keyOf(test::vectorOf("gls-e3")));
  EXPECT_NE(keyOf(test::vectorOf("gls-e3")), keyOf(test::vectorOf("gls-e6")));
}

}  // namespace
}  // namespace vardnav::intake
