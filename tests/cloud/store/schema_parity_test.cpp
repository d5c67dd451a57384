// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The two schema texts say the same, by what each engine's catalogue says of it: tables, columns
// in their order with type and whether they may be empty, what is unique, and what refuses changes.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "cloud/store/schema.h"
#include "tests/support/care_database.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/temporary_directory.h"

namespace vardnav::cloud {
namespace {

using Lines = std::set<std::string>;

Lines ask(sql::Database& database, std::string_view query) {
  Lines lines;
  auto rows = database.prepare(query);
  for (;;) {
    const auto row = rows.step();
    EXPECT_TRUE(row) << row.error().context;
    if (!row || !*row) return lines;
    lines.emplace(rows.text(0));
  }
}

// "table.position column type null?"
constexpr std::string_view kSqliteColumns =
    "SELECT t.name || '.' || (c.cid + 1) || ' ' || c.name || ' ' || c.type ||"
    " CASE WHEN c.\"notnull\" OR c.pk THEN ' NOT NULL' ELSE '' END"
    " FROM sqlite_schema t, pragma_table_info(t.name) c"
    " WHERE t.type='table' AND t.name NOT LIKE 'sqlite_%'";
constexpr std::string_view kPostgresColumns =
    "SELECT t.relname || '.' || c.attnum || ' ' || c.attname || ' ' ||"
    " CASE format_type(c.atttypid, c.atttypmod) WHEN 'bigint' THEN 'INTEGER' WHEN 'bytea' THEN"
    " 'BLOB' ELSE upper(format_type(c.atttypid, c.atttypmod)) END ||"
    " CASE WHEN c.attnotnull THEN ' NOT NULL' ELSE '' END"
    " FROM pg_class t JOIN pg_attribute c ON c.attrelid=t.oid"
    " WHERE t.relnamespace='public'::regnamespace AND t.relkind IN ('r','p')"
    " AND NOT t.relispartition AND t.relname<>'vardnav_schema' AND c.attnum>0"
    " AND NOT c.attisdropped";

// "table(column,column)", with " partly" for one that does not count every row. Primary keys of one
// INTEGER column are the row's own number in SQLite, and have no index.
constexpr std::string_view kSqliteUnique =
    "SELECT t.name || '(' || (SELECT group_concat(name, ',') FROM"
    " (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || ')' ||"
    " CASE WHEN i.partial THEN ' partly' ELSE '' END"
    " FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.type='table' AND i.\"unique\""
    " UNION SELECT t.name || '(' || c.name || ')' FROM sqlite_schema t, pragma_table_info(t.name) c"
    " WHERE t.type='table' AND t.name NOT LIKE 'sqlite_%' AND c.type='INTEGER' AND c.pk=1"
    " AND (SELECT count(*) FROM pragma_table_info(t.name) k WHERE k.pk>0)=1";
constexpr std::string_view kPostgresUnique =
    "SELECT t.relname || '(' || (SELECT string_agg(c.attname, ',' ORDER BY k.n) FROM"
    " unnest(i.indkey) WITH ORDINALITY k(number, n)"
    " JOIN pg_attribute c ON c.attrelid=t.oid AND c.attnum=k.number) || ')' ||"
    " CASE WHEN i.indpred IS NOT NULL THEN ' partly' ELSE '' END"
    " FROM pg_index i JOIN pg_class t ON t.oid=i.indrelid"
    " WHERE t.relnamespace='public'::regnamespace AND NOT t.relispartition"
    " AND t.relname<>'vardnav_schema' AND i.indisunique";

// "table trigger"
constexpr std::string_view kSqliteTriggers =
    "SELECT tbl_name || ' ' || name FROM sqlite_schema WHERE type='trigger'";
constexpr std::string_view kPostgresTriggers =
    "SELECT t.relname || ' ' || g.tgname FROM pg_trigger g JOIN pg_class t ON t.oid=g.tgrelid"
    " WHERE NOT g.tgisinternal";

struct SchemaParity : testing::Test {
  static void SetUpTestSuite() {
    if (!test::isOnPostgres()) return;
    directory = std::make_unique<test::TemporaryDirectory>();
    place = std::make_unique<test::CareDatabase>();
    sqlite = *store::openCareDatabase(*directory / "care.db");
    postgres = *place->open();
  }
  static void TearDownTestSuite() {
    postgres.reset();
    sqlite.reset();
    place.reset();
    directory.reset();
  }
  void SetUp() override {
    if (!test::isOnPostgres()) GTEST_SKIP() << "needs both engines: the run on PostgreSQL has them";
  }

  static inline std::unique_ptr<test::TemporaryDirectory> directory;
  static inline std::unique_ptr<test::CareDatabase> place;
  static inline std::unique_ptr<sql::Database> sqlite;
  static inline std::unique_ptr<sql::Database> postgres;
};

TEST_F(SchemaParity, HasTheSameColumnsInTheSameOrder) {
  Lines columns = ask(*sqlite, kSqliteColumns);
  // What a hub sent and nobody could read may be no text.
  for (const std::string column : {"set_aside.8 detail ", "set_aside.9 body "}) {
    EXPECT_EQ(columns.erase(column + "TEXT NOT NULL"), 1U);
    columns.insert(column + "BLOB NOT NULL");
  }
  EXPECT_GT(columns.size(), 200U);
  EXPECT_EQ(ask(*postgres, kPostgresColumns), columns);
}

TEST_F(SchemaParity, HoldsTheSameThingsUnique) {
  Lines unique = ask(*sqlite, kSqliteUnique);
  // A table that is partitioned by time needs the time in its key; the insert sees to the rest.
  EXPECT_EQ(unique.erase("observation(person,reading_key,code,revision)"), 1U);
  unique.insert("observation(person,reading_key,code,revision,at_utc_ms)");
  EXPECT_GT(unique.size(), 40U);
  EXPECT_EQ(ask(*postgres, kPostgresUnique), unique);
}

TEST_F(SchemaParity, RefusesTheSameChanges) {
  const Lines triggers = ask(*sqlite, kSqliteTriggers);
  EXPECT_EQ(triggers.size(), 6U);
  EXPECT_EQ(ask(*postgres, kPostgresTriggers), triggers);
}

}  // namespace
}  // namespace vardnav::cloud
