// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/sql/sqlite_database.h"

namespace vardnav::cloud::sql {
namespace {

class SqliteCursor final : public Cursor {
 public:
  explicit SqliteCursor(sqlite::Statement statement) : statement_(std::move(statement)) {}

  void bind(int index, std::int64_t value) override { statement_.bind(index, value); }
  void bind(int index, std::string_view value) override { statement_.bind(index, value); }
  void bind(int index, ByteView value) override { statement_.bind(index, value); }
  void bind(int index, std::nullptr_t) override { statement_.bind(index, nullptr); }
  Result<bool> step() override { return statement_.step(); }
  void reset() override { statement_.reset(); }
  bool isNull(int column) const override { return statement_.isNull(column); }
  std::int64_t int64(int column) const override { return statement_.int64(column); }
  std::string_view text(int column) const override { return statement_.text(column); }

 private:
  sqlite::Statement statement_;
};

}  // namespace

Statement SqliteDatabase::prepare(std::string_view sql) {
  return Statement(std::make_unique<SqliteCursor>(database_.prepare(sql)));
}

Result<bool> SqliteDatabase::hasChangedOutside() {
  auto version = database_.prepare("PRAGMA data_version");
  const auto row = version.step();
  if (!row) return std::unexpected(row.error());
  const std::int64_t now = version.int64(0);
  return std::exchange(dataVersion_, now) != now;
}

Result<void> SqliteDatabase::begin() {
  auto begun = sqlite::Transaction::begin(database_);
  if (!begun) return std::unexpected(begun.error());
  transaction_.emplace(*std::move(begun));
  return {};
}

Result<void> SqliteDatabase::commit() {
  auto committed = transaction_->commit();
  if (committed) transaction_.reset();
  return committed;
}

}  // namespace vardnav::cloud::sql
