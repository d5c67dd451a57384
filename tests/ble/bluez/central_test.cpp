// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// From advert to session and back, over a real bus.
#include <algorithm>

#include "tests/ble/bluez/central_fixture.h"

namespace vardnav::test {
namespace {

std::size_t indexOf(const std::vector<std::string>& list, const std::string& item) {
  return static_cast<std::size_t>(std::ranges::find(list, item) - list.begin());
}

TEST_F(CentralTest, PairsANewDeviceInTheScanThatFoundItAndHandsItOver) {
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->addCharacteristic(bluez->discover(kMeter), "2a18");
  ASSERT_TRUE(untilEvent("ready " + kMeter));
  ASSERT_TRUE(untilCalled("Trusted " + kMeter));
  const auto& calls = bluez->calls;
  EXPECT_EQ(indexOf(calls, "SetDiscoveryFilter le") + 1, indexOf(calls, "StartDiscovery"));
  EXPECT_LT(indexOf(calls, "StopDiscovery"), indexOf(calls, "Pair " + kMeter));
  EXPECT_LT(indexOf(calls, "Pair " + kMeter), indexOf(calls, "Trusted " + kMeter));
  EXPECT_EQ(notebook.client->characteristics(), std::vector<ble::Uuid>{longForm("2a18")});
}

TEST_F(CentralTest, DoesNotPairWhatIsPaired) {
  meterInSession();
  EXPECT_EQ(bluez->count("Pair " + kMeter), 0U);
  EXPECT_EQ(bluez->count("Connect " + kMeter), 1U);
}

TEST_F(CentralTest, LeavesADeviceThatIsNotWantedAlone) {
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  FakeDevice& stranger = bluez->discover(kNeighbour, true);
  bluez->advertise(stranger);
  roundTrips(5);
  EXPECT_EQ(bluez->count("StopDiscovery"), 0U);
  bluez->addCharacteristic(bluez->discover(kMeter, true), "2a18");
  ASSERT_TRUE(untilEvent("ready " + kMeter));
  EXPECT_EQ(bluez->count("Connect " + kNeighbour), 0U);
  EXPECT_EQ(bluez->count("Pair " + kNeighbour), 0U);
}

TEST_F(CentralTest, ConnectsAKnownDeviceOnlyWhenItAdvertises) {
  startBluez();
  FakeDevice& meter = bluez->addKnown(kMeter, true);
  bluez->addCharacteristic(meter, "2a18");
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  EXPECT_EQ(bluez->count("Connect " + kMeter), 0U);
  bluez->advertise(meter);
  EXPECT_TRUE(untilEvent("ready " + kMeter));
}

TEST_F(CentralTest, IsWantedAgainOnItsNextAdvertAfterASession) {
  FakeDevice& meter = meterInSession();
  notebook.client->disconnect();
  ASSERT_TRUE(untilEvent("gone " + kMeter));
  EXPECT_EQ(indexOf(notebook.events, "disconnect") + 1, indexOf(notebook.events, "gone " + kMeter));
  ASSERT_TRUE(untilSearching());
  EXPECT_EQ(notebook.count("ready " + kMeter), 1U);
  bluez->advertise(meter);
  EXPECT_TRUE(untilEvent("ready " + kMeter, 2));
}

TEST_F(CentralTest, StopsDiscoveryBeforeConnectingAndStartsItAgainForTheOthers) {
  startBluez();
  startCentral({kMeter, kScale});
  ASSERT_TRUE(untilSearching());
  bool wasDiscovering = true;
  bluez->onConnect = [&, act = bluez->onConnect](FakeDevice& device, const Reply& reply) {
    wasDiscovering = bluez->isDiscovering();
    act(device, reply);
  };
  bluez->addCharacteristic(bluez->discover(kMeter, true), "2a18");
  ASSERT_TRUE(untilEvent("ready " + kMeter));
  EXPECT_FALSE(wasDiscovering);
  EXPECT_TRUE(untilSearching());
}

TEST_F(CentralTest, ConnectsToOneDeviceAtATime) {
  startBluez();
  startCentral({kMeter, kScale});
  ASSERT_TRUE(untilSearching());
  std::vector<std::pair<FakeDevice*, Reply>> pending;
  bluez->onConnect = [&](FakeDevice& device, const Reply& reply) {
    pending.emplace_back(&device, reply);
  };
  bluez->addCharacteristic(bluez->discover(kMeter, true), "2a18");
  bluez->addCharacteristic(bluez->discover(kScale, true), "2a9d");
  ASSERT_TRUE(until([&] { return !pending.empty(); }));
  roundTrips(5);
  EXPECT_EQ(pending.size(), 1U);
  pending[0].first->setConnected(true);
  pending[0].second->returnResults();
  ASSERT_TRUE(until([&] { return pending.size() == 2; }));
  pending[0].first->setServicesResolved(true);
  pending[1].first->setConnected(true);
  pending[1].second->returnResults();
  pending[1].first->setServicesResolved(true);
  EXPECT_TRUE(untilEvent("ready " + kMeter));
  EXPECT_TRUE(untilEvent("ready " + kScale));
  pending.clear();
}

// bluez #1489, bleak #1806: ServicesResolved is true before the characteristics are on the bus,
// and here nobody announces them either.
TEST_F(CentralTest, ReadsTheTreeAgainForCharacteristicsThatComeAfterServicesResolved) {
  expect({"2a18", "2a52"});
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  FakeDevice& meter = bluez->discover(kMeter, true);
  bluez->addCharacteristic(meter, "2a18");
  const auto later = loop.make();
  later->start(Milliseconds(60), [&] {
    EXPECT_EQ(notebook.count("ready " + kMeter), 0U);
    bluez->addCharacteristic(meter, "2a52", true);
  });
  ASSERT_TRUE(untilEvent("ready " + kMeter));
  EXPECT_EQ(notebook.client->characteristics(),
            (std::vector<ble::Uuid>{longForm("2a18"), longForm("2a52")}));
}

TEST_F(CentralTest, HandsOverWhatThereIsWhenTheExpectedDoesNotCome) {
  expect({"2a52"});
  options.settleTimeout = Milliseconds(50);
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->addCharacteristic(bluez->discover(kMeter, true), "2a18");
  ASSERT_TRUE(untilEvent("ready " + kMeter));
  EXPECT_EQ(notebook.client->characteristics(), std::vector<ble::Uuid>{longForm("2a18")});
}

// bluez #89: BlueZ keeps links when the program that made them dies.
TEST_F(CentralTest, TakesOverALinkThatIsUpAtTheStart) {
  startBluez();
  FakeDevice& meter = bluez->addKnown(kMeter, true);
  meter.connected = true;
  meter.servicesResolved = true;
  bluez->addCharacteristic(meter, "2a18");
  startCentral({kMeter});
  ASSERT_TRUE(untilEvent("ready " + kMeter));
  EXPECT_EQ(bluez->count("Connect " + kMeter), 0U);
}

TEST_F(CentralTest, DisconnectsADeviceThatIsWantedNoMore) {
  FakeDevice& meter = meterInSession();
  want({});
  ASSERT_TRUE(untilEvent("gone " + kMeter));
  EXPECT_FALSE(meter.connected);
  EXPECT_TRUE(until([this] { return !bluez->isDiscovering(); }));
}

TEST_F(CentralTest, FindsADeviceThatIsBoundWhileItIsConnectedAlready) {
  startBluez();
  startCentral({kScale});
  ASSERT_TRUE(untilSearching());
  FakeDevice& meter = bluez->discover(kMeter, true);
  bluez->addCharacteristic(meter, "2a18");
  meter.setConnected(true);
  meter.setServicesResolved(true);
  want({kMeter, kScale});
  EXPECT_TRUE(untilEvent("ready " + kMeter));
}

}  // namespace
}  // namespace vardnav::test
