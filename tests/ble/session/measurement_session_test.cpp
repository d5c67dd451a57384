// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/measurement_session.h"

#include <gmock/gmock.h>

#include "tests/ble/session/fakes.h"

namespace vardnav::ble {
namespace {

using testing::ElementsAre;

// wss-03 of tests/data/ble_vectors.jsonl: 70 kg at 2023-12-25 14:30:45.
constexpr std::string_view kStamped = "02B036E7070C190E1E2D";
constexpr std::string_view kUnstamped = "00B036";

class WeightBench : public Bench {
 public:
  WeightBench() {
    client.present = {"2A2B", "2A9D", "2A9E"};
    client.readable["2A2B"] = *fromHex("E7070C190E2000010000");  // 2023-12-25 14:32:00
  }
  MeasurementOptions options{.sources = {"2A9D", "2A9C"}};
  void start() {
    Bench::start([this](const SessionPorts& to) { return makeMeasurementSession(to, options); });
  }
};

TEST(MeasurementSession, ReadsTheClockSubscribesAndTakesIndicationsUntilTheScaleHangsUp) {
  WeightBench bench;
  bench.start();
  EXPECT_THAT(bench.client.journal, ElementsAre("listen", "read 2A2B", "subscribe 2A9D"));
  bench.client.notify("2A9D", kStamped);
  bench.client.notify("2A9D", std::string_view("02B136E7070C190E2005"));
  EXPECT_EQ(bench.sink.committed.size(), 2U) << "committed as they come";
  bench.client.drop();
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
  EXPECT_EQ(bench.report->committed, 2U);
  const RawRecord& stored = bench.sink.committed[0];
  EXPECT_EQ(stored.characteristic, "2A9D");
  EXPECT_FALSE(stored.recordNumber);
  EXPECT_TRUE(stored.isStored);
  EXPECT_EQ(toIso(stored.clock->device.at), "2023-12-25T14:32:00");
  EXPECT_FALSE(bench.sink.committed[1].isStored) << "stamped after the clock was read";
}

TEST(MeasurementSession, WithoutAStampItWasMeasuredWhileConnected) {
  WeightBench bench;
  bench.start();
  bench.client.notify("2A9D", kUnstamped);
  EXPECT_FALSE(bench.sink.committed.at(0).isStored);
}

TEST(MeasurementSession, WithoutAClockAStampedOneIsNotClaimedToBeLive) {
  WeightBench bench;
  bench.client.present.erase("2A2B");
  bench.start();
  bench.client.notify("2A9D", kStamped);
  EXPECT_TRUE(bench.sink.committed.at(0).isStored);
  EXPECT_FALSE(bench.sink.committed.at(0).clock);
}

// A bonded scale indicates at once: its subscription was never taken back.
TEST(MeasurementSession, IndicationsBeforeTheClockIsReadWaitForIt) {
  WeightBench bench;
  bench.client.isHolding = true;
  bench.start();
  bench.client.notify("2A9D", kStamped);
  EXPECT_TRUE(bench.sink.delivered.empty());
  bench.client.answerAll();
  ASSERT_EQ(bench.sink.committed.size(), 1U);
  EXPECT_TRUE(bench.sink.committed[0].clock);
}

TEST(MeasurementSession, IndicationsAreKeptEvenIfTheLinkGoesBeforeTheClockIsRead) {
  WeightBench bench;
  bench.client.isHolding = true;
  bench.start();
  bench.client.notify("2A9D", kStamped);
  bench.client.drop();
  ASSERT_TRUE(bench.isDone());
  EXPECT_EQ(bench.report->outcome, Outcome::kLinkLost);
  ASSERT_EQ(bench.sink.committed.size(), 1U);
  EXPECT_FALSE(bench.sink.committed[0].clock);
}

TEST(MeasurementSession, ASilentScaleIsLetGo) {
  WeightBench bench;
  bench.start();
  bench.time.pass(Milliseconds(20'000));
  bench.client.notify("2A9D", kStamped);
  bench.time.pass(Milliseconds(29'999));
  EXPECT_TRUE(bench.client.isUp);
  bench.time.pass(Milliseconds(1));
  EXPECT_FALSE(bench.client.isUp);
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
}

TEST(MeasurementSession, AFailedCommitEndsTheLink) {
  WeightBench bench;
  bench.sink.failAt = 0;
  bench.start();
  bench.client.notify("2A9D", kStamped);
  EXPECT_FALSE(bench.client.isUp);
  EXPECT_EQ(bench.report->outcome, Outcome::kNotCommitted);
  EXPECT_EQ(bench.report->leftOnDevice, 1U);
}

TEST(MeasurementSession, MalformedIndicationsAreDeliveredAsTheyCame) {
  WeightBench bench;
  bench.start();
  for (const std::string_view hex : {"02B036E707", "00", ""}) bench.client.notify("2A9D", hex);
  EXPECT_THAT(hexOf(bench.sink.committed), ElementsAre("02B036E707", "00", ""));
}

TEST(MeasurementSession, WithoutTheMeasurementItIsUnsupported) {
  WeightBench bench;
  bench.client.present = {"2A2B"};
  bench.start();
  EXPECT_EQ(bench.report->outcome, Outcome::kUnsupported);
}

}  // namespace
}  // namespace vardnav::ble
