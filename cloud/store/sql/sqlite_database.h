// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// SQLite as the repositories see it. Core thread only.
#pragma once

#include <optional>

#include "cloud/store/sql/database.h"
#include "pipelines/sqlite/sqlite.h"

namespace vardnav::cloud::sql {

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(sqlite::Database database) : database_(std::move(database)) {}

  Statement prepare(std::string_view sql) override;
  Result<void> execute(const std::string& script) override { return database_.execute(script); }
  std::int64_t changes() const override { return database_.changes(); }
  const std::string& name() const override { return database_.path(); }
  bool isThere() const override { return true; }

  std::string_view holdRows() const override { return ""; }
  std::string_view holdFreeRows() const override { return ""; }
  Result<void> noteChange() override { return {}; }  // PRAGMA data_version sees every commit
  Result<bool> hasChangedOutside() override;
  Result<void> serveAlone() override { return {}; }  // the state directory is held already

 private:
  Result<void> begin() override;
  Result<void> commit() override;
  void rollBack() override { transaction_.reset(); }

  sqlite::Database database_;
  std::optional<sqlite::Transaction> transaction_;
  std::optional<std::int64_t> dataVersion_;
};

}  // namespace vardnav::cloud::sql
