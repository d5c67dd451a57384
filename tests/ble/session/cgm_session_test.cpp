// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/cgm_session.h"

#include <gmock/gmock.h>

#include "tests/ble/session/fakes.h"

namespace vardnav::ble {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::StartsWith;

// tests/data/ble_vectors.jsonl: cgmst-01 (2018-04-24T13:08:24), cgm-02 (minutes 5 and 6), cgm-05.
constexpr std::string_view kStart = "E20704180D08180804E0C2";
constexpr std::string_view kTwo = "06000C10050006000C100600";
constexpr std::string_view kMinute30 = "060078001E00";
// 2000-01-01 to the start.
constexpr std::uint32_t kStartMinute = 9'631'508;

class CgmBench : public Bench {
 public:
  CgmBench() {
    client.present = {"2AA7", "2AA9", "2AAA", "2A52"};
    client.readable["2AAA"] = *fromHex(kStart);
    client.readable["2AA9"] = *fromHex("2000000000");  // 32 minutes
    client.onWrite = [this](const std::string&, const std::string& hex) {
      if (onRequest) onRequest(hex);
    };
  }
  void start() {
    Bench::start([](const SessionPorts& to) { return makeCgmSession(to); });
  }
  std::function<void(const std::string& hex)> onRequest;
};

TEST(CgmSession, CutsNotificationsIntoRecordsNumberedOverSensors) {
  CgmBench bench;
  bench.onRequest = [&](const std::string&) {
    bench.client.notify("2AA7", kTwo);
    bench.client.notify("2A52", std::string_view("06000101"));
  };
  bench.start();
  EXPECT_THAT(bench.client.journal, ElementsAre("listen", "read 2AAA", "read 2AA9",
                                                "subscribe 2AA7", "subscribe 2A52",
                                                "write 2A52 0101"));
  EXPECT_THAT(hexOf(bench.sink.committed), ElementsAre("06000C100500", "06000C100600"));
  EXPECT_THAT(numbersOf(bench.sink.committed), ElementsAre(kStartMinute + 5, kStartMinute + 6));
  EXPECT_EQ(toHex(bench.sink.committed[0].context), kStart);
  EXPECT_EQ(toIso(bench.sink.committed[0].clock->device.at), "2018-04-24T13:40:24");
}

TEST(CgmSession, GoesOnFromTheLastMinuteCommitted) {
  CgmBench bench;
  bench.sink.cursor = kStartMinute + 6;
  bench.start();
  EXPECT_EQ(bench.client.journal.back(), "write 2A52 0103010700");
}

TEST(CgmSession, ANewSensorIsPulledWhole) {
  CgmBench bench;
  bench.sink.cursor = kStartMinute - 100;
  bench.start();
  EXPECT_EQ(bench.client.journal.back(), "write 2A52 0101");
}

TEST(CgmSession, WithoutAStartOnlyWhatIsLiveIsTaken) {
  CgmBench bench;
  bench.client.readable["2AAA"] = Bytes(9, 0);
  bench.start();
  EXPECT_THAT(bench.client.journal, Not(Contains(StartsWith("write"))));
  bench.client.notify("2AA7", kMinute30);
  ASSERT_EQ(bench.sink.committed.size(), 1U);
  EXPECT_FALSE(bench.sink.committed[0].recordNumber);
  EXPECT_FALSE(bench.sink.committed[0].isStored);
}

TEST(CgmSession, LiveRecordsFollowTheStoredOnes) {
  CgmBench bench;
  bench.onRequest = [&](const std::string&) {
    bench.client.notify("2A52", std::string_view("06000106"));
  };
  bench.start();
  bench.client.notify("2AA7", kMinute30);
  EXPECT_FALSE(bench.sink.committed.at(0).isStored);
  bench.client.notify("2AA7", std::string_view("0500"));
  EXPECT_EQ(hexOf(bench.sink.committed).back(), "0500") << "kept as it came";
  bench.client.drop();
  EXPECT_EQ(bench.report->outcome, Outcome::kCompleted);
}

TEST(CgmSession, ASilentTransferIsGivenUp) {
  CgmBench bench;
  bench.start();
  bench.time.pass(Milliseconds(30'000));
  EXPECT_EQ(bench.report->outcome, Outcome::kTimedOut);
}

}  // namespace
}  // namespace vardnav::ble
