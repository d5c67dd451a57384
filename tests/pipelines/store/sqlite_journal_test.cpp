// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What only a journal on disk must do: survive being killed, migrate, and say what is wrong.
#include "pipelines/store/sqlite_journal.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include "pipelines/sqlite/migrate.h"
#include "pipelines/store/schema.h"
#include "rules/engine/state.h"
#include "tests/support/observations.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/unprivileged.h"

namespace vardnav::store {
namespace {

using test::glucose;
using test::kMorning;
using test::lowGlucose;
using test::TemporaryDirectory;
using wire::Stream;

Result<void> storeOne(SqliteJournal& journal, std::uint32_t key) {
  auto transaction = journal.begin();
  if (!transaction) return std::unexpected(transaction.error());
  hub::Capture capture;
  capture.key = test::keyOf(key);
  capture.record.device = DeviceId("C0:FF:EE:00:00:01");
  capture.record.characteristic = "2A18";
  capture.record.bytes = {0x0B, 0x01};
  capture.record.recordNumber = key;
  capture.disposition = intake::Disposition::kAccepted;
  if (auto done = (*transaction)->insertCapture(capture); !done) {
    return std::unexpected(done.error());
  }
  if (auto done = (*transaction)->insertObservation(glucose(key, 52)); !done) return done;
  if (auto done = (*transaction)->enqueueReading(capture.key, kMorning); !done) return done;
  if (auto done = (*transaction)->enqueueAlert(lowGlucose(100000 + key, key), kMorning); !done) {
    return done;
  }
  return (*transaction)->commit();
}

std::int64_t number(const std::string& path, std::string_view sql) {
  auto database = sqlite::Database::openAgain(path).value();
  auto statement = database.prepare(sql);
  EXPECT_TRUE(statement.step().value()) << sql;
  return statement.int64(0);
}

TEST(SqliteJournal, BeginsAnEpochOfItsOwnAndKeepsIt) {
  const TemporaryDirectory directory;
  const auto first = SqliteJournal::open(directory / "a.db").value()->epoch();
  EXPECT_EQ(first.value.size(), 32U);
  EXPECT_EQ(SqliteJournal::open(directory / "a.db").value()->epoch(), first);
  EXPECT_NE(SqliteJournal::open(directory / "b.db").value()->epoch(), first);
}

TEST(SqliteJournal, LosesNothingCommittedAndKeepsNothingElseWhenItIsKilled) {
  const TemporaryDirectory directory;
  const auto path = directory / "journal.db";
  std::set<std::uint32_t> told;
  for (std::uint32_t round = 0; round < 8; ++round) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {  // commits and tells, until it is killed in the middle of something
      auto journal = SqliteJournal::open(path);
      if (!journal) _exit(2);
      for (std::uint32_t key = round * 10000 + 1;; ++key) {
        if (!storeOne(**journal, key)) _exit(3);
        if (write(pipe[1], &key, sizeof key) != sizeof key) _exit(4);
      }
    }
    close(pipe[1]);
    std::uint32_t key = 0;
    for (std::uint32_t count = 0; count < 5 + round * 7; ++count) {
      ASSERT_EQ(read(pipe[0], &key, sizeof key), static_cast<ssize_t>(sizeof key));
      told.insert(key);
    }
    kill(child, SIGKILL);
    while (read(pipe[0], &key, sizeof key) == static_cast<ssize_t>(sizeof key)) told.insert(key);
    close(pipe[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child failed: " << WEXITSTATUS(status);
  }

  const auto journal = SqliteJournal::open(path).value();
  const auto items = journal->pending(Stream::kReading, 0, 1000000).value();
  const auto alerts = journal->pending(Stream::kAlert, 0, 1000000).value();
  std::set<std::uint32_t> kept;
  std::uint64_t sequence = 0;
  for (const auto& item : items) {
    EXPECT_EQ(item.item.sequence, ++sequence);  // no gap, nothing twice
    const auto& observations = std::get<wire::ReadingItem>(item.item.body).observations;
    ASSERT_EQ(observations.size(), 1U);  // whole records only
    kept.insert(*observations[0].recordNumber);
  }
  EXPECT_EQ(kept.size(), items.size());
  EXPECT_EQ(alerts.size(), items.size());
  for (const std::uint32_t key : told) EXPECT_TRUE(kept.contains(key)) << key;
  // Killed between commit and telling: at most one a round.
  EXPECT_LE(kept.size(), told.size() + 8);
}

TEST(SqliteJournal, GivesBackTheSameItemsAfterARestart) {
  const TemporaryDirectory directory;
  {
    const auto journal = SqliteJournal::open(directory / "a.db").value();
    for (std::uint32_t key = 1; key <= 3; ++key) ASSERT_TRUE(storeOne(*journal, key));
    wire::Receipt receipt;
    receipt.epoch = journal->epoch();
    receipt.stream = Stream::kReading;
    receipt.through = 3;
    ASSERT_TRUE(journal->forget(receipt));
  }
  const auto journal = SqliteJournal::open(directory / "a.db").value();
  EXPECT_TRUE(journal->pending(Stream::kReading, 0, 9)->empty());
  EXPECT_EQ(journal->pending(Stream::kAlert, 0, 9)->size(), 3U);
  EXPECT_EQ(journal->lastRecordNumber(DeviceId("C0:FF:EE:00:00:01"), "2A18").value(), 3U);
  ASSERT_TRUE(storeOne(*journal, 4));
  EXPECT_EQ(journal->pending(Stream::kReading, 0, 9)->at(0).item.sequence, 4U);
}

TEST(SqliteJournal, ForgettingKeepsTheReadingsThemselves) {
  const TemporaryDirectory directory;
  const auto path = directory / "a.db";
  const auto journal = SqliteJournal::open(path).value();
  ASSERT_TRUE(storeOne(*journal, 1));
  wire::Receipt receipt;
  receipt.epoch = journal->epoch();
  receipt.stream = Stream::kReading;
  receipt.through = 1;
  ASSERT_TRUE(journal->forget(receipt));
  EXPECT_EQ(number(path, "SELECT count(*) FROM observation"), 1);
  EXPECT_EQ(number(path, "SELECT count(*) FROM outbox WHERE stream = 'reading'"), 0);
}

TEST(SqliteJournal, KeepsTheNewestConfigurationOverARestart) {
  const TemporaryDirectory directory;
  const auto path = directory / "a.db";
  {
    const auto journal = SqliteJournal::open(path).value();
    EXPECT_EQ(journal->configuration().value(), std::nullopt);
    ASSERT_TRUE(journal->setConfiguration({7, "{\"payload\":\"å\"}"}));
    ASSERT_TRUE(journal->setConfiguration({8, "newer"}));
  }
  const auto journal = SqliteJournal::open(path).value();
  EXPECT_EQ(journal->configuration().value(), (hub::StoredConfiguration{8, "newer"}));
}

/// Each published version, filled with rows, must reach the newest with them.
TEST(SqliteJournal, MigratesEveryPublishedVersionWithItsRows) {
  const auto& schema = journalSchema();
  for (std::size_t version = 1; version <= schema.migrations.size(); ++version) {
    const TemporaryDirectory directory;
    const auto path = directory / "a.db";
    {
      auto database = sqlite::Database::open(path).value();
      auto old = schema;
      old.migrations = schema.migrations.first(version);
      ASSERT_TRUE(sqlite::migrate(database, old));
      std::ifstream rows(VARDNAV_TEST_DATA "/journal/version-" + std::to_string(version) + ".sql");
      ASSERT_TRUE(rows) << "tests/data/journal has no rows for version " << version;
      const std::string script(std::istreambuf_iterator<char>(rows), {});
      const auto filled = database.execute(script);
      ASSERT_TRUE(filled) << filled.error().context;
    }
    const auto journal = SqliteJournal::open(path);
    ASSERT_TRUE(journal) << journal.error().context;
    EXPECT_EQ((*journal)->epoch(), EpochId("5f1c2a9e0b7d4c3896a1e2d3f4b5c6d7"));
    const auto readings = (*journal)->pending(Stream::kReading, 0, 99).value();
    ASSERT_EQ(readings.size(), 2U);
    EXPECT_EQ(readings[0].item.sequence, 41U);
    EXPECT_EQ(std::get<wire::ReadingItem>(readings[1].item.body).observations.size(), 2U);
    const auto alerts = (*journal)->pending(Stream::kAlert, 0, 99).value();
    ASSERT_EQ(alerts.size(), 1U);
    const auto& alert = std::get<wire::AlertItem>(alerts[0].item.body);
    EXPECT_EQ(alert.verdict.title.sv, "Lågt blodsocker");
    EXPECT_EQ(alert.observations.size(), 1U);
    const auto transaction = (*journal)->begin().value();
    const auto state = transaction->ruleState(PersonId("p-7f3a"), RuleId("glucose-low")).value();
    ASSERT_TRUE(state);
    const auto decoded = rules::decodeState(*state);
    ASSERT_TRUE(decoded) << "of version " << version;
    EXPECT_NE(decoded->newestEvent, rules::kNever);
    EXPECT_EQ(decoded->checkpoints.all().empty(), version < 4);  // there were none before
    EXPECT_EQ(state->standing.find('|'), std::string::npos);
    EXPECT_EQ(transaction->nextCaptureCounter().value(), 18U);
  }
}

TEST(SqliteJournal, SaysWhatToChangeForEveryKindOfBadFile) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "text.db") << std::string(5000, 'x');
  {
    auto newer = sqlite::Database::open(directory / "newer.db").value();
    ASSERT_TRUE(sqlite::migrate(newer, journalSchema()) &&
                newer.execute("PRAGMA user_version = 99"));
    auto other = sqlite::Database::open(directory / "other.db").value();
    ASSERT_TRUE(other.execute("CREATE TABLE t(a)"));
  }
  for (const auto& [name, words] : {std::pair{"text.db", "not a database"},
                                    {"newer.db", "newer Vardnav"},
                                    {"other.db", "not a hub journal"},
                                    {"missing/journal.db", "No such file"}}) {
    const auto journal = SqliteJournal::open(directory / name);
    ASSERT_FALSE(journal) << name;
    EXPECT_EQ(journal.error().code, ErrorCode::kStorage);
    const auto& line = journal.error().context;
    EXPECT_NE(line.find(words), std::string::npos) << line;
    EXPECT_NE(line.find(directory / name), std::string::npos) << line;
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
  }
}

TEST(SqliteJournal, SaysWhatToChangeWhenTheDirectoryIsReadOnly) {
  const TemporaryDirectory directory;
  std::filesystem::permissions(directory.path(), std::filesystem::perms(0555));
  const test::Unprivileged nobody;
  if (!nobody.isEffective()) GTEST_SKIP() << "cannot step down from root";
  const auto journal = SqliteJournal::open(directory / "journal.db");
  ASSERT_FALSE(journal);
  EXPECT_NE(journal.error().context.find("Permission denied"), std::string::npos);
}

TEST(SqliteJournal, RefusesASecondTransactionBesideTheFirst) {
  const TemporaryDirectory directory;
  const auto journal = SqliteJournal::open(directory / "a.db").value();
  const auto first = journal->begin().value();
  EXPECT_FALSE(journal->begin());
}

}  // namespace
}  // namespace vardnav::store
