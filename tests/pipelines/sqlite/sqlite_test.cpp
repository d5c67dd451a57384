// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/sqlite/sqlite.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "pipelines/sqlite/migrate.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/unprivileged.h"

namespace vardnav::sqlite {
namespace {

using test::TemporaryDirectory;

void write(const std::string& path, const std::string& octets) {
  std::ofstream(path, std::ios::binary) << octets;
}

std::int64_t number(Database& database, std::string_view sql) {
  auto statement = database.prepare(sql);
  const auto row = statement.step();
  EXPECT_TRUE(row && *row) << sql;
  return statement.int64(0);
}

/// One line that names the file.
void expectClear(const Error& error, const std::string& path) {
  EXPECT_EQ(error.code, ErrorCode::kStorage);
  EXPECT_NE(error.context.find(path), std::string::npos) << error.context;
  EXPECT_EQ(error.context.find('\n'), std::string::npos) << error.context;
}

TEST(Sqlite, OpensDurablyForItsOwnerOnly) {
  const TemporaryDirectory directory;
  auto database = Database::open(directory / "a.db");
  ASSERT_TRUE(database);
  EXPECT_EQ(number(*database, "PRAGMA synchronous"), 2);  // FULL
  EXPECT_EQ(number(*database, "PRAGMA foreign_keys"), 1);
  ASSERT_TRUE(database->execute("CREATE TABLE t(a)"));
  for (const char* name : {"a.db", "a.db-wal", "a.db-shm"}) {
    struct stat status{};
    ASSERT_EQ(stat((directory / name).c_str(), &status), 0) << name;
    EXPECT_EQ(status.st_mode & 0777, 0600U) << name;
  }
}

TEST(Sqlite, BindsAndReadsEveryKindOfValue) {
  const TemporaryDirectory directory;
  auto database = Database::open(directory / "a.db");
  ASSERT_TRUE(database);
  ASSERT_TRUE(database->execute("CREATE TABLE t(a, b, c, d, e)"));
  const Bytes octets = {0, 1, 255};
  ASSERT_TRUE(database->prepare("INSERT INTO t VALUES(?,?,?,?,?)")
                  .with(std::int64_t{-5}, std::string_view("å\0b", 4), ByteView(octets),
                        std::optional<std::uint32_t>(), ByteView())
                  .run());
  EXPECT_EQ(database->changes(), 1);
  auto row = database->prepare("SELECT a, b, c, d, e FROM t");
  ASSERT_TRUE(row.step().value());
  EXPECT_EQ(row.int64(0), -5);
  EXPECT_EQ(row.text(1), std::string_view("å\0b", 4));
  EXPECT_TRUE(std::ranges::equal(row.blob(2), octets));
  EXPECT_TRUE(row.isNull(3));
  EXPECT_FALSE(row.isNull(4));
  EXPECT_TRUE(row.blob(4).empty());
  EXPECT_FALSE(row.step().value());
}

TEST(Sqlite, TheSameStatementCanBeLeasedTwiceAtOnce) {
  const TemporaryDirectory directory;
  auto database = Database::open(directory / "a.db");
  ASSERT_TRUE(database);
  auto first = database->prepare("SELECT ?");
  auto second = database->prepare("SELECT ?");
  first.bind(1, 1);
  second.bind(1, 2);
  EXPECT_TRUE(first.step().value() && second.step().value());
  EXPECT_EQ(first.int64(0), 1);
  EXPECT_EQ(second.int64(0), 2);
}

TEST(Sqlite, ACachedStatementForgetsWhatWasBound) {
  const TemporaryDirectory directory;
  auto database = Database::open(directory / "a.db");
  ASSERT_TRUE(database);
  ASSERT_TRUE(database->prepare("SELECT ?").with(7).run());
  auto again = database->prepare("SELECT ?");
  ASSERT_TRUE(again.step().value());
  EXPECT_TRUE(again.isNull(0));
}

TEST(Sqlite, TellsTheFirstFaultWhenItIsStepped) {
  const TemporaryDirectory directory;
  auto database = Database::open(directory / "a.db");
  ASSERT_TRUE(database);
  EXPECT_FALSE(database->prepare("SELEKT 1").with(1).run());
  EXPECT_FALSE(database->prepare("SELECT ?").with(1, 2).run());
}

TEST(Sqlite, AConstraintIsAConflict) {
  const TemporaryDirectory directory;
  auto database = Database::open(directory / "a.db");
  ASSERT_TRUE(database && database->execute("CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES(1)"));
  const auto again = database->prepare("INSERT INTO t VALUES(1)").run();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
}

TEST(Sqlite, ATransactionThatIsNotCommittedLeavesNothing) {
  const TemporaryDirectory directory;
  auto database = Database::open(directory / "a.db");
  ASSERT_TRUE(database && database->execute("CREATE TABLE t(a)"));
  {
    auto transaction = Transaction::begin(*database);
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(database->prepare("INSERT INTO t VALUES(1)").run());
  }
  EXPECT_EQ(number(*database, "SELECT count(*) FROM t"), 0);
  auto transaction = Transaction::begin(*database);
  ASSERT_TRUE(transaction);
  ASSERT_TRUE(database->prepare("INSERT INTO t VALUES(1)").run());
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(number(*database, "SELECT count(*) FROM t"), 1);
}

TEST(Sqlite, AFullDiskFailsTheWholeTransactionWithOneClearLine) {
  const TemporaryDirectory directory;
  auto database = Database::open(directory / "a.db");
  ASSERT_TRUE(database && database->execute("CREATE TABLE t(a); CREATE TABLE u(a)"));
  // SQLite reports a file at its page limit as it reports a full disk.
  const auto pages = number(*database, "PRAGMA page_count");
  ASSERT_TRUE(database->prepare("PRAGMA max_page_count=" + std::to_string(pages + 2)).run());
  {
    auto transaction = Transaction::begin(*database);
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(database->prepare("INSERT INTO u VALUES(1)").run());
    auto insert = database->prepare("INSERT INTO t VALUES(zeroblob(100000))");
    const auto full = insert.run();
    ASSERT_FALSE(full);
    expectClear(full.error(), directory / "a.db");
    EXPECT_NE(full.error().context.find("disk is full"), std::string::npos);
    EXPECT_TRUE(full.error().retryable());
    EXPECT_FALSE(database->prepare("INSERT INTO u VALUES(2)").run());
    EXPECT_FALSE(transaction->commit());
  }
  EXPECT_EQ(number(*database, "SELECT count(*) FROM u"), 0);
}

TEST(Sqlite, NoStatementSlipsOutOfATransactionThatSqliteRolledBack) {
  const TemporaryDirectory directory;
  auto database = Database::open(directory / "a.db");
  ASSERT_TRUE(database && database->execute("CREATE TABLE t(a UNIQUE); INSERT INTO t VALUES(1)"));
  auto transaction = Transaction::begin(*database);
  ASSERT_TRUE(transaction);
  EXPECT_FALSE(database->prepare("INSERT OR ROLLBACK INTO t VALUES(1)").run());
  EXPECT_FALSE(database->prepare("INSERT INTO t VALUES(2)").run());
  EXPECT_FALSE(transaction->commit());
  {
    const auto ended = std::move(*transaction);
  }
  EXPECT_EQ(number(*database, "SELECT count(*) FROM t"), 1);
}

TEST(Sqlite, SaysWhatToChangeWhenTheDirectoryIsMissing) {
  const TemporaryDirectory directory;
  const auto path = directory / "missing/a.db";
  const auto database = Database::open(path);
  ASSERT_FALSE(database);
  expectClear(database.error(), path);
  EXPECT_NE(database.error().context.find("No such file or directory"), std::string::npos);
}

TEST(Sqlite, SaysWhatToChangeWhenTheDirectoryIsReadOnly) {
  const TemporaryDirectory directory;
  const auto path = directory / "a.db";
  std::filesystem::permissions(directory.path(), std::filesystem::perms(0555));
  const test::Unprivileged nobody;
  if (!nobody.isEffective()) GTEST_SKIP() << "cannot step down from root";
  const auto database = Database::open(path);
  ASSERT_FALSE(database);
  expectClear(database.error(), path);
}

TEST(Sqlite, SaysWhatToChangeWhenOnlyTheLogCannotBeWritten) {
  const TemporaryDirectory directory;
  const auto path = directory / "a.db";
  ASSERT_TRUE(Database::open(path));
  std::filesystem::permissions(path, std::filesystem::perms(0666));
  std::filesystem::permissions(directory.path(), std::filesystem::perms(0555));
  const test::Unprivileged nobody;
  if (!nobody.isEffective()) GTEST_SKIP() << "cannot step down from root";
  const auto database = Database::open(path);
  ASSERT_FALSE(database);
  expectClear(database.error(), path);
}

TEST(Sqlite, SaysWhatToChangeWhenItIsADirectory) {
  const TemporaryDirectory directory;
  const auto database = Database::open(directory.path().string());
  ASSERT_FALSE(database);
  expectClear(database.error(), directory.path().string());
}

TEST(Sqlite, SaysWhatToChangeWhenTheFileIsNoDatabase) {
  const TemporaryDirectory directory;
  const auto path = directory / "a.db";
  write(path, std::string(5000, 'x'));
  const auto database = Database::open(path);
  ASSERT_FALSE(database);
  expectClear(database.error(), path);
  EXPECT_NE(database.error().context.find("not a database"), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(path), 5000U);  // left as it was
}

TEST(Sqlite, FindsADamagedFileAtTheStart) {
  const TemporaryDirectory directory;
  const auto path = directory / "a.db";
  {
    auto database = Database::open(path);
    ASSERT_TRUE(database &&
                database->execute("CREATE TABLE t(a); CREATE INDEX i ON t(a);"
                                  "INSERT INTO t WITH RECURSIVE n(x) AS (SELECT 1 UNION"
                                  " ALL SELECT x+1 FROM n WHERE x<5000) SELECT x FROM n"));
  }
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096 * 3);
  file << std::string(4096, '\x5a');
  file.close();
  const auto database = Database::open(path);
  ASSERT_FALSE(database);
  expectClear(database.error(), path);
  EXPECT_NE(database.error().context.find("damaged"), std::string::npos);
}

constexpr std::array<std::string_view, 2> kMigrations = {
    "CREATE TABLE t(a INTEGER)", "ALTER TABLE t ADD COLUMN b INTEGER NOT NULL DEFAULT 7"};

Schema schemaOf(std::size_t versions) {
  return {0x7a7a, "test ledger", std::span(kMigrations).first(versions)};
}

TEST(Migrate, BringsAnOldFileToTheNewestVersionWithItsRows) {
  const TemporaryDirectory directory;
  {
    auto database = Database::open(directory / "a.db");
    ASSERT_TRUE(database && migrate(*database, schemaOf(1)));
    ASSERT_TRUE(database->execute("INSERT INTO t VALUES(1)"));
  }
  auto database = Database::open(directory / "a.db");
  ASSERT_TRUE(database && migrate(*database, schemaOf(2)));
  EXPECT_EQ(number(*database, "SELECT b FROM t"), 7);
  EXPECT_EQ(number(*database, "PRAGMA user_version"), 2);
  EXPECT_TRUE(migrate(*database, schemaOf(2)));
}

TEST(Migrate, RefusesAFileFromANewerProgram) {
  const TemporaryDirectory directory;
  auto database = Database::open(directory / "a.db");
  ASSERT_TRUE(database && migrate(*database, schemaOf(2)));
  const auto migrated = migrate(*database, schemaOf(1));
  ASSERT_FALSE(migrated);
  expectClear(migrated.error(), directory / "a.db");
  EXPECT_NE(migrated.error().context.find("newer"), std::string::npos);
}

TEST(Migrate, RefusesAnotherKindOfDatabase) {
  const TemporaryDirectory directory;
  auto database = Database::open(directory / "a.db");
  ASSERT_TRUE(database && database->execute("CREATE TABLE other(a)"));
  const auto migrated = migrate(*database, schemaOf(1));
  ASSERT_FALSE(migrated);
  EXPECT_NE(migrated.error().context.find("not a test ledger"), std::string::npos);
}

TEST(Migrate, AFailingStepLeavesTheFileAtTheVersionBefore) {
  const TemporaryDirectory directory;
  auto database = Database::open(directory / "a.db");
  const std::array<std::string_view, 2> broken = {kMigrations[0],
                                                  "CREATE TABLE u(a); CREATE TABLE t(a)"};
  ASSERT_TRUE(database);
  EXPECT_FALSE(migrate(*database, {0x7a7a, "test ledger", broken}));
  EXPECT_EQ(number(*database, "PRAGMA user_version"), 1);
  EXPECT_EQ(number(*database, "SELECT count(*) FROM sqlite_schema"), 1);
}

}  // namespace
}  // namespace vardnav::sqlite
