// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/sqlite/migrate.h"

#include <string>

namespace vardnav::sqlite {
namespace {

Result<std::int64_t> number(Database& database, std::string_view query) {
  auto statement = database.prepare(query);
  const auto row = statement.step();
  if (!row) return std::unexpected(row.error());
  return *row ? statement.int64(0) : 0;
}

/// The file's version; refuses what is not this schema's.
Result<std::int64_t> versionOf(Database& database, const Schema& schema) {
  const auto application = number(database, "PRAGMA application_id");
  const auto tables = number(database, "SELECT count(*) FROM sqlite_schema");
  const auto version = number(database, "PRAGMA user_version");
  if (!application) return application;
  if (!tables) return tables;
  if (!version) return version;
  const bool isFresh = *application == 0 && *tables == 0 && *version == 0;
  if (!isFresh && *application != schema.applicationId) {
    return fail(ErrorCode::kStorage, database.path() + " is not a " + std::string(schema.kind) +
                                         ": correct the path, or move the file away");
  }
  if (*version > static_cast<std::int64_t>(schema.migrations.size())) {
    return fail(ErrorCode::kStorage, database.path() + " was written by a newer Vardnav (schema " +
                                         std::to_string(*version) + ", this one knows " +
                                         std::to_string(schema.migrations.size()) +
                                         "): install that version again");
  }
  return *version;
}

/// One step if there is one left; true: there was.
Result<bool> migrateOnce(Database& database, const Schema& schema) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return std::unexpected(transaction.error());
  // Inside the transaction, because another process may be doing the same.
  const auto version = versionOf(database, schema);
  if (!version) return std::unexpected(version.error());
  if (*version == static_cast<std::int64_t>(schema.migrations.size())) return false;
  std::string script(schema.migrations[static_cast<std::size_t>(*version)]);
  script += ";\nPRAGMA application_id=" + std::to_string(schema.applicationId) +
            ";\nPRAGMA user_version=" + std::to_string(*version + 1) + ";";
  if (auto done = database.execute(script); !done) return std::unexpected(done.error());
  if (auto done = transaction->commit(); !done) return std::unexpected(done.error());
  return true;
}

}  // namespace

Result<void> migrate(Database& database, const Schema& schema) {
  for (;;) {
    const auto migrated = migrateOnce(database, schema);
    if (!migrated) return std::unexpected(migrated.error());
    if (!*migrated) return {};
  }
}

}  // namespace vardnav::sqlite
