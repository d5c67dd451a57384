// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/chain_watch.h"

#include <gtest/gtest.h>

#include "pipelines/sqlite/sqlite.h"
#include "pipelines/store/sqlite_journal.h"
#include "tests/support/observations.h"
#include "tests/support/temporary_directory.h"

namespace vardnav::hub {
namespace {

using namespace std::chrono_literals;
using wire::fault_kind::kJournalChanged;

struct StandingClock final : Clock {
  UtcTime utcNow() const override { return test::kMorning; }
  SteadyTime steadyNow() const override { return steady; }
  SteadyTime steady{};
};

class ChainWatchTest : public ::testing::Test {
 protected:
  void store(std::uint32_t first, std::uint32_t last) {
    const auto transaction = journal_->begin().value();
    for (std::uint32_t key = first; key <= last; ++key) {
      Capture capture;
      capture.key = test::keyOf(key);
      capture.record.device = DeviceId("C0:FF:EE:00:00:01");
      capture.record.bytes = {0x0B, 0x01};
      capture.record.receivedAt = test::kMorning;
      capture.disposition = intake::Disposition::kAccepted;
      ASSERT_TRUE(transaction->insertCapture(capture).value());
    }
    ASSERT_TRUE(transaction->commit());
  }
  void tamper(const char* sql) {
    auto database = sqlite::Database::openAgain(directory_ / "journal.db").value();
    ASSERT_TRUE(database.execute(sql));
  }
  bool isTold() const { return faults_.has(kJournalChanged, ""); }

  test::TemporaryDirectory directory_;
  std::unique_ptr<store::SqliteJournal> journal_ =
      store::SqliteJournal::open(directory_ / "journal.db").value();
  StandingClock clock_;
  FaultBook faults_;
  ChainWatch watch_{{*journal_, faults_, clock_}};
};

TEST_F(ChainWatchTest, FindsAChangedOctetAFewTicksAfterTheStart) {
  store(1, 2 * ChainWatch::kAtOnce + 1);
  tamper("UPDATE capture SET bytes = x'0B02' WHERE id = 1001");
  watch_.onTick();
  watch_.onTick();
  EXPECT_FALSE(isTold()) << "a little at a time";
  watch_.onTick();
  ASSERT_TRUE(isTold());
  EXPECT_NE(faults_.all()[0].detail.find("at capture 1001 first"), std::string::npos);
}

TEST_F(ChainWatchTest, IsNotMisledByWhatComesAndGoesMeanwhile) {
  store(1, ChainWatch::kAtOnce + 100);
  watch_.onTick();
  ASSERT_EQ(journal_->prune(test::kMorning + 1h, 0, ChainWatch::kAtOnce + 50).value().captures,
            ChainWatch::kAtOnce + 50);
  store(2000, 2010);
  watch_.onTick();
  watch_.onTick();
  EXPECT_FALSE(isTold());
}

TEST_F(ChainWatchTest, LooksAgainTheNextDayAndEndsWhatIsNoMore) {
  store(1, 3);
  watch_.onTick();
  tamper("UPDATE capture SET bytes = x'0B02' WHERE id = 3");
  clock_.steady += ChainWatch::kPause - 1ms;
  watch_.onTick();
  EXPECT_FALSE(isTold());
  clock_.steady += 1ms;
  watch_.onTick();
  ASSERT_TRUE(isTold());
  tamper("UPDATE capture SET bytes = x'0B01' WHERE id = 3");
  clock_.steady += ChainWatch::kPause;
  watch_.onTick();
  EXPECT_FALSE(isTold());
}

TEST_F(ChainWatchTest, FindsTheNewestCutOff) {
  store(1, 3);
  tamper("DELETE FROM capture WHERE id = 3");
  watch_.onTick();
  ASSERT_TRUE(isTold());
  EXPECT_NE(faults_.all()[0].detail.find("the newest are missing"), std::string::npos);
}

}  // namespace
}  // namespace vardnav::hub
