// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/glucose_session.h"

#include <gmock/gmock.h>

#include "ble/gatt/glucose_context.h"
#include "ble/gatt/glucose_measurement.h"
#include "ble/gatt/record_access.h"
#include "tests/ble/session/fakes.h"

namespace vardnav::ble {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Bytes measurement(std::uint16_t number, bool contextFollows = false) {
  gatt::GlucoseMeasurement out;
  out.sequence = number;
  out.baseTime = gatt::DateTime::of(*parseIsoLocal("2019-08-21T06:31:13"));
  out.concentration.emplace().value = Decimal(100 + number % 50, -5);
  out.contextFollows = contextFollows;
  return *gatt::encode(out);
}

Bytes context(std::uint16_t number) {
  gatt::GlucoseContext out;
  out.sequence = number;
  out.meal = gatt::GlucoseContext::Meal::kFasting;
  return *gatt::encode(out);
}

/// A meter with these records, that answers requests by itself.
class GlucoseBench : public Bench {
 public:
  GlucoseBench() {
    client.present = {"2A08", "2A18", "2A34", "2A51", "2A52"};
    client.readable["2A08"] = *fromHex("E3070815061F0D");  // 2019-08-21 06:31:13
    client.onWrite = [this](const std::string&, const std::string& hex) { serve(hex); };
  }

  void start() {
    Bench::start([](const SessionPorts& to) { return makeGlucoseSession(to); });
  }

  std::vector<std::string> requests() const {
    std::vector<std::string> out;
    for (const std::string& line : client.journal) {
      if (line.starts_with("write 2A52 ")) out.push_back(line.substr(11));
    }
    return out;
  }

  std::vector<std::uint16_t> records;
  bool isSilent = false;              ///< requests are not answered
  std::optional<std::string> answer;  ///< instead of the true one, once

 private:
  void serve(const std::string& hex) {
    if (isSilent) return;
    if (answer) return client.notify("2A52", std::string_view(*std::exchange(answer, {})));
    const auto request =
        gatt::decodeRecordRequest(*fromHex(hex), gatt::RecordNumberWidth::kU16)->value;
    ASSERT_EQ(request.op, 1) << hex;
    std::vector<std::uint16_t> selected;
    for (const std::uint16_t number : records) {
      if (request.records != 3 || number >= request.from) selected.push_back(number);
    }
    if (request.records == 6 && selected.size() > 1) selected = {selected.back()};
    for (const std::uint16_t number : selected) client.notify("2A18", measurement(number));
    client.notify("2A52", std::string_view(selected.empty() ? "06000106" : "06000101"));
  }
};

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

TEST(GlucoseSession, EndsOnlyWhenTheLastRecordIsCommitted) {
  GlucoseBench bench;
  bench.records = {0, 1};
  bench.sink.isHolding = true;
  bench.start();
  EXPECT_FALSE(bench.client.isUp);
  EXPECT_THAT(numbersOf(bench.sink.delivered), ElementsAre(0)) << "one at a time";
  bench.sink.settle();
  EXPECT_FALSE(bench.isDone());
  EXPECT_THAT(numbersOf(bench.sink.delivered), ElementsAre(0, 1));
  bench.sink.settle();
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->committed, 2U);
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

TEST(GlucoseSession, ManyRecordsDoNotNestCalls) {
  GlucoseBench bench;
  for (unsigned i = 0; i < 20'000; ++i) bench.records.push_back(static_cast<std::uint16_t>(i));
  bench.sink.isHolding = true;
  bench.start();
  bench.sink.isHolding = false;
  bench.sink.settle();  // the rest is committed from within this call
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->committed, 20'000U);
}

}  // namespace
}  // namespace vardnav::ble
