// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <gmock/gmock.h>

#include "tests/ble/session/glucose_bench.h"

namespace vardnav::ble {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(GlucoseSession, FirstTimePullsAllInOrderWithTheClock) {
  GlucoseBench bench;
  bench.records = {0, 1, 2};
  bench.client.readTakes = Milliseconds(80);
  bench.start();
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
  EXPECT_EQ(bench.report->committed, 3U);
  EXPECT_TRUE(bench.report->clockWasRead);
  EXPECT_THAT(bench.client.journal,
              ElementsAre("listen", "subscribe 2A18", "subscribe 2A34", "subscribe 2A52",
                          "read 2A08", "write 2A52 0101", "disconnect"));
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(0, 1, 2));
  for (const RawRecord& record : bench.sink.committed) {
    EXPECT_EQ(record.characteristic, "2A18");
    EXPECT_EQ(record.device.value, "C0:FF:EE:00:00:01");
    EXPECT_TRUE(record.isStored);
    ASSERT_TRUE(record.clock);
    EXPECT_EQ(toIso(record.clock->device.at), "2019-08-21T06:31:13");
    EXPECT_EQ(toRfc3339(record.clock->hub), "2026-03-24T08:00:00.040Z");
    EXPECT_EQ(record.clock->uncertainty, Milliseconds(1080));
  }
}

TEST(GlucoseSession, LaterPullsOnlyWhatFollowsTheLastCommitted) {
  GlucoseBench bench;
  bench.records = {41, 42, 43, 44};
  bench.sink.cursor = 42;
  bench.start();
  EXPECT_THAT(bench.requests(), ElementsAre("0103012B00"));
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(43, 44));
}

TEST(GlucoseSession, NoNewRecordsIsANormalEnd) {
  GlucoseBench bench;
  bench.records = {41, 42};
  bench.sink.cursor = 42;
  bench.start();
  EXPECT_THAT(bench.requests(), ElementsAre("0103012B00", "0106"));
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
  EXPECT_THAT(bench.sink.delivered, IsEmpty());
}

TEST(GlucoseSession, AnEmptyMeterIsANormalEnd) {
  GlucoseBench bench;
  bench.start();
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
  EXPECT_EQ(bench.report->committed, 0U);
}

TEST(GlucoseSession, NumbersThatStartAnewArePulledInFull) {
  GlucoseBench bench;
  bench.records = {0, 1, 2};
  bench.sink.cursor = 300;
  bench.start();
  EXPECT_THAT(bench.requests(), ElementsAre("0103012D01", "0106", "0101"));
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(0, 1, 2));
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
}

TEST(GlucoseSession, PullsAllFromAMeterThatCannotSelect) {
  GlucoseBench bench;
  bench.records = {41, 42, 43};
  bench.sink.cursor = 42;
  bench.answer = "06000104";  // operator not supported
  bench.start();
  EXPECT_THAT(bench.requests(), ElementsAre("0103012B00", "0101"));
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(41, 42, 43));
}

TEST(GlucoseSession, AfterTheHighestNumberAllIsAskedFor) {
  GlucoseBench bench;
  bench.sink.cursor = 0xFFFF;
  bench.start();
  EXPECT_THAT(bench.requests(), ElementsAre("0101"));
}

TEST(GlucoseSession, TakesValuesThatComeBeforeTheSubscriptionIsConfirmed) {
  GlucoseBench bench;
  bench.sink.cursor = 6;
  bench.records = {8};
  bench.client.onSubscribe = [&](const std::string& characteristic) {
    if (characteristic == "2A18") bench.client.notify("2A18", measurement(7));
  };
  bench.start();
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(7, 8));
  EXPECT_TRUE(bench.sink.committed[0].clock) << "delivered before the clock was known";
}

TEST(GlucoseSession, JoinsAMeasurementWithTheContextThatFollows) {
  GlucoseBench bench;
  bench.isSilent = true;
  bench.sink.cursor = 4;
  bench.start();
  bench.client.notify("2A18", measurement(5, true));
  EXPECT_THAT(bench.sink.delivered, IsEmpty());
  bench.client.notify("2A34", context(5));
  ASSERT_THAT(numbersOf(bench.sink.delivered), ElementsAre(5));
  EXPECT_EQ(bench.sink.delivered[0].context, context(5));
}

