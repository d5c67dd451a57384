// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A database whose process is killed, and whose machine then loses its power.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "pipelines/sqlite/sqlite.h"
#include "tests/simulation/fast_directory.h"
#include "tests/simulation/power_cut_vfs.h"

namespace vardnav::simulation {
namespace {

constexpr int kRows = 5;
constexpr int kOperations = 40;  // more than those rows take

/// By a process that ends before it writes anything.
std::int64_t rowsIn(const std::string& path, Power& power) {
  auto database = sqlite::Database::open(path).value();
  auto rows = database.prepare("SELECT count(*) FROM t");
  EXPECT_TRUE(rows.step().value());
  power.isOff = true;
  return rows.int64(0);
}

void insertUntilItEnds(const std::string& path) {
  auto database = sqlite::Database::open(path);
  for (int i = 0; database && i < kRows; ++i) {
    if (!database->execute("INSERT INTO t VALUES (1)")) return;
  }
}

TEST(PowerCut, TakesNothingBackThatAProcessHasReadAfterAKill) {
  int read = 0;
  for (std::uint64_t seed = 0; seed < 10 * kOperations; ++seed) {
    const FastDirectory directory;
    const std::string path = directory.path + "/hub/journal.db";
    Power power;
    Chance chance(seed);
    PowerCutVfs disk(directory.path + "/hub", power, chance);
    ASSERT_TRUE(sqlite::Database::open(path).value().execute("CREATE TABLE t(a)"));

    power.operationsLeft = static_cast<int>(seed % kOperations);
    insertUntilItEnds(path);
    power = {};  // killed: what it wrote is in the system's memory
    const auto before = rowsIn(path, power);
    disk.restore();
    power = {};
    EXPECT_GE(rowsIn(path, power), before) << "seed " << seed;
    read += before > 0 ? 1 : 0;
  }
  EXPECT_GT(read, kOperations);
}

}  // namespace
}  // namespace vardnav::simulation
