// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <gmock/gmock.h>

#include "tests/ble/session/glucose_bench.h"

namespace vardnav::ble {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(GlucoseSession, ALinkDropKeepsWhatCameAndPullsTheRestNextTime) {
  GlucoseBench bench;
  bench.isSilent = true;
  bench.start();
  for (const std::uint16_t number : std::vector<std::uint16_t>{0, 1, 2})
    bench.client.notify("2A18", measurement(number));
  bench.client.drop();
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->outcome, Outcome::kLinkLost);
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(0, 1, 2));

  GlucoseBench next;
  next.records = {0, 1, 2, 3};
  next.sink.cursor = bench.sink.cursor;
  next.start();
  EXPECT_THAT(numbersOf(next.sink.committed), ElementsAre(3));
}

TEST(GlucoseSession, ALinkDropDeliversTheMeasurementThatWaitsForItsContext) {
  GlucoseBench bench;
  bench.isSilent = true;
  bench.sink.cursor = 4;
  bench.start();
  bench.client.notify("2A18", measurement(5, true));
  bench.client.drop();
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(5));
}

// With the newest record first, committing it before the rest would make the rest unreachable.
TEST(GlucoseSession, TheCursorDoesNotPassRecordsOfAMeterThatSendsTheNewestFirst) {
  GlucoseBench bench;
  bench.isSilent = true;
  bench.start();
  for (const std::uint16_t number : std::vector<std::uint16_t>{9, 8, 7})
    bench.client.notify("2A18", measurement(number));
  bench.client.drop();
  EXPECT_THAT(bench.sink.delivered, IsEmpty());
  EXPECT_EQ(bench.report->leftOnDevice, 3U);

  GlucoseBench next;
  next.records = {9, 8, 7};
  next.start();
  EXPECT_THAT(numbersOf(next.sink.committed), ElementsAre(7, 8, 9));
}

TEST(GlucoseSession, AFailedCommitEndsTheSessionAndTheCursorStays) {
  GlucoseBench bench;
  bench.records = {0, 1, 2, 3};
  bench.sink.failAt = 2;
  bench.start();
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->outcome, Outcome::kNotCommitted);
  EXPECT_EQ(bench.report->detail, "disk full");
  EXPECT_EQ(bench.report->committed, 2U);
  EXPECT_THAT(numbersOf(bench.sink.delivered), ElementsAre(0, 1, 2));
  EXPECT_EQ(bench.sink.cursor, 1U);
  EXPECT_EQ(bench.client.journal.back(), "disconnect");

  GlucoseBench next;
  next.records = bench.records;
  next.sink.cursor = bench.sink.cursor;
  next.start();
  EXPECT_THAT(numbersOf(next.sink.committed), ElementsAre(2, 3));
}

TEST(GlucoseSession, OfRecordsThatAreAnsweredTogetherEachCountsForItself) {
  GlucoseBench bench;
  bench.records = {0, 1, 2, 3};
  bench.sink.isHolding = true;
  bench.start();
  bench.sink.settle();
  bench.sink.settle(fail(ErrorCode::kStorage, "disk full"));
  EXPECT_FALSE(bench.isDone()) << "two are not answered yet";
  bench.sink.settle(fail(ErrorCode::kStorage, "follows one that was not stored"));
  bench.sink.settle(fail(ErrorCode::kStorage, "follows one that was not stored"));
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->outcome, Outcome::kNotCommitted);
  EXPECT_EQ(bench.report->detail, "disk full");
  EXPECT_EQ(bench.report->committed, 1U);
  EXPECT_EQ(bench.report->leftOnDevice, 3U);
  EXPECT_EQ(bench.doneCalls, 1U);
}

TEST(GlucoseSession, NothingThatWaitsIsDeliveredAfterAFailedCommit) {
  GlucoseBench bench;
  bench.sink.cursor = 4;
  bench.sink.failAt = 0;
  bench.client.onSubscribe = [&](const std::string& characteristic) {
    if (characteristic != "2A18") return;
    for (const std::uint16_t number : std::vector<std::uint16_t>{5, 6, 7}) {
      bench.client.notify("2A18", measurement(number));
    }
  };
  bench.start();
  EXPECT_THAT(numbersOf(bench.sink.delivered), ElementsAre(5));
  EXPECT_EQ(bench.report->outcome, Outcome::kNotCommitted);
  EXPECT_EQ(bench.report->leftOnDevice, 3U);
}

