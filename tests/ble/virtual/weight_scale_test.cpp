// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/weight_scale.h"

#include <gtest/gtest.h>

#include "ble/gatt/current_time.h"
#include "ble/gatt/weight_measurement.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr const char* kCaptured = "02B036E7070C190E1E2D";  // bluetooth-sig-python
const UtcTime kStart = *parseRfc3339("2026-11-24T10:00:00Z");

WeightScale scale() {
  return WeightScale(DeviceClock(*parseIsoLocal("2023-12-25T14:31:00"), kStart));
}

TEST(WeightScale, ForgetsAWeighingOnlyWhenItHasGoneOut) {
  WeightScale device = scale();
  device.hold(Capture{"2A9D", *fromHex(kCaptured)}, {});
  EXPECT_FALSE(device.takeNext());
  EXPECT_TRUE(device.hasUncollected());
  ASSERT_TRUE(device.subscribe("2A9D", true, {}).has_value());
  device.linkLost();
  EXPECT_FALSE(device.takeNext()) << "the next client has to subscribe anew";
  EXPECT_TRUE(device.hasUncollected());
  ASSERT_TRUE(device.subscribe("2A9D", true, {}).has_value());
  const auto sent = device.takeNext();
  ASSERT_TRUE(sent && sent->record);
  EXPECT_EQ(toHex(sent->value), kCaptured);
  EXPECT_EQ(toIso(*sent->record->deviceTime), "2023-12-25T14:30:45");
  EXPECT_FALSE(device.hasUncollected());
  EXPECT_FALSE(device.takeNext());
}

TEST(WeightScale, OffersAWeighingAgainThatWasNotConfirmed) {
  WeightScale device = scale();
  device.hold(Capture{"2A9D", *fromHex(kCaptured)}, {});
  device.hold(WeightValue{*Decimal::parse("70.30")}, kStart);
  ASSERT_TRUE(device.subscribe("2A9D", true, {}).has_value());
  const auto lost = device.takeNext();
  ASSERT_TRUE(lost);
  device.unconfirmed(*lost);
  device.linkLost();
  ASSERT_TRUE(device.subscribe("2A9D", true, {}).has_value());
  EXPECT_EQ(toHex(device.takeNext()->value), kCaptured) << "and before those that came later";
  EXPECT_TRUE(device.takeNext());
  EXPECT_FALSE(device.hasUncollected());
}

TEST(WeightScale, StampsInItsOwnClock) {
  WeightScale device = scale();
  device.hold(WeightValue{*Decimal::parse("70.30")}, kStart - std::chrono::hours{24});
  ASSERT_TRUE(device.subscribe("2A9D", true, {}).has_value());
  const auto decoded = gatt::decodeWeightMeasurement(device.takeNext()->value);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->value.quantity()->value, *Decimal::parse("70.30"));
  EXPECT_EQ(toIso(*decoded->value.time->local()), "2023-12-24T14:31:00");
}

TEST(WeightScale, AWeighingWithoutTimeHasNone) {
  WeightScale device = scale();
  device.hold(Capture{"2A9D", *fromHex("0CB03605F500D606")}, {});
  ASSERT_TRUE(device.subscribe("2A9D", true, {}).has_value());
  EXPECT_FALSE(device.takeNext()->record->deviceTime);
}

TEST(WeightScale, ShowsItsClockAsCurrentTime) {
  WeightScale device = scale();
  const auto octets = device.read("2A2B", {}, kStart + std::chrono::seconds{1});
  const auto decoded = gatt::decodeCurrentTime(*octets);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(toIso(*decoded->value.time.local()), "2023-12-25T14:31:01");
  EXPECT_EQ(decoded->value.weekday, 1) << "25 December 2023 was a Monday";
}

TEST(WeightScale, KeepsItsFeatureForBondedClients) {
  WeightScale device = scale();
  EXPECT_EQ(device.read("2A9E", {false}, kStart).error(), AttError::kInsufficientAuthentication);
  EXPECT_TRUE(device.read("2A9E", {true}, kStart).has_value());
}

}  // namespace
}  // namespace vardnav::ble::virtual_home
