// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/reporter.h"

#include <gtest/gtest.h>

#include "ble/gatt/blood_pressure.h"
#include "ble/gatt/body_composition.h"
#include "ble/gatt/scale_advert.h"
#include "ble/virtual/advert_scale.h"
#include "ble/virtual/body_scale.h"
#include "ble/virtual/glucose_meter.h"

namespace vardnav::ble::virtual_home {
namespace {

const UtcTime kStart = *parseRfc3339("2026-11-24T10:00:00Z");
const DeviceClock kClock(*parseIsoLocal("2026-11-24T11:00:00"), kStart);
constexpr Link kBonded{true};

Decimal decimal(const char* text) { return *Decimal::parse(text); }

TEST(Reporter, TellsABloodPressureAndForgetsItWhenConfirmed) {
  Reporter device(ModelKind::kBloodPressure, kClock);
  device.hold(PressureValue{decimal("142"), decimal("88"), decimal("71")}, kStart);
  EXPECT_FALSE(device.takeNext()) << "nobody listens";
  ASSERT_TRUE(device.subscribe("2A35", true, kBonded));
  const auto lost = device.takeNext();
  ASSERT_TRUE(lost);
  device.unconfirmed(*lost);
  device.linkLost();
  EXPECT_TRUE(device.hasUncollected());
  ASSERT_TRUE(device.subscribe("2A35", true, kBonded));
  const auto sent = device.takeNext();
  ASSERT_TRUE(sent);
  const auto decoded = gatt::decodeBloodPressureMeasurement(sent->value);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->value.systolic, decimal("142"));
  EXPECT_EQ(decoded->value.mean.error(), gatt::NoNumber::kNaN);
  EXPECT_EQ(toIso(*decoded->value.context.time->local()), "2026-11-24T11:00:00");
  EXPECT_FALSE(device.hasUncollected());
}

TEST(Reporter, ItsClockCanBeSet) {
  Reporter device(ModelKind::kThermometer, kClock);
  const Bytes set = *fromHex("EA070B1908000A");  // 2026-11-25 08:00:10
  ASSERT_TRUE(device.write("2A08", set, kBonded, kStart));
  EXPECT_EQ(*device.read("2A08", kBonded, kStart), set);
  EXPECT_EQ(device.write("2A08", *fromHex("EA07"), kBonded, kStart).error(),
            AttError::kInvalidLength);
}

TEST(Reporter, StoredSpotChecksGoOnlyWhenAskedFor) {
  Reporter device(ModelKind::kOximeter, kClock);
  device.hold(OxygenValue{decimal("91"), decimal("80"), false}, kStart);
  ASSERT_TRUE(device.subscribe("2A5E", true, kBonded));
  ASSERT_TRUE(device.subscribe("2A52", true, kBonded));
  EXPECT_FALSE(device.takeNext());
  ASSERT_TRUE(device.write("2A52", *fromHex("0101"), kBonded, kStart));
  EXPECT_EQ(device.takeNext()->characteristic, "2A5E");
  EXPECT_EQ(toHex(device.takeNext()->value), "06000101");
  ASSERT_TRUE(device.write("2A52", *fromHex("0101"), kBonded, kStart));
  EXPECT_EQ(toHex(device.takeNext()->value), "06000106") << "no records found";
}

class BodyScaleTest : public testing::Test {
 protected:
  void SetUp() override {
    device_.hold(BodyValue{decimal("80.5"), decimal("21.3"), 1}, kStart);
    device_.hold(BodyValue{decimal("61"), decimal("30.1"), 2}, kStart);
    device_.hold(BodyValue{decimal("40"), decimal("10"), std::nullopt}, kStart);
  }
  void subscribe() {
    for (const char* uuid : {"2A9D", "2A9C", "2A9F"}) {
      ASSERT_TRUE(device_.subscribe(uuid, true, kBonded));
    }
  }
  std::string consent(const char* hex) {
    EXPECT_TRUE(device_.write("2A9F", *fromHex(hex), kBonded, kStart));
    return toHex(device_.takeNext()->value);
  }
  std::size_t count() {
    std::size_t count = 0;
    while (device_.takeNext()) ++count;
    return count;
  }
  BodyScale device_{kClock, {{1, 1234}, {2, 4321}}};
};

TEST_F(BodyScaleTest, CannotBeSubscribedWithoutABond) {
  EXPECT_EQ(device_.subscribe("2A9D", true, {}).error(), AttError::kInsufficientAuthentication);
}

TEST_F(BodyScaleTest, RefusesConsentBeforeItsClockIsSet) {
  subscribe();
  EXPECT_EQ(consent("0201D204"), "200205");
  EXPECT_EQ(count(), 0U);
}

TEST_F(BodyScaleTest, GivesAUserOnlyToWhoHasTheConsent) {
  subscribe();
  ASSERT_TRUE(device_.write("2A2B", *fromHex("EA070B19080000030000"), kBonded, kStart));
  const auto zeros = gatt::decodeBodyComposition(device_.takeNext()->value);
  ASSERT_TRUE(zeros);
  EXPECT_EQ(*zeros->value.fatPercent, Decimal{});
  EXPECT_EQ(count(), 2U) << "whom it did not know";
  EXPECT_EQ(consent("0201D304"), "200205") << "a wrong code";
  EXPECT_EQ(count(), 0U);
  EXPECT_EQ(consent("0201D204"), "200201");
  EXPECT_EQ(count(), 2U);
  device_.linkLost();
  subscribe();
  EXPECT_EQ(count(), 0U) << "consent is of one link";
  EXPECT_TRUE(device_.hasUncollected());
}

TEST(AdvertScaleTest, TellsItsNewestWeighingInItsAdverts) {
  AdvertScale device(kClock);
  EXPECT_FALSE(device.takeAdvert());
  EXPECT_FALSE(gatt::decodeWeightAdvert(device.serviceData())->value.isReading());
  device.hold(WeightValue{decimal("70.2")}, kStart);
  const auto told = device.takeAdvert();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->value, device.serviceData());
  EXPECT_TRUE(gatt::decodeWeightAdvert(told->value)->value.isReading());
  EXPECT_FALSE(device.hasUncollected());
}

