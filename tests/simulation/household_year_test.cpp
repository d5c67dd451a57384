// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Nothing lost, nothing twice, no alert missed or made up, whatever happens. A failing seed prints
// the command that lives it again.
#include "tests/simulation/household_year.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace vardnav::simulation {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// The whole command that lives it again.
std::string replayOf(std::uint64_t seed, std::chrono::days length) {
  return "VARDNAV_SEED=" + std::to_string(seed) +
         " VARDNAV_DAYS=" + std::to_string(length.count()) +
         " build/dev/bin/simulation_test --gtest_filter=HouseholdYear.LosesDoublesAndMissesNothing";
}

void add(Outcome& all, const Outcome& one) {
  all.measured += one.measured;
  all.weighed += one.weighed;
  all.notTaken += one.notTaken;
  all.restarts += one.restarts;
  all.kills += one.kills;
  all.placedAnew += one.placedAnew;
  all.takenBack += one.takenBack;
  all.alerts += one.alerts;
  all.upgrades += one.upgrades;
  all.recoveries += one.recoveries;
  all.takeOvers += one.takeOvers;
  all.clockSteps += one.clockSteps;
  all.summerTimes += one.summerTimes;
  all.longestOutage = std::max(all.longestOutage, one.longestOutage);
}

std::string text(const Outcome& all) {
  const auto of = [](std::uint64_t count, const char* what) {
    return std::to_string(count) + " " + what;
  };
  return of(all.measured, "measured, ") + of(all.weighed, "weighed (") +
         of(all.notTaken, "more while there was no hub), ") + of(all.restarts, "hub restarts, ") +
         of(all.takenBack, "writes taken back, ") + of(all.kills, "backend kills, ") +
         of(all.upgrades, "schema upgrades, ") + of(all.recoveries, "journals set aside, ") +
         of(all.placedAnew, "placed anew, ") + of(all.clockSteps, "clock steps, ") +
         of(all.summerTimes, "summer time changes, ") + of(all.takeOvers, "sessions taken over, ") +
         std::to_string(std::chrono::floor<std::chrono::days>(all.longestOutage).count()) +
         " days the longest outage, " + of(all.alerts, "alerts");
}

/// All seeds together; every fault is told with its seed.
void live(std::uint64_t first, std::uint64_t count, std::chrono::days length) {
  Outcome all;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Outcome one = run({.seed = seed, .length = length});
    for (const std::string& fault : one.faults) {
      ADD_FAILURE() << "seed " << seed << ": " << fault << "\n  " << replayOf(seed, length);
    }
    add(all, one);
  }
  std::printf("%llu households of %lld days: %s\n", static_cast<unsigned long long>(count),
              static_cast<long long>(length.count()), text(all).c_str());
  // The faults really happen.
  const auto days = count * static_cast<std::uint64_t>(length.count());
  if (days < 365) return;
  EXPECT_GT(all.restarts, days / 10);
  EXPECT_GT(all.takenBack, days / 100);
  EXPECT_GT(all.kills, days / 100);
  EXPECT_GT(all.placedAnew, days / 50);
  EXPECT_GT(all.alerts, days / 20);
  EXPECT_GT(all.clockSteps, days / 20);
  EXPECT_GE(all.summerTimes, count);
  if (count < 20) return;
  EXPECT_GT(all.takeOvers, days / 4);
  EXPECT_GT(all.upgrades, days / 100);
  EXPECT_GT(all.longestOutage, std::chrono::days{60});
}

TEST(HouseholdYear, LosesDoublesAndMissesNothing) {
  const std::uint64_t seed = setting("VARDNAV_SEED", 1);
  live(seed, 1, std::chrono::days{setting("VARDNAV_DAYS", 365)});
}

TEST(HouseholdYear, NorDoTwentyHouseholdsOverSixtyDays) {
  live(setting("VARDNAV_FIRST", 100), 20, std::chrono::days{60});
}

TEST(HouseholdYearSlow, NorDoAThousandHouseholdsOverATermEach) {
  live(setting("VARDNAV_FIRST", 1000), setting("VARDNAV_SEEDS", 1000), std::chrono::days{120});
}

TEST(HouseholdYear, IsTheSameForTheSameSeed) {
  const Setting month{.seed = 7, .length = std::chrono::days{30}};
  const Outcome one = run(month);
  const Outcome other = run(month);
  EXPECT_EQ(text(one), text(other));
  EXPECT_NE(text(one), text(run({.seed = 8, .length = std::chrono::days{30}})));
}

}  // namespace
}  // namespace vardnav::simulation
