// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Oximeters and heart rate belts: endless streams, spot checks, stored spot checks.
#include <gmock/gmock.h>

#include "ble/session/measurement_session.h"
#include "tests/ble/session/fakes.h"

namespace vardnav::ble {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// tests/data/ble_vectors.jsonl: plx-07, plx-02, plx-05.
constexpr std::string_view kStream = "0062004800";
constexpr std::string_view kSpot = "035F003C00EA0704180B0A1E8000";
constexpr std::string_view kStoredSpot = "02CFF3D9F20042";

class OximeterBench : public Bench {
 public:
  OximeterBench() { client.present = {"2A5E", "2A5F"}; }
  void start() {
    Bench::start([](const SessionPorts& to) {
      return makeMeasurementSession(to, {.sources = {"2A5E", "2A5F"}});
    });
  }
  void stream(int seconds, std::string_view hex = kStream) {
    for (int i = 0; i < seconds; ++i) {
      client.notify("2A5F", hex);
      time.pass(Milliseconds(1'000));
    }
  }
};

TEST(OximeterSession, AStreamGivesWhatItSettlesAtThenOneAMinute) {
  OximeterBench bench;
  bench.start();
  bench.stream(10);
  EXPECT_THAT(bench.sink.committed, IsEmpty());
  bench.stream(1);
  EXPECT_EQ(bench.sink.committed.size(), 1U);
  bench.stream(59);
  EXPECT_EQ(bench.sink.committed.size(), 1U);
  bench.stream(61);
  EXPECT_EQ(bench.sink.committed.size(), 3U);
  bench.client.drop();
  EXPECT_EQ(bench.report->committed, 3U) << "nothing is left over";
}

TEST(OximeterSession, OfAShortOneTheLastValueCounts) {
  OximeterBench bench;
  bench.start();
  bench.stream(3);
  bench.client.notify("2A5F", std::string_view("0061004700"));
  bench.client.drop();
  EXPECT_THAT(hexOf(bench.sink.committed), ElementsAre("0061004700"));
}

TEST(OximeterSession, AFingerThatWasTakenOutBeginsARunAnew) {
  OximeterBench bench;
  bench.start();
  bench.stream(8);
  bench.stream(10, "00FF07FF07");  // no numbers
  bench.stream(8);
  EXPECT_EQ(bench.sink.committed.size(), 1U) << "the first run's last";
  bench.client.drop();
  EXPECT_EQ(bench.report->committed, 2U);
}

// Demonstration, testing, calibrating, unavailable, invalid.
TEST(OximeterSession, WhatIsNoReadingOfAPatientIsNoneOfAStream) {
  for (const std::string_view status : {"0004", "0008", "0010", "0020", "0080"}) {
    OximeterBench bench;
    bench.start();
    bench.stream(20, "0462004800" + std::string(status));
    bench.client.drop();
    EXPECT_THAT(bench.sink.committed, IsEmpty()) << status;
  }
}

TEST(OximeterSession, AnUnreadableStreamIsKeptOnceAndCounted) {
  OximeterBench bench;
  bench.start();
  bench.stream(100, "0062");
  bench.client.drop();
  EXPECT_EQ(bench.report->committed, 1U);
  EXPECT_EQ(bench.report->dropped, 99U);
}

TEST(OximeterSession, SpotChecksAreCommittedOneByOneAndSayWhetherTheyWereStored) {
  OximeterBench bench;
  bench.start();
  bench.client.notify("2A5E", kStoredSpot);
  bench.client.notify("2A5E", std::string_view("0062004800"));
  ASSERT_EQ(bench.sink.committed.size(), 2U);
  EXPECT_TRUE(bench.sink.committed[0].isStored);
  EXPECT_FALSE(bench.sink.committed[1].isStored);
}

TEST(OximeterSession, StoredSpotChecksArePulledAndASilentDeviceIsGivenUp) {
  OximeterBench bench;
  bench.client.present.insert("2A52");
  bench.start();
  EXPECT_EQ(bench.client.journal.back(), "write 2A52 0101");
  bench.client.notify("2A5E", kSpot);
  bench.time.pass(Milliseconds(29'999));
  bench.client.notify("2A5E", kSpot);
  bench.time.pass(Milliseconds(30'000));
  EXPECT_EQ(bench.report->outcome, Outcome::kTimedOut);
  EXPECT_EQ(bench.report->committed, 2U);
}

TEST(OximeterSession, AfterTheResponseItGoesOnListening) {
  OximeterBench bench;
  bench.client.present.insert("2A52");
  bench.client.onWrite = [&](const std::string&, const std::string&) {
    bench.client.notify("2A52", std::string_view("06000106"));
  };
  bench.start();
  EXPECT_FALSE(bench.isDone());
  bench.stream(12);
  bench.client.drop();
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
  EXPECT_EQ(bench.report->committed, 1U);
}

TEST(HeartRateSession, NoContactIsNoReading) {
  Bench bench;
  bench.client.present = {"2A37"};
  bench.start(
      [](const SessionPorts& to) { return makeMeasurementSession(to, {.sources = {"2A37"}}); });
  bench.client.notify("2A37", std::string_view("0448"));  // contact supported, not detected
  bench.client.notify("2A37", std::string_view("0648"));
  bench.client.drop();
  EXPECT_THAT(hexOf(bench.sink.committed), ElementsAre("0648"));
}

}  // namespace
}  // namespace vardnav::ble
