// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/alerts/working_day.h"

#include <gtest/gtest.h>

namespace vardnav::cloud::alerts {
namespace {

using namespace std::chrono_literals;

UtcTime at(std::string_view text) { return *parseRfc3339(text); }

// Jean Meeus, Astronomical Algorithms, chapter 8, table of examples: 1991, 1992, 1993, 1954, 2000.
TEST(Easter, IsTheAstronomersDate) {
  EXPECT_EQ(easterSunday(1991y), std::chrono::sys_days{1991y / 3 / 31});
  EXPECT_EQ(easterSunday(1992y), std::chrono::sys_days{1992y / 4 / 19});
  EXPECT_EQ(easterSunday(1993y), std::chrono::sys_days{1993y / 4 / 11});
  EXPECT_EQ(easterSunday(1954y), std::chrono::sys_days{1954y / 4 / 18});
  EXPECT_EQ(easterSunday(2000y), std::chrono::sys_days{2000y / 4 / 23});
}

// Lag (1989:253) om allmänna helgdagar, 1 §, for the year 2026.
TEST(PublicHoliday, FollowsTheLaw) {
  for (const auto day : {2026y / 1 / 1, 2026y / 1 / 6, 2026y / 4 / 3, 2026y / 4 / 5, 2026y / 4 / 6,
                         2026y / 5 / 1, 2026y / 5 / 14, 2026y / 5 / 24, 2026y / 6 / 6,
                         2026y / 6 / 20, 2026y / 10 / 31, 2026y / 12 / 25, 2026y / 12 / 26}) {
    EXPECT_TRUE(isPublicHoliday(day)) << unsigned(day.month()) << "-" << unsigned(day.day());
  }
}

TEST(PublicHoliday, DoesNotCountEves) {
  EXPECT_FALSE(isPublicHoliday(2026y / 6 / 19));
  EXPECT_FALSE(isPublicHoliday(2026y / 12 / 24));
  EXPECT_FALSE(isPublicHoliday(2026y / 12 / 31));
}

TEST(NextWorkingMorning, IsEightInStockholmInWinterAndSummer) {
  EXPECT_EQ(nextWorkingMorning(at("2026-11-24T10:00:00Z")), at("2026-11-25T07:00:00Z"));
  EXPECT_EQ(nextWorkingMorning(at("2026-07-01T10:00:00Z")), at("2026-07-02T06:00:00Z"));
}

TEST(NextWorkingMorning, PassesWeekendsAndHolidays) {
  // Thursday before Good Friday → Tuesday after Easter Monday.
  EXPECT_EQ(nextWorkingMorning(at("2026-04-02T10:00:00Z")), at("2026-04-07T06:00:00Z"));
  // Friday → Monday, over the end of summer time (Sunday 25 October 2026).
  EXPECT_EQ(nextWorkingMorning(at("2026-10-23T10:00:00Z")), at("2026-10-26T07:00:00Z"));
}

TEST(NextWorkingMorning, CountsFromTheLocalDay) {
  // 23:30 UTC is half past midnight of the 25th in Stockholm.
  EXPECT_EQ(nextWorkingMorning(at("2026-11-24T23:30:00Z")), at("2026-11-26T07:00:00Z"));
}

}  // namespace
}  // namespace vardnav::cloud::alerts
