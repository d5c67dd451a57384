// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The chain over captures: whoever changes what a device sent is seen.
#include "pipelines/store/capture_chain.h"

#include <gtest/gtest.h>

#include "pipelines/sqlite/migrate.h"
#include "pipelines/store/capture_rows.h"
#include "pipelines/store/schema.h"
#include "tests/support/observations.h"
#include "tests/support/temporary_directory.h"

namespace vardnav::store {
namespace {

class CaptureChain : public testing::Test {
 protected:
  CaptureChain() {
    EXPECT_TRUE(sqlite::migrate(database_, journalSchema()));
    Bytes link;
    for (const std::uint32_t key : {1U, 2U, 3U}) {
      hub::Capture capture;
      capture.key = test::keyOf(key);
      capture.record.device = DeviceId("C0:FF:EE:00:00:01");
      capture.record.characteristic = "2A18";
      capture.record.bytes = {0x0B, static_cast<std::uint8_t>(key)};
      capture.record.receivedAt = test::kMorning;
      EXPECT_TRUE(insertRow(database_, capture, link).value());
      EXPECT_FALSE(insertRow(database_, capture, link).value()) << "a repeat adds no link";
    }
    EXPECT_TRUE(setChainHead(database_, link));
  }
  std::optional<std::int64_t> faultAfter(const std::string& sql) {
    EXPECT_TRUE(database_.execute(sql));
    hub::ChainCheck check;
    while (!check.isWhole && !check.brokenAt) check = checkChain(database_, check, 1).value();
    EXPECT_EQ(check.brokenAt, checkChain(database_, {}, 100).value().brokenAt);
    return check.brokenAt;
  }

  test::TemporaryDirectory directory_;
  sqlite::Database database_ = sqlite::Database::open(directory_ / "journal.db").value();
};

TEST_F(CaptureChain, IsOverEveryFieldAsTheRowHasIt) {
  ASSERT_TRUE(database_.execute("INSERT INTO clock_period VALUES (7, 'boot', 1, 2, NULL)"));
  hub::Capture capture;
  capture.key = test::keyOf(4);
  capture.record.device = DeviceId("C0:FF:EE:00:00:02");
  capture.record.characteristic = "2A9D";
  capture.record.bytes = {0x00, 0xFF};
  capture.record.context = {0x01};
  capture.record.recordNumber = 70'000;
  capture.record.isStored = true;
  capture.record.receivedAt = UtcTime(Milliseconds(-1));
  capture.record.clock =
      ClockReading{{DeviceTime::Timeline::kUtc, LocalTime(std::chrono::seconds(3))},
                   test::kMorning,
                   Milliseconds(1500)};
  capture.clockPeriod = 7;
  Bytes link = chainHead(database_).value();
  ASSERT_TRUE(insertRow(database_, capture, link).value());
  ASSERT_TRUE(setChainHead(database_, link));
  EXPECT_EQ(faultAfter(""), std::nullopt);
}

TEST_F(CaptureChain, IsUnbrokenAsWritten) {
  EXPECT_EQ(faultAfter(""), std::nullopt);
  EXPECT_EQ(chainHead(database_).value().size(), 32U);
}

TEST_F(CaptureChain, AllowsWhatIsMadeOfACaptureToChange) {
  EXPECT_EQ(faultAfter("UPDATE capture SET disposition = 'refused', reason = 'malformed'"),
            std::nullopt);
}

TEST_F(CaptureChain, ShowsAChangedOctet) {
  EXPECT_EQ(faultAfter("UPDATE capture SET bytes = x'0B07' WHERE id = 2"), 2);
}

TEST_F(CaptureChain, ShowsAChangedTime) {
  EXPECT_EQ(faultAfter("UPDATE capture SET received_utc_ms = received_utc_ms + 1 WHERE id = 1"), 1);
}

TEST_F(CaptureChain, ShowsARowTakenOut) {
  EXPECT_EQ(faultAfter("DELETE FROM capture WHERE id = 2"), 3);
}

TEST_F(CaptureChain, ShowsTheEndCutOff) {
  EXPECT_EQ(faultAfter("DELETE FROM capture WHERE id = 3"), 0) << "the head names what is gone";
}

TEST_F(CaptureChain, ShowsRowsThatChangedPlaces) {
  EXPECT_EQ(faultAfter("UPDATE capture SET id = 9 WHERE id = 1"), 2);
}

}  // namespace
}  // namespace vardnav::store
