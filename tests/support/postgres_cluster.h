// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A PostgreSQL server of a test's own, kept by postgres_keeper.py: it goes with the process that
// started it, however that ends.
#pragma once

#include <string>

namespace vardnav::test {

class PostgresCluster {
 public:
  /// kFast keeps nothing safe from a power cut. Throws std::runtime_error with the server's own
  /// words where there is no PostgreSQL or it does not start.
  enum class Speed { kFast, kDurable };
  explicit PostgresCluster(Speed speed = Speed::kFast);
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  /// Connection string of a database, for libpq.
  std::string database(const std::string& name) const;
  /// The same, as care.toml takes it.
  std::string uri(const std::string& name, const std::string& user = "vardnav") const;
  /// On a database, as the superuser; the first column of the first row of the last statement.
  std::string run(const std::string& script, const std::string& database = "postgres") const;

  /// SIGKILL for the whole server.
  void kill() { order("kill"); }
  void start() { order("start"); }

 private:
  void order(const std::string& command);
  std::string answer();

  std::string directory_;
  int orders_ = -1;
  int answers_ = -1;
};

}  // namespace vardnav::test
