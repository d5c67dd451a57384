// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/ghs_session.h"

#include <gmock/gmock.h>

#include "ble/gatt/elapsed_time.h"
#include "ble/gatt/health_observation.h"
#include "ble/gatt/record_access.h"
#include "ble/gatt/segments.h"
#include "tests/ble/session/fakes.h"

namespace vardnav::ble {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

gatt::HealthFrame fev1(std::int64_t centilitres) {
  gatt::HealthFrame frame;
  gatt::HealthObservation observation;
  observation.header.type = 152586;
  observation.header.time = gatt::elapsedUtc(*parseRfc3339("2026-03-24T07:59:00Z"), 1);
  observation.value = gatt::HealthNumeric{263744, Decimal(centilitres, -2)};
  frame.observations = {observation};
  return frame;
}

Bytes stored(std::uint32_t number) {
  return *gatt::encode(gatt::StoredHealthFrame{number, fev1(363)});
}

class GhsBench : public Bench {
 public:
  GhsBench() {
    client.present = {"2BF2", "2B8B", "2BDD", "2BF3", "2A52"};
    gatt::ElapsedTimeClock clock;
    clock.time = gatt::elapsedUtc(*parseRfc3339("2026-03-24T07:59:30Z"), 1);
    client.readable["2BF2"] = *gatt::encode(clock);
    client.onWrite = [this](const std::string& characteristic, const std::string& hex) {
      if (characteristic == "2A52" && !isSilent) serve(hex);
    };
  }

  void start() {
    Bench::start([](const SessionPorts& to) { return makeGhsSession(to); });
  }

  /// Segments of 20 octets; `lose` is the index of one that does not arrive.
  void send(const std::string& characteristic, const Bytes& frame,
            std::optional<std::size_t> lose = {}) {
    auto& counter = characteristic == "2B8B" ? liveCounter_ : storedCounter_;
    const auto segments = gatt::intoSegments(frame, 20, counter);
    for (std::size_t i = 0; i < segments.size(); ++i) {
      if (i != lose) client.notify(characteristic, segments[i]);
    }
  }

  std::vector<std::uint32_t> records;
  bool isSilent = false;
  std::optional<std::uint32_t> loseOnce;  ///< the record of which one segment is lost, once
  std::vector<std::string> requests;

 private:
  void serve(const std::string& hex) {
    requests.push_back(hex);
    const auto request =
        gatt::decodeRecordRequest(*fromHex(hex), gatt::RecordNumberWidth::kU32)->value;
    bool hasAny = false;
    for (const std::uint32_t number : records) {
      if (request.records == 3 && number < request.from) continue;
      if (request.records == 6 && number != records.back()) continue;
      hasAny = true;
      const bool isLost = loseOnce == number;
      if (isLost) loseOnce.reset();
      send("2BDD", stored(number), isLost ? std::optional<std::size_t>(1) : std::nullopt);
    }
    client.notify("2A52", std::string_view(hasAny ? "06000101" : "06000106"));
  }

  std::uint8_t liveCounter_ = 0;
  std::uint8_t storedCounter_ = 60;  // wraps on the way
};

TEST(GhsSession, PullsStoredObservationsThenTakesLiveOnes) {
  GhsBench bench;
  bench.records = {100'000, 100'001};
  bench.start();
  EXPECT_THAT(bench.client.journal,
              ElementsAre("listen", "read 2BF2", "subscribe 2B8B", "subscribe 2BDD",
                          "subscribe 2A52", "write 2A52 0101"));
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(100'000, 100'001));
  EXPECT_THAT(hexOf(bench.sink.committed),
              ElementsAre(toHex(stored(100'000)), toHex(stored(100'001))));
  EXPECT_TRUE(bench.sink.committed[0].isStored);
  EXPECT_EQ(bench.sink.committed[0].characteristic, "2BDD");
  EXPECT_EQ(bench.sink.committed[0].clock->device.timeline, DeviceTime::Timeline::kUtc);

  const Bytes live = *gatt::encode(fev1(350));
  bench.send("2B8B", live);
  ASSERT_EQ(bench.sink.committed.size(), 3U);
  EXPECT_EQ(bench.sink.committed[2].bytes, live);
  EXPECT_EQ(bench.sink.committed[2].characteristic, "2B8B");
  EXPECT_FALSE(bench.sink.committed[2].recordNumber);
  EXPECT_FALSE(bench.sink.committed[2].isStored);
  bench.client.drop();
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
}

