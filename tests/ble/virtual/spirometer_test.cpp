// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/spirometer.h"

#include <gtest/gtest.h>

#include "ble/gatt/elapsed_time.h"
#include "ble/gatt/health_observation.h"
#include "ble/gatt/segments.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr const char* kFev1 = "01150003000A5402002200C659310000010040066B0100FE";
constexpr Link kBonded{true};
const UtcTime kStart = *parseRfc3339("2026-11-24T10:00:00Z");

class SpirometerDevice : public testing::Test {
 protected:
  Spirometer device_{DeviceClock(*parseIsoLocal("2026-03-27T22:50:00"), kStart), 23};

  /// Values up to the one that completes a record, joined.
  std::optional<std::pair<Bytes, SentRecord>> nextRecord() {
    gatt::Reassembler joined;
    while (auto value = device_.takeNext()) {
      EXPECT_LE(value->value.size(), 20u);
      auto step = joined.push(value->value);
      EXPECT_EQ(step.frame.has_value(), value->record.has_value());
      if (value->record) return std::pair{*step.frame, *value->record};
    }
    return std::nullopt;
  }
  void subscribeStored() {
    ASSERT_TRUE(device_.subscribe("2BDD", true, kBonded).has_value());
    ASSERT_TRUE(device_.subscribe("2A52", true, kBonded).has_value());
  }
  auto ask(const char* request, Link link = kBonded) {
    return device_.write("2A52", *fromHex(request), link, kStart);
  }
};

TEST_F(SpirometerDevice, ALiveBlowWaitsForAListenerAndGoesOnce) {
  device_.hold(Capture{"2B8B", *fromHex(kFev1)}, {});
  EXPECT_FALSE(nextRecord());
  EXPECT_TRUE(device_.hasUncollected());
  ASSERT_TRUE(device_.subscribe("2B8B", true, kBonded).has_value());
  const auto sent = nextRecord();
  ASSERT_TRUE(sent);
  EXPECT_EQ(toHex(sent->first), kFev1);
  EXPECT_EQ(toIso(*sent->second.deviceTime), "2026-03-27T22:49:36");
  EXPECT_FALSE(sent->second.recordNumber);
  EXPECT_FALSE(device_.hasUncollected());
}

TEST_F(SpirometerDevice, ALiveBlowCutOffIsSentAgainWhole) {
  device_.hold(Capture{"2B8B", *fromHex(kFev1)}, {});
  ASSERT_TRUE(device_.subscribe("2B8B", true, kBonded).has_value());
  ASSERT_TRUE(device_.takeNext());  // the first of two segments
  device_.linkLost();
  EXPECT_TRUE(device_.hasUncollected());
  ASSERT_TRUE(device_.subscribe("2B8B", true, kBonded).has_value());
  const auto sent = nextRecord();
  ASSERT_TRUE(sent);
  EXPECT_EQ(toHex(sent->first), kFev1);
}

TEST_F(SpirometerDevice, StoresABlowAsOneNumberedRecordOfThreeObservations) {
  device_.hold(Blow{*Decimal::parse("2.84"), *Decimal::parse("3.36"), *Decimal::parse("352")},
               kStart - std::chrono::hours{1});
  subscribeStored();
  ASSERT_TRUE(ask("0101").has_value());
  const auto sent = nextRecord();
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->first, sent->second.bytes);
  EXPECT_EQ(sent->second.recordNumber, 1u);
  EXPECT_EQ(toIso(*sent->second.deviceTime), "2026-03-27T21:50:00");
  const auto decoded = gatt::decodeStoredHealthFrame(sent->first);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->value.recordNumber, 1u);
  const auto& observations = decoded->value.frame.observations;
  ASSERT_EQ(observations.size(), 3u);
  EXPECT_EQ(observations[0].header.type, 152586u);
  EXPECT_EQ(std::get<gatt::HealthNumeric>(observations[0].value).value, *Decimal::parse("2.84"));
  EXPECT_EQ(observations[2].header.type, 152584u);
  EXPECT_EQ(std::get<gatt::HealthNumeric>(observations[2].value).unit, 265216u);
  EXPECT_TRUE(observations[1].header.time);
  EXPECT_EQ(toHex(device_.takeNext()->value), "06000101");
}

TEST_F(SpirometerDevice, GivesStoredRecordsToBondedClientsOnly) {
  subscribeStored();
  EXPECT_EQ(ask("0101", Link{false}).error(), AttError::kInsufficientAuthentication);
}

TEST_F(SpirometerDevice, ShowsItsClockInUtc) {
  const auto octets = device_.read("2BF2", {}, kStart + std::chrono::seconds{5});
  const auto decoded = gatt::decodeElapsedTimeClock(*octets);
  ASSERT_TRUE(decoded);
  const auto time = decoded->value.time.deviceTime();
  ASSERT_TRUE(time);
  EXPECT_EQ(time->timeline, DeviceTime::Timeline::kUtc);
  EXPECT_EQ(toIso(time->at), "2026-03-27T22:50:05");
}

}  // namespace
}  // namespace vardnav::ble::virtual_home
