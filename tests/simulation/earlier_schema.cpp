// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/earlier_schema.h"

#include <filesystem>
#include <vector>

#include "pipelines/sqlite/sqlite.h"

namespace vardnav::simulation {
namespace {

std::vector<std::string> column(sqlite::Database& database, const std::string& query) {
  std::vector<std::string> values;
  auto rows = database.prepare(query);
  while (rows.step().value()) values.emplace_back(rows.text(0));
  return values;
}

bool has(sqlite::Database& database, const std::string& place, const std::string& table) {
  return !column(database,
                 "SELECT name FROM " + place + ".sqlite_master WHERE name = '" + table + "'")
              .empty();
}

/// Checkpoints stood in the states once.
Result<void> joinStates(sqlite::Database& database) {
  const bool areApart = has(database, "newer", "rule_checkpoints");
  if (!areApart || !has(database, "main", "rule_state") ||
      has(database, "main", "rule_checkpoints")) {
    return {};
  }
  const std::string states =
      has(database, "newer", "rule_standing") ? "rule_standing" : "rule_state";
  return database.execute(
      "DELETE FROM main.rule_state; INSERT INTO main.rule_state (person, rule, state)"
      " SELECT s.person, s.rule, s.state || coalesce(c.checkpoints, '') FROM newer." +
      states + " s LEFT JOIN newer.rule_checkpoints c USING (person, rule)");
}

/// All rows of what is attached as `newer`, in the columns that both have.
Result<void> copyRows(sqlite::Database& database) {
  if (auto done = database.execute("PRAGMA foreign_keys=OFF; BEGIN"); !done) return done;
  for (const std::string& table : column(database,
                                         "SELECT name FROM main.sqlite_master WHERE type = 'table'"
                                         " AND name NOT LIKE 'sqlite_%'")) {
    std::string columns;
    for (const std::string& name :
         column(database, "SELECT name FROM pragma_table_info('" + table +
                              "', 'main')"
                              " INTERSECT SELECT name FROM pragma_table_info('" +
                              table + "', 'newer')")) {
      columns += (columns.empty() ? "" : ",") + name;
    }
    if (columns.empty()) continue;
    const std::string copy = "DELETE FROM main." + table + "; INSERT INTO main." + table + "(" +
                             columns + ") SELECT " + columns + " FROM newer." + table;
    if (auto done = database.execute(copy); !done) return done;
  }
  if (auto done = joinStates(database); !done) return done;
  return database.execute("COMMIT; DETACH newer");
}

void removeFile(const std::string& path) {
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(path + part);
}

}  // namespace

Result<void> leaveAsEarlier(const std::string& path, const sqlite::Schema& schema,
                            std::size_t migrations) {
  const std::string earlier = path + ".earlier";
  {
    auto database = sqlite::Database::open(earlier);
    if (!database) return std::unexpected(database.error());
    const sqlite::Schema first{schema.applicationId, schema.kind,
                               schema.migrations.first(migrations)};
    if (auto done = sqlite::migrate(*database, first); !done) return done;
    if (std::filesystem::exists(path)) {
      if (auto done = database->execute("ATTACH '" + path + "' AS newer"); !done) return done;
      if (auto done = copyRows(*database); !done) return done;
    }
  }
  removeFile(path);
  std::filesystem::rename(earlier, path);
  return {};
}

}  // namespace vardnav::simulation
