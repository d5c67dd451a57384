// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a server can do to a connection, and what then is there.
#include "cloud/store/sql/postgres_database.h"

#include <gtest/gtest.h>

#include <limits>

#include "cloud/store/sql/placeholders.h"
#include "cloud/store/sql/sql_state.h"
#include "tests/support/care_database.h"
#include "tests/support/postgres_cluster.h"

namespace vardnav::cloud::sql {
namespace {

TEST(Placeholders, AreNumberedAsPostgresWantsThem) {
  EXPECT_EQ(numberedPlaceholders("SELECT ?, ? WHERE a='?' AND \"b?\"=?").text,
            "SELECT $1, $2 WHERE a='?' AND \"b?\"=$3");
  const NumberedSql numbered = numberedPlaceholders("SELECT ?2, ?1, ?2, 'it''s ?', ?12");
  EXPECT_EQ(numbered.text, "SELECT $2, $1, $2, 'it''s ?', $12");
  EXPECT_EQ(numbered.parameters, 12);
  EXPECT_EQ(numberedPlaceholders("").parameters, 0);
}

TEST(SqlState, BlamesAReadingOnlyForItsOwnValues) {
  for (const char* state : {"22021", "22P02", "22003", "54000"}) {
    EXPECT_EQ(codeOfSqlState(state), ErrorCode::kInvalidInput) << state;
  }
  for (const char* state : {"23505", "23503", "23000"}) {
    EXPECT_EQ(codeOfSqlState(state), ErrorCode::kConflict) << state;
  }
  // Lost, ending, full, busy, deadlock, no right, no such table, a transaction that has failed.
  for (const char* state : {"08006", "57P01", "57P03", "53100", "53300", "40P01", "40001", "42501",
                            "42P01", "25P02", "57014", "55P03", "XX000", "25006", "58030"}) {
    EXPECT_TRUE((Error{codeOfSqlState(state), ""}.retryable())) << state;
  }
}

struct OnPostgres : testing::Test {
  void SetUp() override {
    if (!test::isOnPostgres()) GTEST_SKIP() << "of PostgreSQL";
    place.emplace();
    ours = open();
    ASSERT_TRUE(ours->execute("CREATE TABLE scrap(number BIGINT, text TEXT, octets BYTEA)"));
  }
  std::unique_ptr<PostgresDatabase> open() const {
    const std::string where = place->where();
    auto opened = PostgresDatabase::open(where.substr(where.find(':') + 1), false);
    EXPECT_TRUE(opened) << opened.error().context;
    return opened ? *std::move(opened) : nullptr;
  }
  /// The server ends our session, as an administrator or a restart does.
  void endOurSession() {
    auto who = ours->prepare("SELECT pg_backend_pid()");
    ASSERT_TRUE(*who.step());
    test::sharedCluster().run("SELECT pg_terminate_backend(" + std::to_string(who.int64(0)) +
                              ", 10000)");
  }
  std::int64_t rows() {
    auto count = ours->prepare("SELECT count(*) FROM scrap");
    const auto row = count.step();
    EXPECT_TRUE(row) << row.error().context;
    return row ? count.int64(0) : -1;
  }

