// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/segments.h"

#include <gtest/gtest.h>

namespace vardnav::ble::gatt {
namespace {

Bytes frameOfSize(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i);
  return out;
}

TEST(Segments, AreJoinedAgainWhateverTheSize) {
  std::uint8_t counter = 0;
  Reassembler reassembler;
  for (const std::size_t size : {1U, 19U, 20U, 21U, 180U, 3000U}) {
    for (const std::size_t valueSize : {2U, 20U, 244U}) {
      const Bytes frame = frameOfSize(size);
      const auto segments = intoSegments(frame, valueSize, counter);
      EXPECT_EQ(segments.size(), (size + valueSize - 2) / (valueSize - 1));
      std::optional<Bytes> joined;
      for (const Bytes& segment : segments) {
        EXPECT_LE(segment.size(), valueSize);
        EXPECT_FALSE(joined);
        auto step = reassembler.push(segment);
        EXPECT_FALSE(step.fault);
        joined = std::move(step.frame);
      }
      EXPECT_EQ(joined, frame);
    }
  }
}

TEST(Segments, CounterWrapsAt64) {
  std::uint8_t counter = 63;
  const auto segments = intoSegments(frameOfSize(4), 3, counter);
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(SegmentHeader::of(segments[0][0]), (SegmentHeader{true, false, 63}));
  EXPECT_EQ(SegmentHeader::of(segments[1][0]), (SegmentHeader{false, true, 0}));
  EXPECT_EQ(counter, 1);
}

TEST(Reassembler, GivesWhatItHasWhenASegmentIsMissing) {
  std::uint8_t counter = 5;
  const auto segments = intoSegments(frameOfSize(9), 4, counter);
  ASSERT_EQ(segments.size(), 3U);
  Reassembler reassembler;
  reassembler.push(segments[0]);
  const auto step = reassembler.push(segments[2]);
  EXPECT_EQ(step.fault, Fault::kLostSegment);
  EXPECT_EQ(step.abandoned, (Bytes{0, 1, 2, 6, 7, 8}));
  EXPECT_FALSE(step.frame);
  EXPECT_FALSE(reassembler.isUnfinished());
}

TEST(Reassembler, TakesANewFirstSegmentAndGivesUpTheUnfinished) {
  std::uint8_t counter = 0;
  const auto lost = intoSegments(frameOfSize(9), 4, counter);
  const auto whole = intoSegments(Bytes{0xAA}, 4, counter);
  Reassembler reassembler;
  reassembler.push(lost[0]);
  const auto step = reassembler.push(whole[0]);
  EXPECT_EQ(step.abandoned, (Bytes{0, 1, 2}));
  EXPECT_EQ(step.fault, Fault::kLostSegment);
  EXPECT_EQ(step.frame, Bytes{0xAA});
}

TEST(Reassembler, RefusesAValueWithoutAHeaderAndOneWithoutABeginning) {
  Reassembler reassembler;
  EXPECT_EQ(reassembler.push({}).fault, Fault::kTruncated);
  const auto step = reassembler.push(Bytes{SegmentHeader{false, true, 3}.wire(), 0x42});
  EXPECT_EQ(step.fault, Fault::kLostSegment);
  EXPECT_EQ(step.abandoned, Bytes{0x42});
}

TEST(Reassembler, DoesNotGrowWithoutEnd) {
  Reassembler reassembler;
  std::uint8_t counter = 0;
  std::optional<Fault> fault;
  Bytes segment(245, 0);
  for (int i = 0; i < 1000 && !fault; ++i) {
    segment[0] = SegmentHeader{i == 0, false, counter}.wire();
    counter = static_cast<std::uint8_t>((counter + 1) % 64);
    fault = reassembler.push(segment).fault;
  }
  EXPECT_EQ(fault, Fault::kTooLong);
  EXPECT_FALSE(reassembler.isUnfinished());
}

TEST(Reassembler, ShowsWhatIsUnfinishedAtTheEnd) {
  Reassembler reassembler;
  EXPECT_FALSE(reassembler.abandon());
  reassembler.push(Bytes{SegmentHeader{true, false, 0}.wire(), 7});
  EXPECT_TRUE(reassembler.isUnfinished());
  EXPECT_EQ(reassembler.abandon(), Bytes{7});
  EXPECT_FALSE(reassembler.isUnfinished());
}

}  // namespace
}  // namespace vardnav::ble::gatt
