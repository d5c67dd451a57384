// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/glucose_meter.h"

#include <gtest/gtest.h>

#include "ble/gatt/date_time.h"
#include "ble/gatt/glucose_measurement.h"

namespace vardnav::ble::virtual_home {
namespace {

constexpr const char* kCaptured = "070100E3070815061F0DB4003BC0F1";  // Android-BLE-Library #130
constexpr Link kBonded{true};
const UtcTime kStart = *parseRfc3339("2026-11-24T10:00:00Z");

class Meter : public testing::Test {
 protected:
  GlucoseMeter meter_{DeviceClock(*parseIsoLocal("2019-08-21T10:29:00"), kStart),
                      std::chrono::minutes{180}};

  void subscribe() {
    ASSERT_TRUE(meter_.subscribe("2A18", true, kBonded).has_value());
    ASSERT_TRUE(meter_.subscribe("2A52", true, kBonded).has_value());
  }
  auto ask(const char* request, Link link = kBonded) {
    return meter_.write("2A52", *fromHex(request), link, kStart);
  }
};

TEST_F(Meter, SendsACaptureOctetByOctet) {
  meter_.hold(Capture{"2A18", *fromHex(kCaptured)}, {});
  subscribe();
  ASSERT_TRUE(ask("0101").has_value());
  const auto sent = meter_.takeNext();
  ASSERT_TRUE(sent && sent->record);
  EXPECT_EQ(sent->characteristic, "2A18");
  EXPECT_EQ(toHex(sent->value), kCaptured);
  EXPECT_EQ(sent->record->recordNumber, 1u);
  EXPECT_EQ(toIso(*sent->record->deviceTime), "2019-08-21T09:31:13");
  EXPECT_EQ(toHex(meter_.takeNext()->value), "06000101");
  EXPECT_FALSE(meter_.takeNext());
}

TEST_F(Meter, StampsValuesInItsOwnClock) {
  meter_.hold(GlucoseValue{Decimal(53, 0)}, kStart - std::chrono::minutes{61});
  subscribe();
  ASSERT_TRUE(ask("0101").has_value());
  const auto sent = meter_.takeNext();
  const auto decoded = gatt::decodeGlucoseMeasurement(sent->value);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(toIso(*decoded->value.userFacingTime()), "2019-08-21T09:28:00");
  EXPECT_EQ(toIso(*decoded->value.baseTime.local()), "2019-08-21T06:28:00");
  EXPECT_EQ(decoded->value.quantity(), (Quantity{Decimal(53, 0), Unit::kMilligramPerDecilitre}));
  EXPECT_EQ(sent->record->deviceTime, decoded->value.userFacingTime());
}

TEST_F(Meter, ShowsTheClockThatItsUserSees) {
  const auto octets = meter_.read("2A08", {}, kStart + std::chrono::seconds{90});
  ASSERT_TRUE(octets);
  EXPECT_EQ(toIso(*gatt::decodeDateTime(*octets)->value.local()), "2019-08-21T10:30:30");
}

TEST_F(Meter, GivesNothingWithoutABond) {
  subscribe();
  EXPECT_EQ(ask("0101", Link{false}).error(), AttError::kInsufficientAuthentication);
}

TEST_F(Meter, WantsBothSubscriptionsFirst) {
  EXPECT_EQ(ask("0101").error(), AttError::kCccdImproperlyConfigured);
  ASSERT_TRUE(meter_.subscribe("2A52", true, kBonded).has_value());
  EXPECT_EQ(ask("0101").error(), AttError::kCccdImproperlyConfigured);
}

TEST_F(Meter, SendsNothingToNobody) {
  meter_.hold(Capture{"2A18", *fromHex(kCaptured)}, {});
  subscribe();
  ASSERT_TRUE(ask("0101").has_value());
  ASSERT_TRUE(meter_.subscribe("2A18", false, kBonded).has_value());
  EXPECT_FALSE(meter_.takeNext());
  EXPECT_EQ(meter_.unsent(), 1u);
}

TEST_F(Meter, NumbersGoOnAfterCapturesAndBrokenFrames) {
  meter_.hold(Capture{"2A18", *fromHex(kCaptured)}, {});
  meter_.hold(Capture{"2A18", *fromHex("0F0300E4"), 3, false}, {});
  meter_.hold(GlucoseValue{Decimal(97, 0)}, kStart);
  subscribe();
  ASSERT_TRUE(ask("0103010200").has_value());
  const auto broken = meter_.takeNext();
  EXPECT_EQ(toHex(broken->value), "0F0300E4");
  EXPECT_FALSE(broken->record->counts);
  EXPECT_EQ(meter_.takeNext()->record->recordNumber, 4u);
}

}  // namespace
}  // namespace vardnav::ble::virtual_home