  std::optional<test::CareDatabase> place;
  std::unique_ptr<PostgresDatabase> ours;
};

TEST_F(OnPostgres, GivesBackWhatWasWritten) {
  std::string octets;
  for (int i = 0; i < 256; ++i) octets += static_cast<char>(i);
  const std::string text = "å ' \" \\ ? $1\n";
  auto insert = ours->prepare("INSERT INTO scrap VALUES(?,?,?)");
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  const ByteView view(reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size());
  ASSERT_TRUE(insert.with(kLeast, text, view).run());
  EXPECT_EQ(ours->changes(), 1);
  ASSERT_TRUE(insert.with(-1, std::string(), std::optional<std::int64_t>()).run());
  auto read = ours->prepare("SELECT number, text, octets FROM scrap ORDER BY number");
  ASSERT_TRUE(*read.step());
  EXPECT_EQ(read.int64(0), kLeast);
  EXPECT_EQ(read.text(1), text);
  EXPECT_TRUE(std::ranges::equal(read.blob(2), view));
  ASSERT_TRUE(*read.step());
  EXPECT_EQ(read.int64(0), -1);
  EXPECT_FALSE(read.isNull(1));
  EXPECT_EQ(read.text(1), "");
  EXPECT_TRUE(read.isNull(2));
  EXPECT_FALSE(*read.step());
}

TEST_F(OnPostgres, RefusesWhatIsNoTextForItsValue) {
  for (const std::string& text : {std::string("\xFF"), std::string("a\0b", 3)}) {
    const auto done = ours->prepare("INSERT INTO scrap(text) VALUES(?)").with(text).run();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(done.error().context.find('\n'), std::string::npos);
  }
}

TEST_F(OnPostgres, KeepsNothingOfATransactionThatLostItsConnection) {
  {
    auto transaction = Transaction::begin(*ours);
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(ours->execute("INSERT INTO scrap VALUES(1)"));
    endOurSession();
    const auto next = ours->execute("INSERT INTO scrap VALUES(2)");
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code, ErrorCode::kUnavailable);
    EXPECT_FALSE(ours->isThere());
    // No statement of it goes to another connection, where it would be committed by itself.
    EXPECT_FALSE(ours->execute("INSERT INTO scrap VALUES(3)"));
    EXPECT_FALSE(ours->prepare("INSERT INTO scrap VALUES(4)").run());
    EXPECT_FALSE(transaction->commit());
  }
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(ours->isThere());
}

TEST_F(OnPostgres, SaysOfACommitWithoutAnAnswerThatItIsUnknown) {
  auto transaction = Transaction::begin(*ours);
  ASSERT_TRUE(ours->execute("INSERT INTO scrap VALUES(1)"));
  endOurSession();
  const auto done = transaction->commit();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kUnavailable);
}

TEST_F(OnPostgres, DoesNotTakeARolledBackCommitForDone) {
  auto transaction = Transaction::begin(*ours);
  ASSERT_TRUE(ours->execute("INSERT INTO scrap VALUES(1)"));
  EXPECT_FALSE(ours->execute("INSERT INTO nothing VALUES(1)"));
  EXPECT_FALSE(transaction->commit()) << "COMMIT of a failed transaction is a ROLLBACK";
}

TEST_F(OnPostgres, ReadsAndBeginsOnANewConnectionAfterARestart) {
  endOurSession();
  EXPECT_EQ(rows(), 0);
  endOurSession();
  auto transaction = Transaction::begin(*ours);
  ASSERT_TRUE(transaction) << transaction.error().context;
  ASSERT_TRUE(ours->prepare("INSERT INTO scrap VALUES(?)").with(1).run());
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(rows(), 1);
}

TEST_F(OnPostgres, StaysAloneOverALostConnection) {
  ASSERT_TRUE(ours->serveAlone());
  const auto other = open();
  EXPECT_EQ(other->serveAlone().error().code, ErrorCode::kUnavailable);
  endOurSession();
  EXPECT_EQ(rows(), 0) << "and holds the lock again";
  EXPECT_FALSE(open()->serveAlone());
}

TEST_F(OnPostgres, WritesNothingOnceAnotherServes) {
  ASSERT_TRUE(ours->serveAlone());
  const auto other = open();
  endOurSession();
  ASSERT_TRUE(other->serveAlone());
  EXPECT_FALSE(ours->execute("INSERT INTO scrap VALUES(1)"));
  auto count = other->prepare("SELECT count(*) FROM scrap");
  ASSERT_TRUE(*count.step());
  EXPECT_EQ(count.int64(0), 0);
}

TEST_F(OnPostgres, HearsOfWhatOthersNoteAndOfItsOwnAbsence) {
  EXPECT_TRUE(*ours->hasChangedOutside());
  EXPECT_FALSE(*ours->hasChangedOutside());
  ASSERT_TRUE(ours->noteChange());
  EXPECT_EQ(rows(), 0);
  EXPECT_FALSE(*ours->hasChangedOutside()) << "its own word";
  const auto other = open();
  ASSERT_TRUE(other->noteChange());
  EXPECT_EQ(rows(), 0);  // an answer brings the note with it
  EXPECT_TRUE(*ours->hasChangedOutside());
  endOurSession();
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(*ours->hasChangedOutside());
}

}  // namespace
}  // namespace vardnav::cloud::sql
