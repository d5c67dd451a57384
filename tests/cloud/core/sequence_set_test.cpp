// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/sequence_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace vardnav::cloud {
namespace {

using Ranges = std::vector<wire::SequenceRange>;

Ranges rangesOf(const SequenceSet& set) { return {set.ranges().begin(), set.ranges().end()}; }

TEST(SequenceSet, JoinsNeighbours) {
  SequenceSet set;
  EXPECT_TRUE(set.insert(1));
  EXPECT_TRUE(set.insert(3));
  EXPECT_EQ(rangesOf(set), (Ranges{{1, 1}, {3, 3}}));
  EXPECT_TRUE(set.insert(2));
  EXPECT_EQ(rangesOf(set), (Ranges{{1, 3}}));
  EXPECT_FALSE(set.insert(2));
}

TEST(SequenceSet, CoversWithGaps) {
  const SequenceSet set(Ranges{{2, 4}, {7, 7}, {10, 20}});
  const auto cover = set.cover(8);
  EXPECT_EQ(cover.through, 20U);
  EXPECT_EQ(cover.gaps, (Ranges{{1, 1}, {5, 6}, {8, 9}}));
}

TEST(SequenceSet, ClaimsLessRatherThanMoreWhenGapsAreCut) {
  const SequenceSet set(Ranges{{1, 4}, {7, 7}, {10, 20}});
  const auto cover = set.cover(1);
  EXPECT_EQ(cover.through, 7U);
  EXPECT_EQ(cover.gaps, (Ranges{{5, 6}}));
  EXPECT_EQ(SequenceSet().cover(8).through, 0U);
}

TEST(SequenceSet, IsTheSetOfWhatWasInserted) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    SequenceSet set;
    std::set<std::uint64_t> model;
    for (int i = 0; i < 60; ++i) {
      const std::uint64_t sequence = 1 + random() % 40;
      ASSERT_EQ(set.insert(sequence), model.insert(sequence).second);
    }
    const auto cover = set.cover(100);
    ASSERT_EQ(cover.through, *model.rbegin());
    for (std::uint64_t sequence = 1; sequence <= 41; ++sequence) {
      ASSERT_EQ(set.contains(sequence), model.contains(sequence));
      const bool isInGap = std::ranges::any_of(cover.gaps, [&](const wire::SequenceRange& gap) {
        return gap.first <= sequence && sequence <= gap.last;
      });
      ASSERT_EQ(sequence <= cover.through && !isInGap, model.contains(sequence));
    }
  }
}

}  // namespace
}  // namespace vardnav::cloud
