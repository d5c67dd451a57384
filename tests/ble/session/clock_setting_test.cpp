// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/clock_setting.h"

#include <gmock/gmock.h>

#include "ble/session/measurement_session.h"
#include "tests/ble/session/fakes.h"

namespace vardnav::ble {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::StartsWith;

// 2026-03-24T08:00:00Z is 09:00 in Stockholm, a Tuesday.
const UtcTime kNow = *parseRfc3339("2026-03-24T08:00:00Z");

TEST(ClockSetting, EncodesLocalTimeAsEachDeviceWantsIt) {
  EXPECT_EQ(toHex(encodeClock(ClockLayout::kDateTime, kNow)), "EA070318090000");
  EXPECT_EQ(toHex(encodeClock(ClockLayout::kCurrentTime, kNow)), "EA070318090000020001");
  EXPECT_EQ(toHex(encodeClock(ClockLayout::kContour, kNow)), "01EA0703180800003C00");
  EXPECT_EQ(toHex(encodeClock(ClockLayout::kCareSens, kNow)), "C0030100EA070318090000");
  const UtcTime summer = *parseRfc3339("2026-07-05T22:30:00Z");  // Monday 00:30 in Stockholm
  EXPECT_EQ(toHex(encodeClock(ClockLayout::kCurrentTime, summer)), "EA070706001E00010001");
}

/// A blood pressure monitor whose clock is that many minutes off.
class CuffBench : public Bench {
 public:
  explicit CuffBench(int minutesOff, ClockSetting::When when) : minutesOff_(minutesOff) {
    client.present = {"2A08", "2A35"};
    client.readable["2A08"] = stamp(0);
    options.sources = {"2A35"};
    options.clock = {when, "2A08", ClockLayout::kDateTime};
    settings.maySetClock = true;
  }
  void start() {
    Bench::start([this](const SessionPorts& to) { return makeMeasurementSession(to, options); });
  }
  /// By the device's own, wrong clock.
  Bytes stamp(int minutesLater) const {
    return encodeClock(ClockLayout::kDateTime,
                       kNow + std::chrono::minutes(minutesOff_ + minutesLater));
  }
  void measure(const Bytes& stamp) {
    Bytes frame = *fromHex("02780050005D00");
    frame.insert(frame.end(), stamp.begin(), stamp.end());
    client.notify("2A35", frame);
  }

  MeasurementOptions options;

 private:
  int minutesOff_;
};

TEST(ClockSetting, TheClockIsReadBeforeItIsSetAndSetBeforeAnythingIsSubscribed) {
  CuffBench bench(-90, ClockSetting::When::kBeforeRecords);
  bench.start();
  EXPECT_THAT(bench.client.journal, ElementsAre("listen", "read 2A08", "write 2A08 EA070318090000",
                                                "subscribe 2A35"));
}

TEST(ClockSetting, OldStampsGoByTheOldClockAndNewOnesByTheNew) {
  CuffBench bench(-90, ClockSetting::When::kBeforeRecords);
  bench.start();
  bench.measure(bench.stamp(-20));  // from its memory
  bench.time.pass(Milliseconds(20'000));
  bench.measure(encodeClock(ClockLayout::kDateTime, kNow + std::chrono::seconds(20)));
  ASSERT_EQ(bench.sink.committed.size(), 2U);
  EXPECT_EQ(toIso(bench.sink.committed[0].clock->device.at), "2026-03-24T07:30:00");
  EXPECT_TRUE(bench.sink.committed[0].isStored);
  EXPECT_EQ(toIso(bench.sink.committed[1].clock->device.at), "2026-03-24T09:00:00");
  EXPECT_FALSE(bench.sink.committed[1].isStored);
}

// Its clock was an hour ahead: a stamp of now may be an hour old.
TEST(ClockSetting, AStampThatFitsBothClocksHasNone) {
  CuffBench bench(60, ClockSetting::When::kBeforeRecords);
  bench.start();
  bench.time.pass(Milliseconds(20'000));
  bench.measure(encodeClock(ClockLayout::kDateTime, kNow + std::chrono::seconds(20)));
  EXPECT_FALSE(bench.sink.committed.at(0).clock);
}

TEST(ClockSetting, ARightClockAndAnUnsureHubChangeNothing) {
  CuffBench right(0, ClockSetting::When::kBeforeRecords);
  right.start();
  EXPECT_THAT(right.client.journal, Not(Contains(StartsWith("write"))));
  CuffBench unsure(-90, ClockSetting::When::kBeforeRecords);
  unsure.settings.maySetClock = false;
  unsure.start();
  EXPECT_THAT(unsure.client.journal, Not(Contains(StartsWith("write"))));
}

TEST(ClockSetting, AfterTheFirstRecordMeansAfterItsCommitAndOnce) {
  CuffBench bench(-90, ClockSetting::When::kAfterFirstRecord);
  bench.sink.isHolding = true;
  bench.start();
  bench.measure(bench.stamp(-20));
  EXPECT_THAT(bench.client.journal, Not(Contains(StartsWith("write"))));
  bench.sink.settle();
  bench.sink.isHolding = false;
  bench.measure(bench.stamp(-10));
  EXPECT_EQ(std::ranges::count_if(bench.client.journal,
                                  [](const auto& line) { return line.starts_with("write"); }),
            1);
}

TEST(ClockSetting, ADeviceThatRefusesItsClockIsListenedToAllTheSame) {
  CuffBench bench(-90, ClockSetting::When::kBeforeRecords);
  bench.client.readable.erase("2A08");
  bench.client.failing["2A08"] = GattError::Kind::kNotPermitted;
  bench.start();
  bench.measure(bench.stamp(-20));
  EXPECT_EQ(bench.sink.committed.size(), 1U);
}

}  // namespace
}  // namespace vardnav::ble
