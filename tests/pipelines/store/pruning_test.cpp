// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Room: what may be removed, what never, and what happens at the bound.
#include "pipelines/store/pruning.h"

#include <gtest/gtest.h>

#include "pipelines/store/capture_chain.h"
#include "pipelines/store/capture_rows.h"
#include "pipelines/store/sqlite_journal.h"
#include "tests/support/observations.h"
#include "tests/support/temporary_directory.h"

namespace vardnav::store {
namespace {

using namespace std::chrono_literals;
using intake::Disposition;
using test::glucose;
using test::keyOf;
using test::kMorning;
using wire::Stream;

constexpr UtcTime kOld = kMorning - std::chrono::days{500};
constexpr UtcTime kBefore = kMorning - std::chrono::days{400};

class Pruning : public testing::Test {
 protected:
  Result<void> tryStore(const Observation& observation,
                        Disposition disposition = Disposition::kAccepted,
                        std::optional<std::int64_t> period = std::nullopt) {
    auto transaction = journal_->begin();
    if (!transaction) return std::unexpected(transaction.error());
    hub::Capture capture;
    capture.key = observation.reading;
    capture.record.device = observation.device;
    capture.record.characteristic = "2A18";
    capture.record.recordNumber = observation.recordNumber;
    capture.record.bytes = {0x0B, 0x01};
    capture.record.receivedAt = observation.receivedAt;
    capture.disposition = disposition;
    capture.clockPeriod = period;
    if (auto done = (*transaction)->insertCapture(capture); !done) {
      return std::unexpected(done.error());
    }
    if (auto done = (*transaction)->insertObservation(observation); !done) return done;
    if (disposition == Disposition::kAccepted) {
      auto queued = (*transaction)->enqueueReading(observation.reading, observation.receivedAt);
      if (!queued) return queued;
    }
    return (*transaction)->commit();
  }
  void store(std::uint32_t key, UtcTime at, Disposition disposition = Disposition::kAccepted,
             std::optional<std::int64_t> period = std::nullopt) {
    ASSERT_TRUE(tryStore(glucose(key, 70, at), disposition, period));
  }
  void receive(std::uint64_t through, Stream stream = Stream::kReading) {
    ASSERT_TRUE(journal_->forget({HubId("h"), journal_->epoch(), stream, through, {}, {}}));
  }
  std::size_t pruneAll(UtcTime before = kBefore, std::size_t atOnce = 3) {
    std::size_t pruned = 0;
    std::int64_t after = 0;
    for (;;) {
      const auto step = journal_->prune(before, after, atOnce).value();
      pruned += step.captures;
      if (step.isAll) return pruned;
      after = step.last;
    }
  }
  bool isThere(std::uint32_t key) {
    return journal_->begin().value()->capture(keyOf(key)).value().has_value();
  }
  std::uint64_t captures() { return journal_->summary().value().captures; }
  bool isChainWhole() {
    auto database = sqlite::Database::openReadOnly(directory_ / "journal.db").value();
    return checkChain(database, {}, 10'000).value().isWhole;
  }

  test::TemporaryDirectory directory_;
  std::unique_ptr<SqliteJournal> journal_ = SqliteJournal::open(directory_ / "journal.db").value();
};

TEST_F(Pruning, RemovesWhatIsOldAndReceivedAndKnowsItAllTheSame) {
  for (std::uint32_t key = 1; key <= 7; ++key) store(key, kOld);
  store(8, kMorning);
  receive(8);
  EXPECT_EQ(pruneAll(), 7U);
  EXPECT_EQ(captures(), 1U);
  EXPECT_TRUE(journal_->begin()
                  .value()
                  ->observations(PersonId("p-7f3a"), Code::kGlucose, kOld, kBefore)
                  .value()
                  .empty());
  const auto transaction = journal_->begin().value();
  hub::Capture again;
  again.key = keyOf(3);
  again.record.device = DeviceId("C0:FF:EE:00:00:01");
  EXPECT_FALSE(transaction->insertCapture(again).value()) << "it comes again, and is known";
}

TEST_F(Pruning, NeverTouchesWhatHasNoReceipt) {
  for (std::uint32_t key = 1; key <= 4; ++key) store(key, kOld);
  store(9, kMorning);
  receive(2);
  EXPECT_EQ(pruneAll(), 2U);
  EXPECT_TRUE(isThere(3) && isThere(4));
  EXPECT_EQ(journal_->pending(Stream::kReading, 0, 99).value().size(), 3U);
}

TEST_F(Pruning, KeepsWhatAnAlertWithoutAReceiptShows) {
  store(1, kOld);
  store(2, kOld);
  store(9, kMorning);
  {
    const auto transaction = journal_->begin().value();
    ASSERT_TRUE(transaction->enqueueAlert(test::lowGlucose(77, 1, kOld), kOld));
    ASSERT_TRUE(transaction->commit());
  }
  receive(3);
  EXPECT_EQ(pruneAll(), 1U);
  const auto alerts = journal_->pending(Stream::kAlert, 0, 9).value();
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(std::get<wire::AlertItem>(alerts[0].item.body).observations.size(), 1U);
  receive(1, Stream::kAlert);
  EXPECT_EQ(pruneAll(), 1U);
  EXPECT_FALSE(isThere(1));
}

TEST_F(Pruning, LeavesQuarantineToAPersonAndTheCursorToItsDevice) {
  store(1, kOld, Disposition::kQuarantined);
  store(2, kOld, Disposition::kRefused);
  store(4, kOld - std::chrono::days{365}, Disposition::kRefused);
  Observation other = glucose(50, 70, kOld);
  other.device = DeviceId("C0:FF:EE:00:00:09");
  ASSERT_TRUE(tryStore(other));
  store(3, kOld);
  store(9, kMorning);
  receive(3);
  EXPECT_EQ(pruneAll(), 2U);
  EXPECT_TRUE(isThere(1));
  EXPECT_TRUE(isThere(2)) << "no backend has what was refused: it stays a year longer";
  EXPECT_FALSE(isThere(4));
  EXPECT_FALSE(isThere(3));
  EXPECT_EQ(journal_->lastRecordNumber(other.device, "2A18").value(), 50U);
  EXPECT_EQ(journal_->lastRecordNumber(DeviceId("C0:FF:EE:00:00:01"), "2A18").value(), 9U);
}

TEST_F(Pruning, GoesByTheTimeThatIsKnownToday) {
  std::int64_t period = 0;
  {
    const auto transaction = journal_->begin().value();
    period = transaction->insertClockPeriod({0, "boot", kOld, SteadyTime{}, false}).value();
    ASSERT_TRUE(transaction->commit());
  }
  store(1, kOld, Disposition::kAccepted, period);
  store(9, kMorning);
  receive(2);
  EXPECT_EQ(pruneAll(), 0U) << "its time is not known yet";
  const auto transaction = journal_->begin().value();
  ASSERT_TRUE(transaction->correctClockPeriod(period, kMorning - kOld));
  ASSERT_TRUE(transaction->setPlacedAnew(keyOf(1)));
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(pruneAll(), 0U) << "it came this morning";
  EXPECT_EQ(pruneAll(kMorning + 1h), 1U);
}

TEST_F(Pruning, OneWrongTimeDoesNotHideWhatIsOldBehindIt) {
  store(1, kMorning + std::chrono::days{20000});
  for (std::uint32_t key = 2; key <= 9; ++key) store(key, kOld);
  store(20, kMorning);
  receive(10);
  EXPECT_EQ(pruneAll(), 8U);
}

TEST_F(Pruning, LeavesTheChainWhole) {
  for (std::uint32_t key = 1; key <= 12; ++key) {
    store(key, kOld, key % 5 == 0 ? Disposition::kQuarantined : Disposition::kAccepted);
  }
  store(20, kMorning);
  receive(11);
  EXPECT_EQ(pruneAll(), 10U);
  EXPECT_TRUE(isChainWhole());
  store(21, kMorning);
  EXPECT_TRUE(isChainWhole());
  auto database = sqlite::Database::openAgain(directory_ / "journal.db").value();
  ASSERT_TRUE(database.execute("UPDATE capture SET bytes = x'00' WHERE id = 10"));
  EXPECT_FALSE(isChainWhole()) << "a changed octet shows also behind what was removed";
}

/// As a damaged journal leaves it: ids are missing, and the rest is chained over them.
TEST_F(Pruning, LeavesTheChainWholeBesideAGap) {
  for (std::uint32_t key = 1; key <= 9; ++key) store(key, key < 5 ? kOld : kMorning);
  receive(9);
  {
    auto database = sqlite::Database::openAgain(directory_ / "journal.db").value();
    ASSERT_TRUE(
        database.execute("DELETE FROM observation WHERE reading IN"
                         " (SELECT key FROM capture WHERE id IN (3, 5));"
                         "DELETE FROM capture WHERE id IN (3, 5)"));
    ASSERT_TRUE(chainAnew(database));
  }
  ASSERT_TRUE(isChainWhole());
  EXPECT_EQ(pruneAll(), 3U);
  EXPECT_TRUE(isChainWhole());
  auto database = sqlite::Database::openAgain(directory_ / "journal.db").value();
  ASSERT_TRUE(
      database.execute("DELETE FROM observation WHERE reading IN"
                       " (SELECT key FROM capture WHERE id = 6);"
                       "DELETE FROM capture WHERE id = 6"));
  EXPECT_FALSE(isChainWhole()) << "what goes missing behind it shows";
}

TEST_F(Pruning, RemovesOldVerdictsThatNobodyWaitsFor) {
  store(9, kMorning);
  {
    const auto transaction = journal_->begin().value();
    ASSERT_TRUE(transaction->enqueueAlert(test::lowGlucose(77, 1, kOld), kOld));
    ASSERT_TRUE(transaction->enqueueAlert(test::lowGlucose(78, 9, kMorning), kMorning));
    ASSERT_TRUE(transaction->commit());
  }
  pruneAll();
  EXPECT_EQ(journal_->pending(Stream::kAlert, 0, 9).value().size(), 2U);
  receive(2, Stream::kAlert);
  pruneAll();
  auto database = sqlite::Database::openReadOnly(directory_ / "journal.db").value();
  auto row = database.prepare("SELECT count(*), (SELECT count(*) FROM verdict_input) FROM verdict");
  ASSERT_TRUE(row.step().value());
  EXPECT_EQ(row.int64(0), 1);
  EXPECT_EQ(row.int64(1), 1);
}

TEST_F(Pruning, AtTheBoundNothingAcceptedIsLostAndRoomMakesItTakeRecordsAgain) {
  constexpr std::uint64_t kBound = 400'000;
  ASSERT_TRUE(journal_->setBound(kBound));
  std::uint32_t key = 0;
  std::optional<Error> fault;
  while (!fault && key < 5000) {
    ++key;
    if (auto done = tryStore(glucose(key, 70, kOld + key * 1s)); !done) fault = done.error();
  }
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->code, ErrorCode::kStorage);
  EXPECT_NE(fault->context.find("bound"), std::string::npos) << fault->context;
  const std::uint64_t accepted = key - 1;
  EXPECT_GT(accepted, 100U);
  EXPECT_FALSE(isThere(key)) << "nothing half done";
  EXPECT_EQ(captures(), accepted);
  EXPECT_EQ(journal_->pending(Stream::kReading, 0, 5000).value().size(), accepted);
  const auto full = journal_->space().value();
  EXPECT_LE(full.bound, kBound);
  EXPECT_GT(full.used + 20'000, full.bound);

  receive(accepted);  // also at the bound
  EXPECT_TRUE(journal_->pending(Stream::kReading, 0, 9).value().empty());
  EXPECT_EQ(pruneAll(kBefore, 200), accepted - 1);
  EXPECT_LT(journal_->space().value().used, full.used / 2);
  for (std::uint32_t more = key; more < key + 100; ++more) {
    ASSERT_TRUE(tryStore(glucose(more, 70, kMorning))) << more;
  }
  EXPECT_TRUE(isChainWhole());
  EXPECT_TRUE(journal_->probe());
  EXPECT_EQ(sqlite::isDamaged(directory_ / "journal.db"), false);
}

/// Where every other capture waits for its receipt, what goes frees no page, and the keys that stay
/// need some.
TEST_F(Pruning, MakesRoomAtTheBoundAlsoWhereWhatGoesIsScattered) {
  ASSERT_TRUE(journal_->setBound(500'000));
  std::uint32_t key = 0;
  while (tryStore(glucose(key + 1, 70, kOld + key * 1s)) && key < 5000) ++key;
  ASSERT_GT(key, 200U);
  wire::Receipt receipt{HubId("h"), journal_->epoch(), Stream::kReading, key, {}, {}};
  for (std::uint32_t odd = 1; odd <= key; odd += 2) receipt.gaps.push_back({odd, odd});
  ASSERT_TRUE(journal_->forget(receipt));
  {
    // To the last page: what the receipt has freed is taken again.
    auto database = sqlite::Database::openAgain(directory_ / "journal.db").value();
    ASSERT_TRUE(setBound(database, 500'000));
    while (
        database.execute("INSERT INTO verdict SELECT randomblob(16), '', '', '', '', '', '',"
                         " hex(randomblob(400)), '', '', '', 0, 9e15, 0, NULL, NULL, 0, '', ''")) {
    }
  }
  std::size_t pruned = 0;
  std::int64_t after = 0;
  for (bool isAll = false; !isAll;) {
    const auto step = journal_->prune(kBefore, after, 20);
    ASSERT_TRUE(step) << step.error().context << " after " << pruned;
    pruned += step->captures;
    isAll = step->isAll;
    after = step->last;
  }
  EXPECT_EQ(pruned, key / 2 - (key % 2 == 0 ? 1 : 0));
  EXPECT_TRUE(isChainWhole());
  const auto space = journal_->space().value();
  EXPECT_LE(space.bound, 500'000U) << "the bound is what it was";
}

TEST_F(Pruning, RemovesManyVerdictsInSmallTransactions) {
  store(9, kMorning);
  {
    const auto transaction = journal_->begin().value();
    for (std::uint32_t key = 100; key < 110; ++key) {
      ASSERT_TRUE(transaction->enqueueAlert(test::lowGlucose(key, 9, kOld), kOld));
    }
    ASSERT_TRUE(transaction->commit());
  }
  receive(10, Stream::kAlert);
  const auto verdicts = [this] {
    auto database = sqlite::Database::openReadOnly(directory_ / "journal.db").value();
    auto row = database.prepare("SELECT count(*) FROM verdict");
    EXPECT_TRUE(row.step().value());
    return row.int64(0);
  };
  EXPECT_FALSE(journal_->prune(kBefore, 0, 4).value().isAll);
  EXPECT_EQ(verdicts(), 6);
  pruneAll();
  EXPECT_EQ(verdicts(), 0);
}

/// What is removed is looked for in what waits: with 30 days of it that must be no scan.
TEST_F(Pruning, FindsWhatWaitsByAnIndex) {
  auto database = sqlite::Database::openReadOnly(directory_ / "journal.db").value();
  for (const auto& [sql, index] :
       {std::pair{"SELECT 1 FROM outbox WHERE reading = x'00'", "outbox_by_reading"},
        {"SELECT 1 FROM outbox WHERE verdict = x'00'", "outbox_by_verdict"},
        {"SELECT 1 FROM verdict_input WHERE reading = x'00'", "verdict_input_by_reading"},
        {"SELECT key FROM verdict WHERE told_utc_ms < 1 ORDER BY told_utc_ms",
         "verdict_by_told"}}) {
    auto plan = database.prepare(std::string("EXPLAIN QUERY PLAN ") + sql);
    ASSERT_TRUE(plan.step().value()) << sql;
    EXPECT_NE(plan.text(3).find(index), std::string::npos) << plan.text(3);
  }
}

TEST_F(Pruning, AnAliasIsKnownAlsoWhenItsCaptureIsGone) {
  store(1, kOld);
  store(9, kMorning);
  {
    const auto transaction = journal_->begin().value();
    EXPECT_EQ(transaction->insertAlias(keyOf(71), keyOf(1)).value(), hub::AliasInsert::kNew);
    ASSERT_TRUE(transaction->commit());
  }
  receive(2);
  EXPECT_EQ(pruneAll(), 1U);
  const auto transaction = journal_->begin().value();
  hub::Capture again;
  again.key = keyOf(71);
  EXPECT_FALSE(transaction->insertCapture(again).value());
  EXPECT_EQ(transaction->insertAlias(keyOf(1), keyOf(9)).value(), hub::AliasInsert::kAnothers);
}

/// hub.toml allows no bound below 64 MB: more than 30 days of a busy household without a receipt.
TEST_F(Pruning, ABusyMonthWithoutAReceiptIsFarFromTheLeastBound) {
  constexpr std::uint32_t kSample = 2000;
  constexpr std::uint64_t kMonth = 20'000;
  const auto before = journal_->space().value().used;
  for (std::uint32_t key = 1; key <= kSample; ++key) store(key, kMorning + key * 130s);
  const auto each = (journal_->space().value().used - before) / kSample;
  EXPECT_LT(each, 1200U);
  EXPECT_LT(each * kMonth, std::uint64_t{32} << 20U);
}

}  // namespace
}  // namespace vardnav::store
