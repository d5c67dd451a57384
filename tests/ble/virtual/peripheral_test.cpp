// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A device and its radio: who waits for whom.
#include "ble/virtual/peripheral.h"

#include <gtest/gtest.h>

#include <vector>

#include "ble/virtual/adapter_agent.h"
#include "ble/virtual/gatt_application.h"
#include "ble/virtual/glucose_meter.h"
#include "ble/virtual/weight_scale.h"

namespace vardnav::ble::virtual_home {
namespace {

/// Sends nothing by itself: the test says when a value is out.
struct SlowRadio final : Radio {
  std::vector<Bytes> handed;
  int hangUps = 0;

  void startAdvertising(Peripheral&) override {}
  void stopAdvertising(Peripheral&) override {}
  void send(Peripheral&, const Outgoing& outgoing) override { handed.push_back(outgoing.value); }
  void hangUp(Peripheral&) override { ++hangUps; }
};

class PeripheralTest : public ::testing::Test {
 protected:
  void SetUp() override {
    scale.hold(Capture{"2A9D", *fromHex("02B036E7070C190E1E2D")}, {});
    scale.hold(Capture{"2A9D", *fromHex("0CB03605F500D606")}, {});
    device.connect();
    ASSERT_TRUE(device.subscribe("2A9D", {true}).has_value());
  }

  static DevicePlan plan() {
    DevicePlan plan;
    plan.name = "Scale";
    return plan;
  }

  Loop loop;
  SystemClock clock;
  SlowRadio radio;
  std::unique_ptr<WeightScale> owned = std::make_unique<WeightScale>(DeviceClock{});
  WeightScale& scale = *owned;
  Peripheral device{plan(), std::move(owned),
                    loop,   clock,
                    radio,  {[](const Peripheral&) {}, [](const Peripheral&, const Outgoing&) {}}};
};

TEST_F(PeripheralTest, SendsTheNextValueWhenTheOneBeforeIsOut) {
  device.sendOne();
  device.sendOne();
  EXPECT_EQ(radio.handed.size(), 1U);
  device.sent();
  device.sendOne();
  EXPECT_EQ(radio.handed.size(), 2U);
}

TEST_F(PeripheralTest, SendsAgainWhatWasNotConfirmedWhenTheLinkEnded) {
  device.sendOne();
  device.disconnect();
  device.connect();
  ASSERT_TRUE(device.subscribe("2A9D", {true}).has_value());
  device.sendOne();
  ASSERT_EQ(radio.handed.size(), 2U);
  EXPECT_EQ(radio.handed[0], radio.handed[1]);
}

TEST_F(PeripheralTest, AConfirmationAfterTheLinkIsNotOfTheNextOne) {
  device.sendOne();
  device.disconnect();
  device.sent();
  EXPECT_TRUE(scale.hasUncollected());
  EXPECT_EQ(scale.unsent(), 2U);
}

TEST_F(PeripheralTest, AResumedSubscriptionSendsNothingByItself) {
  device.disconnect();
  device.connect();
  ASSERT_TRUE(device.resubscribe("2A9D", {true}).has_value());
  loop.runDue();
  EXPECT_TRUE(radio.handed.empty());
  device.sendOne();
  EXPECT_EQ(radio.handed.size(), 1U);
}

// Android-nRF-Toolbox #91: a strip goes in, and the radio off.
TEST_F(PeripheralTest, AnAccuChekHangsUpWhenAResultComesWhileItIsConnected) {
  for (const Make make : {Make::kStandard, Make::kAccuChek}) {
    DevicePlan meterPlan = plan();
    meterPlan.make = make;
    meterPlan.records = {{Milliseconds{0}, GlucoseValue{Decimal(100, 0)}, clock.utcNow()},
                         {Milliseconds{1}, GlucoseValue{Decimal(101, 0)}, clock.utcNow()}};
    SlowRadio itsRadio;
    Peripheral meter{
        meterPlan, std::make_unique<GlucoseMeter>(DeviceClock{}, std::chrono::minutes{0}),
        loop,      clock,
        itsRadio,  {[](const Peripheral&) {}, [](const Peripheral&, const Outgoing&) {}}};
    meter.begin();
    meter.connect();
    bool hasAppeared = false;
    loop.after(Milliseconds{2}, [&] { hasAppeared = true; });
    while (!hasAppeared) loop.runDue();
    EXPECT_EQ(itsRadio.hangUps, make == Make::kAccuChek ? 1 : 0);
    EXPECT_EQ(meter.model().unsent(), 2U);
    meter.disconnect();
  }
}

TEST_F(PeripheralTest, SaysNothingBeforeItsTimeWhenItsAnswersAreLate) {
  for (const Milliseconds late : {Milliseconds{60'000}, Milliseconds{0}}) {
    device.disconnect();
    device.answerLate(late);
    device.connect();
    ASSERT_TRUE(device.subscribe("2A9D", {true}).has_value());
    bool hasPassed = false;
    loop.after(Milliseconds{30}, [&] { hasPassed = true; });
    while (!hasPassed) loop.runDue();
    EXPECT_EQ(radio.handed.empty(), late > Milliseconds{0}) << late.count();
  }
}

TEST(ServerFlags, DemandEncryptionWhereTheDeviceDemandsABond) {
  const Characteristic open{"2A18", {"notify"}};
  const Characteristic bonded{"2A52", {"write", "indicate"}, true};
  EXPECT_EQ(serverFlags(open), std::vector<std::string>{"notify"});
  EXPECT_EQ(serverFlags(bonded), (std::vector<std::string>{"encrypt-write", "encrypt-indicate"}));
}

TEST(CapabilityOf, FollowsFromTheWayADevicePairs) {
  EXPECT_STREQ(capabilityOf(Pairing::kJustWorks), "NoInputNoOutput");
  EXPECT_STREQ(capabilityOf(Pairing::kComparison), "DisplayYesNo");
  EXPECT_STREQ(capabilityOf(Pairing::kPasskey), "DisplayOnly");
}

}  // namespace
}  // namespace vardnav::ble::virtual_home
