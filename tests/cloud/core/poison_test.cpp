// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a hub sends and the process ends at. The ends are real: a trigger of the database calls a
// function that kills the process amid the item, in a child.

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cloud/store/in_hand_file.h"
#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud {
namespace {

using namespace testing;
using wire::Stream;

void killThis(sqlite3_context* /*context*/, int /*count*/, sqlite3_value** /*values*/) {
  ::kill(::getpid(), SIGKILL);
}

int addKillThis(sqlite3* connection, const char** /*fault*/, const void* /*routines*/) {
  return sqlite3_create_function(connection, "kill_this", 0, SQLITE_UTF8, nullptr, &killThis,
                                 nullptr, nullptr);
}

class Poison : public ::testing::Test {
 protected:
  void SetUp() override {
    if (test::isOnPostgres()) GTEST_SKIP() << "the trigger is SQLite's";
    sqlite3_auto_extension(addKillThis_);
    auto opened = place_.open();
    ASSERT_TRUE(opened.has_value());
    ASSERT_TRUE(store::SqlRegistryStore(**opened).upsert(registryOfTwoCareGivers()).has_value());
    ASSERT_TRUE(
        (*opened)->execute("CREATE TRIGGER kills BEFORE INSERT ON observation WHEN"
                           " new.reading_key=x'" +
                           readingKey(2).toHex() + "' BEGIN SELECT kill_this(); END"));
  }

  void TearDown() override {
    if (!test::isOnPostgres()) sqlite3_cancel_auto_extension(addKillThis_);
  }

