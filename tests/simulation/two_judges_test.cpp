// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Hub and backend diverge on no reading; where they do, technicians hear of it. A failing seed
// prints itself: VARDNAV_SEED=n simulation_test --gtest_filter=TwoJudges.TellTheSame
#include "tests/simulation/two_judges.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace vardnav::simulation {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// Every other seed with changes midway; each ward in its turn.
void judge(std::uint64_t first, std::uint64_t households, std::chrono::days length) {
  Judged all;
  for (std::uint64_t seed = first; seed < first + households; ++seed) {
    const Judged one = run({.seed = seed, .length = length, .isReconfigured = seed % 2 == 0});
    EXPECT_EQ(one.alerts, 0U) << "seed " << seed << ": technical alerts of a divergence";
    for (const std::string& difference : one.differences) {
      ADD_FAILURE() << "seed " << seed << ": " << difference;
    }
    all.readings += one.readings;
    all.placedAnew += one.placedAnew;
    all.agreed += one.agreed;
    all.withdrawn += one.withdrawn;
    all.restarts += one.restarts;
    all.changes += one.changes;
  }
  const auto days = households * static_cast<std::uint64_t>(length.count());
  std::printf(
      "%.1f patient-years: %llu readings, %llu placed anew, %llu verdicts of both, %llu"
      " withdrawn, %llu hub restarts, %llu changes of rules, contexts and pauses\n",
      static_cast<double>(days * kPersons) / 365.0, static_cast<unsigned long long>(all.readings),
      static_cast<unsigned long long>(all.placedAnew), static_cast<unsigned long long>(all.agreed),
      static_cast<unsigned long long>(all.withdrawn), static_cast<unsigned long long>(all.restarts),
      static_cast<unsigned long long>(all.changes));
  // It really happens.
  EXPECT_GT(all.agreed, days / 2);
  EXPECT_GT(all.withdrawn, days / 20);
  EXPECT_GT(all.placedAnew, days / 100);
  EXPECT_GT(all.restarts, days / 40);
}

TEST(TwoJudges, TellTheSame) {
  judge(setting("VARDNAV_SEED", 1), setting("VARDNAV_SEEDS", 4), std::chrono::days{90});
}

TEST(TwoJudgesSlow, TellTheSameOverAThousandPatientYears) {
  judge(setting("VARDNAV_FIRST", 1000), setting("VARDNAV_SEEDS", 500), std::chrono::days{365});
}

TEST(TwoJudges, AHubWithAnotherLimitIsFound) {
  const Judged judged = run({.seed = 7,
                             .length = std::chrono::days{40},
                             .isReconfigured = false,
                             .sabotage = Sabotage::kLimit});
  EXPECT_GT(judged.alerts, 0U);
  EXPECT_FALSE(judged.differences.empty());
}

TEST(TwoJudges, AHubThatTakesNothingBackIsFound) {
  const Judged judged = run({.seed = 13,
                             .length = std::chrono::days{90},
                             .isReconfigured = false,
                             .sabotage = Sabotage::kWithdrawal});
  EXPECT_GT(judged.alerts, 0U);
  EXPECT_FALSE(judged.differences.empty());
}

}  // namespace
}  // namespace vardnav::simulation