TEST(GhsSession, LaterPullsByA32BitNumber) {
  GhsBench bench;
  bench.records = {100'000, 100'001};
  bench.sink.cursor = 100'000;
  bench.start();
  EXPECT_THAT(bench.requests, ElementsAre("010301A1860100"));
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(100'001));
}

TEST(GhsSession, LiveObservationsArriveBeforeTheSubscriptionIsConfirmed) {
  GhsBench bench;
  bench.client.onSubscribe = [&](const std::string& characteristic) {
    if (characteristic == "2B8B") bench.send("2B8B", *gatt::encode(fev1(350)));
  };
  bench.start();
  EXPECT_EQ(bench.sink.committed.size(), 1U);
}

TEST(GhsSession, ALostSegmentIsAskedForAgainBeforeTheCursorMovesPastIt) {
  GhsBench bench;
  bench.records = {1, 2, 3, 4};
  bench.loseOnce = 3;
  bench.start();
  EXPECT_THAT(bench.requests, ElementsAre("0101", "01030103000000"));
  // The torn one is kept as bytes; then all are there, once each.
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(1, 2, 999'999, 3, 4));
}

TEST(GhsSession, ATornLiveObservationIsKeptAsBytes) {
  GhsBench bench;
  bench.start();
  bench.send("2B8B", *gatt::encode(fev1(350)), 0);
  EXPECT_EQ(bench.sink.committed.size(), 1U);
  bench.client.notify("2B8B", std::string_view("01AABB"));  // first of several
  EXPECT_EQ(bench.sink.committed.size(), 1U);
  bench.client.drop();
  ASSERT_EQ(bench.sink.committed.size(), 2U);
  EXPECT_EQ(toHex(bench.sink.committed[1].bytes), "AABB");
}

TEST(GhsSession, ALinkDropBeforeTheTransferEndedIsNotACompletedSession) {
  GhsBench bench;
  bench.isSilent = true;
  bench.start();
  bench.send("2BDD", stored(1));
  bench.send("2BDD", stored(2));
  bench.client.drop();
  EXPECT_EQ(bench.report->outcome, Outcome::kLinkLost);
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(1, 2));
}

TEST(GhsSession, NumbersThatStartAnewArePulledInFull) {
  GhsBench bench;
  bench.records = {1, 2};
  bench.sink.cursor = 500;
  bench.start();
  EXPECT_THAT(bench.requests, ElementsAre("010301F5010000", "0106", "0101"));
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(1, 2));
}

TEST(GhsSession, ASensorWithoutMemoryIsOnlyListenedTo) {
  GhsBench bench;
  bench.client.present = {"2BF2", "2B8B"};
  bench.start();
  bench.send("2B8B", *gatt::encode(fev1(350)));
  bench.time.pass(Milliseconds(30'000));
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
  EXPECT_EQ(bench.report->committed, 1U);
}

TEST(GhsSession, ASensorThatWantsToBeAskedIsAsked) {
  GhsBench bench;
  bench.client.present.insert("2BF4");
  bench.start();
  EXPECT_EQ(bench.client.journal.back(), "write 2BF4 01");
}

TEST(GhsSession, ASilentTransferTimesOut) {
  GhsBench bench;
  bench.isSilent = true;
  bench.start();
  bench.time.pass(Milliseconds(30'000));
  EXPECT_EQ(bench.report->outcome, Outcome::kTimedOut);
}

TEST(GhsSession, ARefusedTransferDoesNotStopLiveObservationsAndIsReported) {
  GhsBench bench;
  bench.isSilent = true;
  bench.start();
  bench.client.notify("2A52", std::string_view("0600010A"));
  bench.send("2B8B", *gatt::encode(fev1(350)));
  bench.client.drop();
  EXPECT_EQ(bench.report->outcome, Outcome::kRefused);
  EXPECT_EQ(bench.report->committed, 1U);
}

TEST(GhsSession, AFailedCommitLeavesTheCursorBehindIt) {
  GhsBench bench;
  bench.records = {1, 2, 3};
  bench.sink.failAt = 1;
  bench.start();
  EXPECT_EQ(bench.report->outcome, Outcome::kNotCommitted);
  EXPECT_EQ(bench.sink.cursor, 1U);
  EXPECT_THAT(numbersOf(bench.sink.delivered), ElementsAre(1, 2));
}

TEST(GhsSession, ATickCounterIsNoClock) {
  GhsBench bench;
  bench.records = {1};
  gatt::ElapsedTimeClock ticks;
  ticks.time.isTick = true;
  bench.client.readable["2BF2"] = *gatt::encode(ticks);
  bench.start();
  EXPECT_FALSE(bench.sink.committed.at(0).clock);
}

TEST(GhsSession, HostileSegmentsDoNotHarmIt) {
  GhsBench bench;
  bench.isSilent = true;
  bench.start();
  for (const char* characteristic : {"2B8B", "2BDD"}) {
    for (const char* hex : {"", "00", "03", "02FF", "01", "01", "0700000000", "03FFFFFFFF"}) {
      bench.client.notify(characteristic, std::string_view(hex));
    }
  }
  bench.client.drop();
  EXPECT_TRUE(bench.isDone());
}

}  // namespace
}  // namespace vardnav::ble
