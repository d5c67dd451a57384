// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/advert_reader.h"

#include <gmock/gmock.h>

#include "tests/ble/session/fakes.h"

namespace vardnav::ble {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// tests/data/ble_vectors.jsonl: adv-07 (final), adv-08 (not yet), adv-03 (final, load removed).
constexpr std::string_view kFinal = "0226B20705040F0201AC018642";
constexpr std::string_view kUnsteady = "0204E30707031216330000F81B";
constexpr std::string_view kRemoved = "A22044B20701010A1A15";

class AdvertBench {
 public:
  void hear(std::string_view service, std::string_view hex) {
    reader.onAdvert({{DeviceId("C0:FF:EE:00:00:09"), "MIBFS", {}},
                     {{uuidOf(service), *fromHex(hex)}},
                     time.utcNow()});
  }
  FakeTime time{*parseRfc3339("2026-03-24T08:00:00Z")};
  FakeSink sink;
  AdvertReader reader{sink, time, {.mostPerDay = 3}};
};

TEST(AdvertReader, OneWeighingIsDeliveredOnceHoweverOftenItIsTold) {
  AdvertBench bench;
  bench.hear("181B", kUnsteady);
  for (int i = 0; i < 50; ++i) bench.hear("181B", kFinal);
  ASSERT_EQ(bench.sink.committed.size(), 1U);
  EXPECT_EQ(bench.sink.committed[0].characteristic, "181B");
  EXPECT_EQ(toHex(bench.sink.committed[0].bytes), kFinal);
  EXPECT_FALSE(bench.sink.committed[0].isStored);
}

TEST(AdvertReader, TheNextOneComesAfterTheLoadIsGoneOrAfterSilence) {
  AdvertBench bench;
  bench.hear("181B", kFinal);
  bench.hear("181D", kRemoved);
  bench.hear("181B", kFinal);
  EXPECT_EQ(bench.sink.committed.size(), 2U);
  bench.time.pass(Milliseconds(60'001));
  bench.hear("181B", kFinal);
  EXPECT_EQ(bench.sink.committed.size(), 3U);
}

TEST(AdvertReader, NeitherNoiseNorOthersServicesAreDelivered) {
  AdvertBench bench;
  bench.hear("181B", "0226");
  bench.hear("FE95", kFinal);
  bench.hear("181D", kRemoved);
  EXPECT_THAT(bench.sink.committed, IsEmpty());
}

TEST(AdvertReader, WhatCouldNotBeStoredIsTriedWithTheNextRepeat) {
  AdvertBench bench;
  bench.sink.failAt = 0;
  bench.hear("181B", kFinal);
  EXPECT_THAT(bench.sink.committed, IsEmpty());
  bench.hear("181B", kFinal);
  EXPECT_THAT(hexOf(bench.sink.committed), ElementsAre(kFinal));
}

// Anyone can send adverts: they must not fill the disk.
TEST(AdvertReader, AFloodIsCountedAndKeptOffTheDiskUntilTheNextDay) {
  AdvertBench bench;
  const auto flood = [&] {
    for (int i = 0; i < 100; ++i) {
      bench.hear("181B", kUnsteady);
      bench.hear("181B", kFinal);
    }
  };
  flood();
  EXPECT_EQ(bench.sink.committed.size(), 3U);
  EXPECT_EQ(bench.reader.dropped(), 97U);
  bench.time.pass(std::chrono::hours{24});
  flood();
  EXPECT_EQ(bench.sink.committed.size(), 6U);
}

}  // namespace
}  // namespace vardnav::ble
