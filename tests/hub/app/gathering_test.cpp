// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/gathering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardnav::hub {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GatheringTest : public ::testing::Test {
 protected:
  /// From a meter's memory, by a cursor.
  Delivered stored(std::uint32_t number) {
    RawRecord record;
    record.recordNumber = number;
    record.isStored = true;
    return {record, [this, number](const Result<void>&) {
              if (onAnswer) onAnswer(number);
            }};
  }
  static Delivered live(std::uint32_t number) {
    RawRecord record;
    record.recordNumber = number;
    return {record, [](const Result<void>&) {}};
  }
  static Delivered indication() { return {RawRecord{}, [](const Result<void>&) {}}; }

  std::vector<std::string> commits;
  std::function<void(std::uint32_t)> onAnswer;
  Gathering gathering{[this](const std::vector<Delivered>& delivered) {
    std::string batch;
    for (const Delivered& one : delivered) {
      const auto& number = one.record.recordNumber;
      batch += (batch.empty() ? "" : " ") + (number ? std::to_string(*number) : "-");
    }
    commits.push_back(batch);
    for (const Delivered& one : delivered) one.committed({});
  }};
};

TEST_F(GatheringTest, CommitsTogetherWhatOneRoundBrings) {
  gathering.during([&] {
    for (const std::uint32_t number : {5U, 6U, 7U}) gathering.add(stored(number));
    EXPECT_THAT(commits, IsEmpty());
  });
  EXPECT_THAT(commits, ElementsAre("5 6 7"));
  gathering.during([] {});
  EXPECT_THAT(commits, ElementsAre("5 6 7"));
}

TEST_F(GatheringTest, OutsideARoundNothingWaits) {
  gathering.add(stored(5));
  gathering.add(stored(6));
  EXPECT_THAT(commits, ElementsAre("5", "6"));
}

TEST_F(GatheringTest, CommitsAtOnceAndFirstWhatItsDeviceWillNotGiveAgain) {
  RawRecord unnumbered;
  unnumbered.isStored = true;  // a cuff's memory, which it empties by indications
  gathering.during([&] {
    gathering.add(stored(5));
    gathering.add(indication());
    EXPECT_THAT(commits, ElementsAre("-"));
    gathering.add({unnumbered, [](const Result<void>&) {}});
    EXPECT_THAT(commits, ElementsAre("-", "-"));
    gathering.add(stored(6));
  });
  EXPECT_THAT(commits, ElementsAre("-", "-", "5 6"));
}

TEST_F(GatheringTest, ALiveRecordDoesNotPassTheStoredOnesBeforeIt) {
  gathering.during([&] {
    gathering.add(stored(98));
    gathering.add(stored(99));
    gathering.add(live(100));
    EXPECT_THAT(commits, ElementsAre("98 99 100")) << "one cursor, and at once";
  });
}

TEST_F(GatheringTest, DoesNotGrowWithoutBound) {
  gathering.during([&] {
    for (std::uint32_t number = 1; number <= 2 * Gathering::kMost + 1; ++number) {
      gathering.add(stored(number));
    }
    EXPECT_EQ(commits.size(), 2U);
  });
  EXPECT_EQ(commits.size(), 3U);
  EXPECT_EQ(commits.back(), "65");
}

TEST_F(GatheringTest, WhatAnAnswerBringsGoesWithTheNextBatch) {
  onAnswer = [&](std::uint32_t number) {
    if (number < 3) gathering.add(stored(number + 10));
  };
  gathering.during([&] {
    gathering.add(stored(1));
    gathering.add(stored(2));
  });
  EXPECT_THAT(commits, ElementsAre("1 2", "11 12"));
}

}  // namespace
}  // namespace vardnav::hub
