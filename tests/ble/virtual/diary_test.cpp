// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/diary.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace vardnav::ble::virtual_home {
namespace {

TEST(Diary, TakesGlucoseInTheOrderOfTime) {
  const Diary diary = parseDiary(
      "10-11-1990\t17:32\t63\t201\n"
      "10-11-1990\t17:34\t33\t2\n"
      "09-01-1990\t6:48\t48\t226\n");
  ASSERT_EQ(diary.glucose.size(), 2u);
  EXPECT_EQ(toIso(diary.glucose[0].at), "1990-09-01T06:48:00");
  EXPECT_EQ(diary.glucose[0].milligramPerDecilitre, Decimal(226, 0));
  EXPECT_EQ(toIso(diary.glucose[1].at), "1990-10-11T17:32:00");
  EXPECT_EQ(diary.otherEvents, 1u);
  EXPECT_EQ(diary.damagedLines, 0u);
}

// The kinds of damage that stand in the AIM-94 data set (data-02, data-20, data-27).
TEST(Diary, SkipsAndCountsDamagedLines) {
  for (const std::string line :
       {"10-12-1989\t7:00\t0\t", "06-31-1991\t07:50\t58\t120", "10-12-1989\t7:00\t58\t0''",
        "10-12-1989\t188:00\t62\t1", "10-12-1989\t7:00\t58", "58", "10-12-1989\t7:00\t58\t-5",
        "10-12-1989\t7:00\t58\tHi", "10-12-1989\t7:60\t58\t90", "10-12-1989\t7:00\t58\t1000"}) {
    const Diary diary = parseDiary("10-11-1990\t17:32\t63\t201\n" + line + "\r\n");
    EXPECT_EQ(diary.damagedLines, 1u) << line;
    EXPECT_EQ(diary.glucose.size(), 1u) << line;
  }
}

TEST(Diary, SurvivesEveryTruncation) {
  const std::string whole = "10-11-1990\t17:32\t63\t201\n09-01-1990\t6:48\t48\t226";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    EXPECT_LE(parseDiary(std::string_view{whole}.substr(0, length)).glucose.size(), 2u);
  }
}

// Counted by awk: $3 in {48, 57..64}, and all other lines.
TEST(Diary, ReadsTheWholeOfTheDemoPersonsFile) {
  std::ifstream file(VARDNAV_SOURCE_DIR "/ble/virtual/data/diabetes/data-05");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const Diary diary = parseDiary(text);
  EXPECT_EQ(diary.glucose.size(), 144u);
  EXPECT_EQ(diary.otherEvents, 156u);
  EXPECT_EQ(diary.damagedLines, 0u);
}

}  // namespace
}  // namespace vardnav::ble::virtual_home
