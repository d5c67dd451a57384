// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Nothing lost, nothing twice, no alert missed, whatever happens. A failing seed prints itself:
//   VARDNAV_SEED=n VARDNAV_DAYS=60 simulation_test --gtest_filter=*MissesNothing
// runs it alone.
#include "tests/simulation/household_year.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace vardnav::simulation {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void expectSound(const Outcome& outcome, std::uint64_t seed) {
  for (const std::string& fault : outcome.faults) {
    ADD_FAILURE() << "seed " << seed << ": " << fault;
  }
}

/// All seeds together; the first fault of each is told with its seed.
void live(std::uint64_t first, std::uint64_t count, std::chrono::days length) {
  Outcome all;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Outcome one = run({.seed = seed, .length = length});
    expectSound(one, seed);
    all.measured += one.measured;
    all.weighed += one.weighed;
    all.notTaken += one.notTaken;
    all.restarts += one.restarts;
    all.kills += one.kills;
    all.placedAnew += one.placedAnew;
    all.takenBack += one.takenBack;
    all.alerts += one.alerts;
  }
  std::printf(
      "%llu households of %lld days: %llu measured, %llu weighed (%llu more while there was"
      " no hub), %llu hub restarts, %llu writes taken back, %llu backend kills, %llu placed anew, "
      "%llu alerts\n",
      static_cast<unsigned long long>(count), static_cast<long long>(length.count()),
      static_cast<unsigned long long>(all.measured), static_cast<unsigned long long>(all.weighed),
      static_cast<unsigned long long>(all.notTaken), static_cast<unsigned long long>(all.restarts),
      static_cast<unsigned long long>(all.takenBack), static_cast<unsigned long long>(all.kills),
      static_cast<unsigned long long>(all.placedAnew), static_cast<unsigned long long>(all.alerts));
  // The faults really happen.
  const auto days = count * static_cast<std::uint64_t>(length.count());
  EXPECT_GT(all.restarts, days / 10);
  EXPECT_GT(all.takenBack, days / 100);
  EXPECT_GT(all.kills, days / 100);
  EXPECT_GT(all.placedAnew, days / 50);
  EXPECT_GT(all.alerts, days / 20);
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
  EXPECT_EQ(one.stored, other.stored);
  EXPECT_EQ(one.restarts, other.restarts);
  EXPECT_EQ(one.alerts, other.alerts);
  EXPECT_NE(one.stored, run({.seed = 8, .length = std::chrono::days{30}}).stored);
}

}  // namespace
}  // namespace vardnav::simulation