  /// By a process of its own; true: it was killed.
  bool endsAt(std::span<const Inbound> messages) {
    const pid_t child = ::fork();
    if (child == 0) {
      (void)take(messages);
      ::_exit(0);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }

  std::vector<Result<Ingested>> take(std::span<const Inbound> messages) {
    auto database = *place_.open();
    store::SqlCareStore careStore(*database);
    const auto inHand = store::InHandFile::open(directory_.file("in-hand"), "1");
    CareCore core(careStore, sink_, **inHand);
    return core.ingestAll(messages, at(10));
  }

  std::int64_t number(const std::string& sql) {
    auto database = *place_.open();
    auto statement = database->prepare(sql);
    EXPECT_TRUE(statement.step().value_or(false)) << sql;
    return statement.int64(0);
  }

  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): as SQLite's API is
  void (*const addKillThis_)() = reinterpret_cast<void (*)()>(&addKillThis);
  test::CareDatabase place_;
  TemporaryDirectory directory_;
  CountingSink sink_;
  const HubId hub_{"hub-1"};
  const std::string first_ = message(Stream::kReading, {readingItem(1, {glucose(1, 1, 55)})});
  const std::string bad_ = message(
      Stream::kReading, {readingItem(2, {glucose(2, 2, 55)}), readingItem(3, {glucose(3, 3, 55)})});
  const std::string last_ = message(Stream::kReading, {readingItem(4, {glucose(4, 4, 55)})});
};

TEST_F(Poison, AnItemThatEndsTheProcessTwiceIsSetAsideAndReceipted) {
  const Inbound group[] = {
      {hub_, "reading", first_}, {hub_, "reading", bad_}, {hub_, "reading", last_}};
  EXPECT_TRUE(endsAt(group));
  EXPECT_EQ(number("SELECT count(*) FROM reading_key"), 0) << "nothing of the group was committed";
  // Sent again in another company.
  const Inbound again[] = {{hub_, "reading", bad_}};
  EXPECT_TRUE(endsAt(again));

  const auto outcomes = take(group);
  ASSERT_TRUE(outcomes.at(2).has_value());
  const wire::Receipt& receipt = outcomes[2]->receipts.at(0);
  EXPECT_EQ(receipt.through, 4U);
  EXPECT_EQ(outcomes.at(1)->receipts.at(0).setAside, (std::vector<wire::SetAside>{{2, "poison"}}));
  EXPECT_EQ(number("SELECT count(*) FROM reading_key"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM set_aside WHERE reason='poison' AND sequence=2"
                   " AND length(body)>20"),
            1);
  EXPECT_EQ(number("SELECT count(*) FROM technical_alert WHERE kind='set-aside' AND hub='hub-1'"
                   " AND subject='poison' AND cleared_utc_ms IS NULL"),
            1);
}

TEST_F(Poison, AnItemAmidWhichTheProcessWasKilledOnceIsStored) {
  const Inbound group[] = {{hub_, "reading", first_}, {hub_, "reading", bad_}};
  EXPECT_TRUE(endsAt(group));
  ASSERT_TRUE((*place_.open())->execute("DROP TRIGGER kills").has_value());
  const auto outcomes = take(group);
  ASSERT_TRUE(outcomes.at(1).has_value());
  EXPECT_TRUE(outcomes[1]->setAside.empty());
  EXPECT_EQ(number("SELECT count(*) FROM reading_key"), 3);
}

/// As if the process had ended at everything before.
class EndsAtAll final : public InHandNote {
 public:
  std::uint32_t endings(const Key128& /*work*/) const override { return kPoison; }
  void begin(const Key128& /*work*/) override {}
  void end() override {}
  void done() override {}
  void gaveUp() override {}
};

TEST_F(Poison, AMessageThatEndsTheProcessBeforeItsItemsAreKnownIsSetAsideWhole) {
  auto database = *place_.open();
  store::SqlCareStore careStore(*database);
  EndsAtAll inHand;
  CareCore core(careStore, sink_, inHand);
  const auto ingested = core.ingest(hub_, "reading", first_, at(1));
  ASSERT_TRUE(ingested.has_value());
  EXPECT_EQ(ingested->setAside.at(0).reason, SetAsideReason::kPoison);
  EXPECT_EQ(number("SELECT count(*) FROM set_aside WHERE reason='poison'"), 1);
}

class InHand : public ::testing::Test {
 protected:
  std::unique_ptr<store::InHandFile> open(std::string_view version = "1") {
    auto opened = store::InHandFile::open(directory_.file("in-hand"), version);
    EXPECT_TRUE(opened.has_value());
    return *std::move(opened);
  }
  TemporaryDirectory directory_;
  const Key128 work_ = readingKey(1);
};

TEST_F(InHand, CountsEndingsUntilItIsDone) {
  EXPECT_EQ(open()->endings(work_), 0U);
  for (std::uint32_t n = 1; n <= 3; ++n) {
    open()->begin(work_);  // and ends there
    EXPECT_EQ(open()->endings(work_), n);
    EXPECT_EQ(open()->endings(work_), n) << "an ending is counted once";
  }
  {
    const auto note = open();
    note->begin(work_);
    note->gaveUp();
    note->begin(readingKey(2));
    note->done();
  }
  EXPECT_EQ(open()->endings(work_), 3U) << "given up is not done";
  {
    const auto note = open();
    note->begin(work_);
    note->end();  // and ends in the commit
  }
  EXPECT_EQ(open()->endings(work_), 3U);
  {
    const auto note = open();
    note->begin(work_);
    note->done();
  }
  EXPECT_EQ(open()->endings(work_), 0U);
}

TEST_F(InHand, ForgetsTheOldestWhenItIsFullAndAllWithANewVersion) {
  for (int n = 1; n <= 70; ++n) open()->begin(readingKey(n));
  EXPECT_EQ(open()->endings(readingKey(70)), 1U);
  EXPECT_EQ(open()->endings(readingKey(7)), 1U);
  EXPECT_EQ(open()->endings(readingKey(6)), 0U);
  EXPECT_EQ(open("2")->endings(readingKey(70)), 0U) << "it may be cured";
}

}  // namespace
}  // namespace vardnav::cloud
