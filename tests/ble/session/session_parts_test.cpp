// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <gmock/gmock.h>

#include <random>

#include "ble/session/ghs_session.h"
#include "ble/session/glucose_session.h"
#include "ble/session/measurement_session.h"
#include "ble/session/record_order.h"
#include "tests/ble/session/fakes.h"

namespace vardnav::ble {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Uuids, TurnBetweenShortAndLongForm) {
  EXPECT_EQ(uuidFrom16("2A18"), "00002a18-0000-1000-8000-00805f9b34fb");
  EXPECT_EQ(uuidFrom16("2a18"), uuidFrom16("2A18"));
  EXPECT_EQ(shortUuidOf("00002a18-0000-1000-8000-00805f9b34fb"), "2A18");
  EXPECT_EQ(shortUuidOf("00002A18-0000-1000-8000-00805F9B34FB"), "2A18");
  const Uuid vendor = "af9df7a1-e595-11e3-96b4-0002a5d5c51b";
  EXPECT_EQ(shortUuidOf(vendor), vendor);
  EXPECT_EQ(shortUuidOf("12342a18-0000-1000-8000-00805f9b34fb"),
            "12342a18-0000-1000-8000-00805f9b34fb");
  EXPECT_EQ(shortUuidOf(""), "");
}

RawRecord numbered(std::optional<std::uint32_t> number) {
  RawRecord record;
  record.recordNumber = number;
  return record;
}

class OrderTest : public testing::Test {
 protected:
  void offer(std::initializer_list<std::uint32_t> numbers) {
    for (const std::uint32_t number : numbers) order_.offer(numbered(number));
  }
  std::vector<RawRecord> out_;
  RecordOrder order_{[this](RawRecord record) { out_.push_back(std::move(record)); }};
};

TEST_F(OrderTest, TheNumberAfterTheCursorNeedsNoProof) {
  order_.begin(43);
  offer({43});
  EXPECT_THAT(numbersOf(out_), ElementsAre(43));
}

TEST_F(OrderTest, TheFirstOfAllWaitsForTheSecond) {
  order_.begin(std::nullopt);
  offer({5});
  EXPECT_THAT(out_, IsEmpty());
  offer({6});
  EXPECT_THAT(numbersOf(out_), ElementsAre(5, 6));
}

TEST_F(OrderTest, AFallInTheMiddleHoldsTheRest) {
  order_.begin(std::nullopt);
  offer({5, 6, 2, 7, 3});
  EXPECT_THAT(numbersOf(out_), ElementsAre(5, 6));
  order_.complete();
  EXPECT_THAT(numbersOf(out_), ElementsAre(5, 6, 2, 3, 7));
}

TEST_F(OrderTest, RecordsWithoutANumberPass) {
  order_.begin(std::nullopt);
  offer({5});
  order_.offer(numbered(std::nullopt));
  EXPECT_THAT(numbersOf(out_), ElementsAre(999'999));
}

TEST_F(OrderTest, RepeatedNumbersAreAllDelivered) {
  order_.begin(std::nullopt);
  offer({5, 5, 6, 6});
  order_.complete();
  EXPECT_THAT(numbersOf(out_), ElementsAre(5, 5, 6, 6));
}

TEST_F(OrderTest, HoldsNoMoreThanItsBound) {
  order_.begin(std::nullopt);
  for (std::uint32_t number = 100'000; number > 0; --number) offer({number});
  EXPECT_GT(out_.size(), 80'000U);
}

// Whatever a device does, no session asks it to delete, clear or set anything: the only writes are
// record access report requests and the start of live sending.
TEST(EverySession, WritesOnlyRequestsToReport) {
  std::mt19937 random(7);
  const Bench::Make kMakes[] = {
      [](const SessionPorts& to) { return makeGlucoseSession(to); },
      [](const SessionPorts& to) { return makeMeasurementSession(to, {.sources = {"2A9D"}}); },
      [](const SessionPorts& to) { return makeGhsSession(to); },
  };
  unsigned writes = 0;
  for (int round = 0; round < 3000; ++round) {
    Bench bench;
    bench.client.present = {"2A08", "2A2B", "2BF2", "2A18", "2A34",
                            "2A52", "2A9D", "2B8B", "2BDD", "2BF4"};
    for (const std::string& uuid : bench.client.present) bench.client.readable[uuid] = {1, 2, 3};
    if (random() % 2 == 0) bench.sink.cursor = random() % 70'000;
    bench.start(kMakes[random() % 3]);
    for (int step = 0; step < 12; ++step) {
      const std::string from[] = {"2A18", "2A34", "2A52", "2A9D", "2B8B", "2BDD"};
      Bytes value{6, 0, 1, static_cast<std::uint8_t>(random() % 11)};
      if (random() % 2 == 0) {
        value.resize(random() % 24);
        for (auto& octet : value) octet = static_cast<std::uint8_t>(random());
      }
      bench.client.notify(from[random() % 6], value);
    }
    for (const std::string& line : bench.client.journal) {
      if (!line.starts_with("write ")) continue;
      EXPECT_TRUE(line.starts_with("write 2A52 01") || line == "write 2BF4 01") << line;
      ++writes;
    }
    bench.client.drop();
    EXPECT_TRUE(bench.isDone());
    EXPECT_EQ(bench.doneCalls, 1U);
  }
  EXPECT_GT(writes, 2000U);
}

}  // namespace
}  // namespace vardnav::ble
