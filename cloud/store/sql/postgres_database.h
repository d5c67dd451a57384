// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// PostgreSQL as the repositories see it: one connection, which is made again when it was lost.
// Core thread only. A statement waits for the server at most kPatience.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "cloud/store/sql/database.h"
#include "pipelines/model/time.h"

struct pg_conn;
struct pg_result;

namespace vardnav::cloud::sql {

class PostgresDatabase final : public Database {
 public:
  static constexpr Milliseconds kPatience{30'000};
  /// Between attempts to connect, doubled from one to the next.
  static constexpr Milliseconds kFirstPause{100};
  static constexpr Milliseconds kLongestPause{5'000};

  /// `connection` as libpq takes it (key=value …, or a URI). It may not hold a password: that
  /// belongs in a file (passfile=). kUnavailable, kPermission or kInvalidInput with one line that
  /// says what to change: no server, an older one, no rights, another encoding, fsync off.
  /// `mustKeep` false lets fsync be off.
  static Result<std::unique_ptr<PostgresDatabase>> open(const std::string& connection,
                                                        bool mustKeep = true);
  ~PostgresDatabase() override;
  PostgresDatabase(const PostgresDatabase&) = delete;
  PostgresDatabase& operator=(const PostgresDatabase&) = delete;

  Statement prepare(std::string_view sql) override;
  Result<void> execute(const std::string& script) override;
  std::int64_t changes() const override { return changes_; }
  const std::string& name() const override { return name_; }
  bool isThere() const override { return connection_ != nullptr; }

  // Keys of held rows may still be referred to by others.
  std::string_view holdRows() const override { return " FOR NO KEY UPDATE"; }
  std::string_view holdFreeRows() const override { return " FOR NO KEY UPDATE SKIP LOCKED"; }
  Result<void> noteChange() override { return execute("NOTIFY vardnav_care"); }
  Result<bool> hasChangedOutside() override;
  Result<void> serveAlone() override;

 private:
  class Run;
  struct Free {
    void operator()(pg_conn* connection) const;
    void operator()(pg_result* result) const;
  };
  using Answer = std::unique_ptr<pg_result, Free>;

  PostgresDatabase(std::string connection, bool mustKeep)
      : parameters_(std::move(connection)), mustKeep_(mustKeep) {}
  Result<void> begin() override;
  Result<void> commit() override;
  void rollBack() override;

  /// A connection, or why there is none; after a failure not before the pause is over.
  Result<void> connect();
  Result<void> connectNow();
  Result<void> makeReady();
  Result<void> holdServing();
  /// Sends by `send` and waits; a connection that is lost or silent is closed.
  template <class Send>
  Result<Answer> ask(Send send);
  Result<Answer> askScript(const std::string& script);
  Result<std::string> askOne(const std::string& query);
  Result<Answer> await();
  Result<std::string> preparedName(const std::string& sql);
  Error errorOf(const pg_result* answer) const;
  Error lost(const std::string& why);

  std::string parameters_;
  bool mustKeep_;
  std::string name_;
  std::unique_ptr<pg_conn, Free> connection_;
  std::map<std::string, std::string, std::less<>> prepared_;  ///< of this connection, by SQL
  int backend_ = 0;  ///< the server's process of the newest connection
  std::int64_t changes_ = 0;
  bool inTransaction_ = false;
  bool hasChanged_ = true;
  bool servesAlone_ = false;
  Milliseconds pause_ = kFirstPause;
  std::optional<SteadyTime> notBefore_;
};

}  // namespace vardnav::cloud::sql