TEST(GlucoseSession, AMeasurementWhoseContextDoesNotComeGoesWithTheNextRecordOrTheResponse) {
  GlucoseBench bench;
  bench.isSilent = true;
  bench.sink.cursor = 4;
  bench.start();
  bench.client.notify("2A18", measurement(5, true));
  bench.client.notify("2A18", measurement(6, true));
  EXPECT_THAT(numbersOf(bench.sink.delivered), ElementsAre(5));
  bench.client.notify("2A34", context(5));  // too late, and not that of 6
  EXPECT_THAT(numbersOf(bench.sink.delivered), ElementsAre(5));
  bench.client.notify("2A52", std::string_view("06000101"));
  EXPECT_THAT(numbersOf(bench.sink.delivered), ElementsAre(5, 6));
  EXPECT_THAT(bench.sink.delivered[1].context, IsEmpty());
  EXPECT_EQ(bench.report->dropped, 1U);
}

TEST(GlucoseSession, EndsOnlyWhenTheLastRecordIsCommitted) {
  GlucoseBench bench;
  bench.records = {0, 1};
  bench.sink.isHolding = true;
  bench.start();
  EXPECT_FALSE(bench.client.isUp);
  EXPECT_THAT(numbersOf(bench.sink.delivered), ElementsAre(0, 1)) << "what has come waits together";
  bench.sink.settle();
  EXPECT_FALSE(bench.isDone());
  bench.sink.settle();
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->committed, 2U);
}

TEST(GlucoseSession, WithoutAReadableClockRecordsCarryNone) {
  for (const char* clock : {"", "E307", "00000000000000", "E3070D15061F0D"}) {
    GlucoseBench bench;
    bench.records = {0};
    bench.client.readable["2A08"] = *fromHex(clock);
    bench.start();
    ASSERT_EQ(bench.sink.committed.size(), 1U) << clock;
    EXPECT_FALSE(bench.sink.committed[0].clock) << clock;
    EXPECT_FALSE(bench.report->clockWasRead);
  }
}

TEST(GlucoseSession, FallsBackToCurrentTimeAndGoesOnWithoutAClock) {
  GlucoseBench bench;
  bench.records = {0};
  bench.client.present.insert("2A2B");
  bench.client.failing["2A08"] = GattError::Kind::kFailed;
  bench.client.readable["2A2B"] = *fromHex("E10701040B262D030102");
  bench.start();
  ASSERT_EQ(bench.sink.committed.size(), 1U);
  EXPECT_EQ(toIso(bench.sink.committed[0].clock->device.at), "2017-01-04T11:38:45");
}

TEST(GlucoseSession, AMeterWithoutContextsIsServed) {
  GlucoseBench bench;
  bench.records = {0};
  bench.client.present.erase("2A34");
  bench.start();
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(0));
}

TEST(GlucoseSession, WhereNumbersAreNotStableEverySessionPullsAllWithoutThem) {
  GlucoseBench bench;
  bench.records = {0, 1};
  bench.sink.cursor = 5;
  bench.Bench::start([](const SessionPorts& to) {
    return makeGlucoseSession(to, {.recordNumbersStable = false});
  });
  EXPECT_THAT(bench.requests(), ElementsAre("0101"));
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(999'999, 999'999));
}

TEST(GlucoseSession, ManyRecordsDoNotNestCalls) {
  GlucoseBench bench;
  for (unsigned i = 0; i < 20'000; ++i) bench.records.push_back(static_cast<std::uint16_t>(i));
  bench.sink.isHolding = true;
  bench.start();
  bench.sink.isHolding = false;
  bench.sink.settleAll();
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->committed, 20'000U);

  GlucoseBench
      early;  // all have come before the clock is read: each is committed as it is handed over
  early.sink.cursor = 4;
  early.client.onSubscribe = [&](const std::string& characteristic) {
    if (characteristic != "2A18") return;
    for (unsigned i = 5; i < 20'005; ++i) {
      early.client.notify("2A18", measurement(static_cast<std::uint16_t>(i)));
    }
  };
  early.start();
  EXPECT_EQ(early.sink.committed.size(), 20'000U);
}

}  // namespace
}  // namespace vardnav::ble
