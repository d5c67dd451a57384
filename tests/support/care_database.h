// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A care database of a test's own. The tests of core, store and API run on SQLite, and once more,
// all in one process, on PostgreSQL: with VARDNAV_TEST_ENGINE=postgres in the environment.
#pragma once

#include <memory>
#include <string>

#include "cloud/store/sql/database.h"

namespace vardnav::test {

class PostgresCluster;

bool isOnPostgres();
/// One for the whole process, started at its first use.
PostgresCluster& sharedCluster();

class CareDatabase {
 public:
  CareDatabase();
  ~CareDatabase();
  CareDatabase(const CareDatabase&) = delete;
  CareDatabase& operator=(const CareDatabase&) = delete;

  /// Any number of times; each is a connection of its own.
  Result<std::unique_ptr<cloud::sql::Database>> open() const;
  /// For openCareDatabase(); empty or not there before the first time.
  std::string where() const;

 private:
  std::string directory_;
  std::string name_;
};

}  // namespace vardnav::test
