// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/journal_reader.h"

#include "pipelines/store/rows.h"
#include "pipelines/store/schema.h"

namespace vardnav::store {
namespace {

Result<std::int64_t> pragma(sqlite::Database& database, std::string_view sql) {
  auto statement = database.prepare(sql);
  const auto row = statement.step();
  if (!row) return std::unexpected(row.error());
  return statement.int64(0);
}

}  // namespace

Result<JournalReader> JournalReader::open(const std::string& path) {
  auto database = sqlite::Database::openReadOnly(path);
  if (!database) return std::unexpected(database.error());
  const auto application = pragma(*database, "PRAGMA application_id");
  if (!application) return std::unexpected(application.error());
  const sqlite::Schema& schema = journalSchema();
  if (*application != schema.applicationId) {
    return fail(ErrorCode::kStorage, path + " is no hub journal: correct the path");
  }
  const auto version = pragma(*database, "PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  if (*version > static_cast<std::int64_t>(schema.migrations.size())) {
    return fail(ErrorCode::kStorage, path + " was written by a newer version of Vardnav: use that");
  }
  return JournalReader(*std::move(database));
}

Result<std::vector<PersonId>> JournalReader::persons() {
  auto rows = database_.prepare("SELECT DISTINCT person FROM observation ORDER BY person");
  std::vector<PersonId> persons;
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return persons;
    persons.emplace_back(std::string(rows.text(0)));
  }
}

Result<void> JournalReader::forEachObservation(
    const std::optional<PersonId>& person, const std::function<void(const Observation&)>& visit) {
  return store::forEachObservation(database_, person, visit);
}

}  // namespace vardnav::store