TEST(MakesOfMeters, TaiDocNumbersFromTheNewest) {
  GlucoseMeter meter(kClock, std::chrono::minutes{0}, Make::kTaiDoc);
  for (const char* value : {"100", "200"}) meter.hold(GlucoseValue{decimal(value)}, kStart);
  ASSERT_TRUE(meter.subscribe("2A18", true, kBonded));
  ASSERT_TRUE(meter.subscribe("2A52", true, kBonded));
  ASSERT_TRUE(meter.write("2A52", *fromHex("0101"), kBonded, kStart));
  EXPECT_EQ(*meter.takeNext()->record->recordNumber, 0U);
  const auto second = meter.takeNext();
  EXPECT_EQ(*second->record->recordNumber, 1U);
  EXPECT_EQ(second->value[1], 1U);
  EXPECT_TRUE(meter.hasUncollected()) << "the report has not come to its end";
  EXPECT_FALSE(meter.takeNext()->record);
  EXPECT_FALSE(meter.hasUncollected());
  EXPECT_FALSE(meter.read("2A08", kBonded, kStart)) << "it shows nobody its clock";
}

TEST(MakesOfMeters, CareSensSaysEachRecordTwice) {
  GlucoseMeter meter(kClock, std::chrono::minutes{0}, Make::kCareSens);
  meter.hold(GlucoseValue{decimal("100")}, kStart);
  ASSERT_TRUE(meter.subscribe("2A18", true, kBonded));
  ASSERT_TRUE(meter.subscribe("2A52", true, kBonded));
  ASSERT_TRUE(meter.write("2A52", *fromHex("0101"), kBonded, kStart));
  const auto first = meter.takeNext();
  EXPECT_EQ(meter.takeNext()->value, first->value);
  EXPECT_FALSE(meter.takeNext()->record);
}

TEST(MakesOfMeters, SettingAnAccuChekMovesTheOffsetAndNotTheBase) {
  GlucoseMeter meter(kClock, std::chrono::minutes{60}, Make::kAccuChek);
  ASSERT_TRUE(meter.write("2A08", *fromHex("EA070B180D0000"), kBonded, kStart));  // 13:00
  meter.hold(GlucoseValue{decimal("100")}, kStart);
  ASSERT_TRUE(meter.subscribe("2A18", true, kBonded));
  ASSERT_TRUE(meter.subscribe("2A52", true, kBonded));
  ASSERT_TRUE(meter.write("2A52", *fromHex("0101"), kBonded, kStart));
  const auto sent = meter.takeNext();
  EXPECT_EQ(toHex(sent->value).substr(6, 14), "EA070B180A0000") << "base 10:00, as before";
  EXPECT_EQ(toIso(*sent->record->deviceTime), "2026-11-24T13:00:00");
}

TEST(MakesOfMeters, SettingAClockThatIsYearsOffMovesTheBaseToo) {
  GlucoseMeter meter(DeviceClock(*parseIsoLocal("2019-01-01T00:00:00"), kStart),
                     std::chrono::minutes{60}, Make::kAccuChek);
  ASSERT_TRUE(meter.write("2A08", *fromHex("EA070B180D0000"), kBonded, kStart));  // 13:00
  meter.hold(GlucoseValue{decimal("100")}, kStart);
  EXPECT_EQ(meter.unsent(), 1U);
}

}  // namespace
}  // namespace vardnav::ble::virtual_home