TEST(GlucoseSession, AMeterThatStopsAnsweringTimesOut) {
  GlucoseBench bench;
  bench.isSilent = true;
  bench.start();
  bench.time.pass(Milliseconds(29'999));
  EXPECT_FALSE(bench.isDone());
  bench.client.notify("2A18", measurement(0));
  bench.client.notify("2A18", measurement(1));
  bench.time.pass(Milliseconds(29'999));
  EXPECT_FALSE(bench.isDone()) << "each record restarts the timer";
  bench.time.pass(Milliseconds(1));
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->outcome, Outcome::kTimedOut);
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(0, 1));
  EXPECT_THAT(bench.requests(), ElementsAre("0101")) << "nothing more on this link";
}

TEST(GlucoseSession, MalformedFramesAreDeliveredAsTheyCame) {
  GlucoseBench bench;
  bench.isSilent = true;
  bench.sink.cursor = 4;
  bench.start();
  bench.client.notify("2A18", std::string_view("0F0500E40705150A1E2D0500CDCC"));  // truncated
  bench.client.notify("2A18", std::string_view("0F"));
  bench.client.notify("2A18", std::string_view(""));
  bench.client.notify("2A34", std::string_view("02"));
  bench.client.notify("2A52", std::string_view("06"));
  bench.client.notify("2A52", std::string_view("0101"));
  bench.client.notify("2AFF", std::string_view("00"));
  bench.client.notify("2A52", std::string_view("06000101"));
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
  EXPECT_THAT(hexOf(bench.sink.committed), ElementsAre("0F0500E40705150A1E2D0500CDCC", "0F", ""));
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(5, 999'999, 999'999));
}

TEST(GlucoseSession, ARefusalIsReportedWithTheMetersCode) {
  GlucoseBench bench;
  bench.answer = "0600010A";
  bench.start();
  EXPECT_EQ(bench.report->outcome, Outcome::kRefused);
  EXPECT_THAT(bench.report->detail, HasSubstr("10"));
}

TEST(GlucoseSession, AMissingBondAndAMissingCharacteristicAreToldApart) {
  GlucoseBench unbonded;
  unbonded.client.failing["2A18"] = GattError::Kind::kAuthentication;
  unbonded.start();
  EXPECT_EQ(unbonded.report->outcome, Outcome::kNotAllowed);

  GlucoseBench lacking;
  lacking.client.present.erase("2A52");
  lacking.start();
  EXPECT_EQ(lacking.report->outcome, Outcome::kUnsupported);
  EXPECT_THAT(lacking.report->detail, HasSubstr("2A52"));
}

TEST(GlucoseSession, CancelDeliversWhatHasComeAndTellsOnce) {
  GlucoseBench bench;
  bench.isSilent = true;
  bench.sink.cursor = 4;
  bench.sink.isHolding = true;
  bench.start();
  bench.client.notify("2A18", measurement(5));
  bench.session->cancel();
  EXPECT_FALSE(bench.client.isUp);
  EXPECT_FALSE(bench.isDone());
  bench.sink.settle();
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->outcome, Outcome::kCancelled);
  EXPECT_EQ(bench.doneCalls, 1U);
}

TEST(GlucoseSession, DestroyedEarlyItCallsNobody) {
  GlucoseBench bench;
  bench.isSilent = true;
  bench.sink.cursor = 4;
  bench.sink.isHolding = true;
  bench.client.isHolding = true;
  bench.start();
  bench.client.notify("2A18", measurement(5));
  bench.session.reset();
  bench.client.answerAll();
  bench.client.notify("2A18", measurement(6));
  bench.client.drop();
  EXPECT_EQ(bench.time.running(), 0U);
  EXPECT_FALSE(bench.isDone());
}

TEST(GlucoseSession, ALinkDropAtEveryStepEndsItOnce) {
  for (int answered = 0; answered < 5; ++answered) {
    GlucoseBench bench;
    bench.records = {0};
    int seen = 0;
    bench.client.onSubscribe = [&](const std::string&) {
      if (seen++ == answered) bench.client.drop();
    };
    if (answered == 3) {
      bench.client.failing["2A08"] = GattError::Kind::kDisconnected;
    }
    if (answered == 4) {
      bench.client.onWrite = [&](const std::string&, const std::string&) { bench.client.drop(); };
    }
    bench.start();
    bench.client.drop();
    ASSERT_TRUE(bench.isDone()) << answered;
    EXPECT_EQ(bench.report->outcome, Outcome::kLinkLost) << answered;
    EXPECT_EQ(bench.doneCalls, 1U) << answered;
  }
}

}  // namespace
}  // namespace vardnav::ble
