// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Lost bonds, services that changed, and how a person is led to a new bond; and the ways of meeting
// a device that a plan can ask for.
#include "tests/ble/bluez/central_fixture.h"

namespace vardnav::test {
namespace {

class CentralRepairTest : public CentralTest {
 protected:
  /// A bonded meter that has forgotten the hub, as the real stack shows it: Connect succeeds, and
  /// nothing more comes.
  FakeDevice& meterWithoutItsBond() {
    options.resolveTimeout = Milliseconds(15);
    startBluez();
    startCentral({kMeter});
    EXPECT_TRUE(untilSearching());
    onConnect = bluez->onConnect;
    bluez->onConnect = [](FakeDevice& device, const Reply& reply) {
      device.setConnected(true);
      reply->returnResults();
    };
    FakeDevice& meter = bluez->discover(kMeter, true);
    EXPECT_TRUE(untilEvent("bond-lost " + kMeter));
    EXPECT_TRUE(until([&] { return !meter.connected; }));
    return meter;
  }

  std::function<void(FakeDevice&, Reply)> onConnect;
};

TEST_F(CentralRepairTest, LeadsFromALostBondToANewOneWhenAPersonAsksForIt) {
  meterWithoutItsBond();
  bluez->onConnect = onConnect;
  ASSERT_TRUE(central->repair(DeviceId(kMeter)));
  ASSERT_TRUE(untilEvent("awaiting-device " + kMeter));
  EXPECT_EQ(bluez->count("RemoveDevice " + kMeter), 1U);
  ASSERT_TRUE(untilSearching());
  // Not in its pairing mode yet.
  bluez->onPair = [act = bluez->onPair, times = 0](FakeDevice& device, const Reply& reply) mutable {
    if (++times == 1) return reply->returnError(bluezError("AuthenticationFailed"));
    act(device, reply);
  };
  bluez->addCharacteristic(bluez->discover(kMeter), "2a18");
  ASSERT_TRUE(untilEvent("pairing-failed " + kMeter));
  ASSERT_TRUE(untilEvent("ready " + kMeter));
  EXPECT_EQ(notebook.count("pairing " + kMeter), 2U);
  EXPECT_EQ(notebook.count("done " + kMeter), 1U);
  EXPECT_EQ(bluez->count("RemoveDevice " + kMeter), 1U);
  EXPECT_EQ(notebook.count("bond-lost " + kMeter), 1U);
}

// A stranger's radio can imitate every sign of a lost bond.
TEST_F(CentralRepairTest, RemovesNoBondUnaskedAndConnectsNoMore) {
  FakeDevice& meter = meterWithoutItsBond();
  const std::size_t connects = bluez->count("Connect " + kMeter);
  for (int i = 0; i < 5; ++i) bluez->advertise(meter);
  roundTrips(5);
  EXPECT_EQ(bluez->count("RemoveDevice " + kMeter), 0U);
  EXPECT_EQ(bluez->count("Connect " + kMeter), connects);
  EXPECT_EQ(notebook.count("bond-lost " + kMeter), 1U);
}

TEST_F(CentralRepairTest, SaysSoWhenTheOldBondCannotBeRemoved) {
  meterWithoutItsBond();
  bluez->onRemoveDevice = [](FakeDevice&, const Reply& reply) {
    reply->returnError(bluezError("Failed"));
  };
  ASSERT_TRUE(central->repair(DeviceId(kMeter)));
  EXPECT_TRUE(untilEvent("bond-lost " + kMeter, 2));
  EXPECT_EQ(notebook.notes.back(), "bond-not-removed");
}

TEST_F(CentralRepairTest, RepairsNoDeviceThatIsNotWanted) {
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->discover(kNeighbour, true);
  EXPECT_FALSE(central->repair(DeviceId(kNeighbour)));
  roundTrips(2);
  EXPECT_EQ(bluez->count("RemoveDevice " + kNeighbour), 0U);
}

TEST_F(CentralRepairTest, PairsAnewAfterSomeoneElseRemovedTheBond) {
  FakeDevice& meter = meterWithoutItsBond();
  bluez->onConnect = onConnect;
  bluez->remove(meter);
  bluez->addCharacteristic(bluez->discover(kMeter), "2a18");
  EXPECT_TRUE(untilEvent("ready " + kMeter));
  EXPECT_EQ(bluez->count("Pair " + kMeter), 1U);
}

TEST_F(CentralRepairTest, TakesFailuresOfAFarDeviceForRadioTrouble) {
  options.longestPause = Milliseconds(10);
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->onConnect = [](FakeDevice&, const Reply& reply) {
    reply->returnError(bluezError("Failed", "le-connection-abort-by-local"));
  };
  FakeDevice& meter = bluez->make(kMeter, true, true);
  meter.rssi = -92;
  bluez->announce(meter);
  for (std::size_t i = 1; i <= 8; ++i) {
    bluez->advertise(meter, -92);
    ASSERT_TRUE(untilCalled("Connect " + kMeter, i));
  }
  ASSERT_TRUE(until([&] { return notebook.faults.size() >= 8; }));
  EXPECT_EQ(notebook.count("bond-lost " + kMeter), 0U);
  // Near the hub the same failures are evidence; 127 is how BlueZ says that it does not know.
  bluez->advertise(meter, -50);
  bluez->advertise(meter, 127);
  EXPECT_TRUE(untilEvent("bond-lost " + kMeter));
}

TEST_F(CentralRepairTest, PausesFromATenthOfASecondToAMinute) {
  EXPECT_EQ(ble::bluez::CentralOptions{}.firstPause, Milliseconds(100));
  EXPECT_EQ(ble::bluez::CentralOptions{}.longestPause, Milliseconds(60'000));
  options.firstPause = Milliseconds(1);
  options.longestPause = Milliseconds(20);
  options.repairAfter = 100;
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->onConnect = [](FakeDevice&, const Reply& reply) {
    reply->returnError(bluezError("Failed", "le-connection-abort-by-local"));
  };
  bluez->discover(kMeter, true);
  ASSERT_TRUE(until([&] { return notebook.faults.size() == 7; }));
  std::vector<std::int64_t> pauses;
  for (const auto& fault : notebook.faults) pauses.push_back(fault.pause.count());
  EXPECT_EQ(pauses, (std::vector<std::int64_t>{1, 2, 4, 8, 16, 20, 20}));
}

// The pause is over before the failed attempt has been ended, and the meter shows itself no more.
TEST_F(CentralRepairTest, TriesAgainWhenThePauseEndsBeforeTheAttempt) {
  options.firstPause = Milliseconds(1);
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->onConnect = [](FakeDevice&, const Reply& reply) {
    reply->returnError(bluezError("Failed", "le-connection-abort-by-local"));
  };
  const auto later = loop.make();
  bluez->onDisconnect = [&](FakeDevice&, const Reply& reply) {
    if (bluez->count("Disconnect " + kMeter) > 1) {
      return reply->returnError(bluezError("NotConnected"));
    }
    later->start(Milliseconds(30), [reply] { reply->returnError(bluezError("NotConnected")); });
  };
  bluez->discover(kMeter, true);
  EXPECT_TRUE(untilCalled("Connect " + kMeter, 2));
}

// bluetoothd shows its services from memory, so that it is ready at once; then it hangs up.
TEST_F(CentralRepairTest, DoesNotReconnectForEverToABondedDeviceThatHangsUp) {
  options.longestPause = Milliseconds(20);
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  FakeDevice& meter = bluez->discover(kMeter, true);
  bluez->addCharacteristic(meter, "2a18");
  const auto advert = loop.make();
  std::function<void()> next = [&] {
    if (notebook.client != nullptr) {
      if (meter.connected) meter.setConnected(false);
    } else {
      bluez->advertise(meter);
    }
    advert->start(Milliseconds(5), next);
  };
  next();
  EXPECT_TRUE(untilEvent("bond-lost " + kMeter));
  advert->cancel();
  EXPECT_EQ(notebook.count("ready " + kMeter), 6U);
}

TEST_F(CentralRepairTest, AsksForNoRepairOfADeviceThatIsWantedNoMore) {
  meterWithoutItsBond();
  want({});
  EXPECT_TRUE(untilEvent("done " + kMeter));
}

TEST_F(CentralRepairTest, TakesABondedDeviceThatIsAddedForNoAdvert) {
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  FakeDevice& meter = bluez->addKnown(kMeter, true);
  bluez->addCharacteristic(meter, "2a18");
  bluez->announce(meter);
  roundTrips(4);
  EXPECT_EQ(bluez->count("Connect " + kMeter), 0U);
  bluez->advertise(meter);
  EXPECT_TRUE(untilEvent("ready " + kMeter));
}

// Cache=always: after a change of firmware bluetoothd shows a bonded device's old services.
TEST_F(CentralRepairTest, AsksForANewBondWhenABondedDeviceKeepsLackingWhatItsKindHas) {
  expect({"2a18", "2a52"});
  options.settleTimeout = Milliseconds(20);
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  FakeDevice& meter = bluez->discover(kMeter, true);
  bluez->addCharacteristic(meter, "2a18");
  ASSERT_TRUE(untilEvent("ready " + kMeter));
  notebook.client->disconnect();
  ASSERT_TRUE(untilEvent("gone " + kMeter));
  bluez->advertise(meter);
  ASSERT_TRUE(untilEvent("services-changed " + kMeter));
  EXPECT_EQ(notebook.count("ready " + kMeter), 1U);
  // What is then read from the device itself is taken as it is.
  ASSERT_TRUE(central->repair(DeviceId(kMeter)));
  ASSERT_TRUE(untilEvent("awaiting-device " + kMeter));
  ASSERT_TRUE(untilSearching());
  bluez->addCharacteristic(bluez->discover(kMeter), "2a18");
  for (std::size_t session = 2; session < 5; ++session) {
    ASSERT_TRUE(untilEvent("ready " + kMeter, session));
    notebook.client->disconnect();
    ASSERT_TRUE(untilEvent("gone " + kMeter, session));
    bluez->advertise(bluez->device(kMeter));
  }
  EXPECT_EQ(notebook.count("services-changed " + kMeter), 1U);
}

// ---- plans ----

TEST_F(CentralRepairTest, TellsEveryAdvertOfADeviceThatIsNotToBeConnected) {
  options.plan = [](const ble::DeviceDescription& device) {
    ble::ConnectionPlan plan;
    plan.connects = std::ranges::find(device.services, longForm("181d")) == device.services.end();
    return plan;
  };
  startBluez();
  startCentral({kScale});
  ASSERT_TRUE(untilSearching());
  EXPECT_TRUE(bluez->adapter().filter.at("DuplicateData").get<bool>());
  FakeDevice& scale = bluez->make(kScale, false, true);
  scale.name = "MI_SCALE";
  scale.serviceData = {{longForm("181D"), sdbus::Variant(Bytes{0x22})}};
  bluez->announce(scale);
  bluez->advertise(scale, "181D", {0x62, 0x01});
  bluez->advertise(scale, "181D", {0x62, 0x01});
  ASSERT_TRUE(until([this] { return notebook.adverts.size() == 3; }));
  const auto& advert = notebook.adverts[2];
  EXPECT_EQ(advert.from.id.value, kScale);
  EXPECT_EQ(advert.from.name, "MI_SCALE");
  ASSERT_EQ(advert.serviceData.size(), 1U);
  EXPECT_EQ(advert.serviceData[0].service, longForm("181d"));
  EXPECT_EQ(toHex(advert.serviceData[0].octets), "6201");
  roundTrips(3);
  EXPECT_EQ(bluez->count("Connect " + kScale) + bluez->count("Pair " + kScale), 0U);
}

TEST_F(CentralRepairTest, ConnectsWithoutABondWhereThePlanSaysSo) {
  options.plan = [](const ble::DeviceDescription&) {
    ble::ConnectionPlan plan;
    plan.pairs = false;
    return plan;
  };
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->addCharacteristic(bluez->discover(kMeter), "2a18");
  ASSERT_TRUE(untilEvent("ready " + kMeter));
  EXPECT_EQ(bluez->count("Pair " + kMeter), 0U);
  EXPECT_EQ(bluez->count("Trusted " + kMeter), 0U);
}

// ---- links of before ----

TEST_F(CentralRepairTest, DropsALinkOfAnEarlierRunToADeviceThatNobodyWants) {
  startBluez();
  for (const auto& address : {kScale, kNeighbour}) {
    FakeDevice& device = bluez->addKnown(address, true);
    device.connected = true;
    device.trusted = address == kScale;
  }
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  EXPECT_TRUE(untilCalled("Disconnect " + kScale));
  roundTrips(2);
  EXPECT_EQ(bluez->count("Disconnect " + kNeighbour), 0U) << "not a link of the hub's making";
}

}  // namespace
}  // namespace vardnav::test
