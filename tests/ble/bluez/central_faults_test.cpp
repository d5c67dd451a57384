// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What goes wrong on the way to a session: faults, pauses, lost bonds, bluetoothd and adapters
// that come and go.
#include "tests/ble/bluez/central_fixture.h"

namespace vardnav::test {
namespace {

TEST_F(CentralTest, TriesAgainAfterAPauseWhenAConnectionFails) {
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->onConnect = [&, act = bluez->onConnect](FakeDevice& device, const Reply& reply) {
    if (bluez->count("Connect " + kMeter) < 3) {
      return reply->returnError(bluezError("Failed", "le-connection-abort-by-local"));
    }
    act(device, reply);
  };
  bluez->addCharacteristic(bluez->discover(kMeter, true), "2a18");
  ASSERT_TRUE(untilEvent("ready " + kMeter));
  ASSERT_EQ(notebook.faults.size(), 2U);
  EXPECT_EQ(notebook.faults[0].pause, Milliseconds(10));
  EXPECT_EQ(notebook.faults[1].pause, Milliseconds(20));
}

// As the real bluetoothd does more often than not.
TEST_F(CentralTest, TakesALinkThatIsToldOfAfterTheReplyToConnect) {
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->onConnect = [](FakeDevice& device, const Reply& reply) {
    reply->returnResults();
    device.setConnected(true);
    device.setServicesResolved(true);
  };
  bluez->addCharacteristic(bluez->discover(kMeter, true), "2a18");
  ASSERT_TRUE(untilEvent("ready " + kMeter));
  EXPECT_TRUE(notebook.faults.empty());
}

TEST_F(CentralTest, TellsALinkThatNeverCameAsLost) {
  options.resolveTimeout = Milliseconds(30);
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->onConnect = [](FakeDevice&, const Reply& reply) { reply->returnResults(); };
  bluez->discover(kMeter, true);
  EXPECT_TRUE(untilEvent("fault " + kMeter + " link-lost"));
}

TEST_F(CentralTest, EndsAnAttemptThatIsNeverAnsweredAndWaitsForItsDisconnect) {
  options.connectTimeout = Milliseconds(30);
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  std::vector<Reply> unanswered;
  std::vector<std::pair<FakeDevice*, Reply>> disconnects;
  bluez->onConnect = [&](FakeDevice& device, const Reply& reply) {
    unanswered.push_back(reply);
    device.setConnected(true);
  };
  bluez->onDisconnect = [&](FakeDevice& device, const Reply& reply) {
    disconnects.emplace_back(&device, reply);
  };
  FakeDevice& meter = bluez->discover(kMeter, true);
  ASSERT_TRUE(untilEvent("fault " + kMeter + " connect-timeout"));
  ASSERT_TRUE(until([&] { return !disconnects.empty(); }));
  bluez->advertise(meter);
  // The pause has long passed when the disconnect comes; only then is it tried again.
  const auto later = loop.make();
  bool hasPassed = false;
  later->start(Milliseconds(60), [&] { hasPassed = true; });
  ASSERT_TRUE(until([&] { return hasPassed; }));
  EXPECT_EQ(bluez->count("Connect " + kMeter), 1U);
  EXPECT_EQ(bluez->count("Trusted " + kMeter), 0U);
  disconnects[0].second->returnResults();
  meter.setConnected(false);
  bluez->advertise(meter);
  EXPECT_TRUE(untilCalled("Connect " + kMeter, 2));
  unanswered.clear();
  disconnects.clear();
}

TEST_F(CentralTest, RetriesPairingWithGrowingPauses) {
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez->onPair = [&, act = bluez->onPair](FakeDevice& device, const Reply& reply) {
    if (bluez->count("Pair " + kMeter) == 1) {
      return reply->returnError(bluezError("AuthenticationFailed"));
    }
    act(device, reply);
  };
  bluez->addCharacteristic(bluez->discover(kMeter), "2a18");
  ASSERT_TRUE(untilEvent("ready " + kMeter));
  EXPECT_EQ(notebook.count("fault " + kMeter + " pairing-failed"), 1U);
}

// With a bond that only our side remembers, Connect succeeds and services never resolve.
TEST_F(CentralTest, ReportsALostBondAfterRepeatsAndThenLeavesTheDeviceAlone) {
  options.resolveTimeout = Milliseconds(15);
  startBluez();
  startCentral({kMeter, kScale});
  ASSERT_TRUE(untilSearching());
  bluez->onConnect = [&, act = bluez->onConnect](FakeDevice& device, const Reply& reply) {
    if (device.address == kScale) return act(device, reply);
    device.setConnected(true);
    reply->returnResults();
  };
  FakeDevice& meter = bluez->discover(kMeter, true);
  ASSERT_TRUE(untilEvent("bond-lost " + kMeter));
  EXPECT_EQ(bluez->count("Connect " + kMeter), 3U);
  ASSERT_TRUE(until([&] { return !meter.connected; }));
  bluez->advertise(meter);
  bluez->addCharacteristic(bluez->discover(kScale, true), "2a9d");
  ASSERT_TRUE(untilEvent("ready " + kScale));
  EXPECT_EQ(bluez->count("Connect " + kMeter), 3U);
  EXPECT_EQ(notebook.count("bond-lost " + kMeter), 1U);
  central->resume(DeviceId(kMeter));
  bluez->advertise(meter);
  EXPECT_TRUE(untilCalled("Connect " + kMeter, 4));
}

TEST_F(CentralTest, CountsOperationsRefusedForWantOfABondAsEvidence) {
  options.repairAfter = 2;
  FakeDevice& meter = meterInSession();
  bluez->onRead = [](FakeCharacteristic&, const auto& reply) {
    reply->returnError(bluezError("NotPermitted", "Not paired"));
  };
  bool wasRefused = false;
  notebook.client->read(longForm("2a18"), [&](const auto& value) {
    wasRefused = !value && value.error().kind == ble::GattError::Kind::kAuthentication;
  });
  ASSERT_TRUE(until([&] { return wasRefused; }));
  meter.setConnected(false);
  EXPECT_TRUE(untilEvent("bond-lost " + kMeter));
}

TEST_F(CentralTest, TakesAVanishedObjectForNoFaultOfTheDevice) {
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  std::vector<Reply> unanswered;
  bluez->onPair = [&](FakeDevice&, const Reply& reply) { unanswered.push_back(reply); };
  FakeDevice& meter = bluez->discover(kMeter);
  ASSERT_TRUE(untilCalled("Pair " + kMeter));
  bluez->remove(meter);
  ASSERT_TRUE(untilEvent("fault " + kMeter + " vanished"));
  unanswered.clear();
  ASSERT_TRUE(untilSearching());
  bluez->discover(kMeter);
  EXPECT_TRUE(untilCalled("Pair " + kMeter, 2));
  unanswered.clear();
}

TEST_F(CentralTest, StartsAnewWithTheNextBluetoothd) {
  meterInSession();
  bool wasDisconnected = false;
  bluez->onRead = [](FakeCharacteristic&, const auto&) {};
  notebook.client->read(longForm("2a18"), [&](const auto& value) {
    wasDisconnected = !value && value.error().kind == ble::GattError::Kind::kDisconnected;
  });
  ASSERT_TRUE(untilCalled("ReadValue 2a18"));
  bluez.reset();
  ASSERT_TRUE(untilEvent("gone " + kMeter));
  EXPECT_TRUE(wasDisconnected);
  EXPECT_FALSE(notebook.radio.hasService);
  EXPECT_FALSE(notebook.radio.hasRadio);

  startBluez();
  ASSERT_TRUE(untilSearching());
  EXPECT_TRUE(bluez->hasDefaultAgent());
  EXPECT_EQ(bluez->count("RegisterAgent KeyboardDisplay"), 1U);
  bluez->addCharacteristic(bluez->discover(kMeter, true), "2a18");
  EXPECT_TRUE(untilEvent("ready " + kMeter, 2));
}

TEST_F(CentralTest, WaitsForBluetoothdAndThenForAnAdapter) {
  startCentral({kMeter});
  startBluez(false);
  ASSERT_TRUE(until([this] { return notebook.radio.hasService; }));
  ASSERT_TRUE(until([this] { return notebook.notes.back() == "adapter-missing"; }));
  EXPECT_FALSE(notebook.radio.hasRadio);
  bluez->addAdapter();
  ASSERT_TRUE(until([this] { return notebook.radio.hasRadio; }));
  EXPECT_EQ(notebook.radio.adapter, "hci0");
  EXPECT_EQ(bluez->count("Powered"), 1U);
  EXPECT_TRUE(untilSearching());
}

TEST_F(CentralTest, UsesNoOtherAdapterThanTheConfiguredOne) {
  options.adapter = "hci1";
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(until(
      [this] { return !notebook.notes.empty() && notebook.notes.back() == "adapter-missing"; }));
  bluez->addAdapter("hci1");
  ASSERT_TRUE(until([this] { return notebook.radio.hasRadio; }));
  EXPECT_EQ(notebook.radio.adapter, "hci1");
}

TEST_F(CentralTest, LosesItsSessionsWithTheAdapterAndTakesItWhenItIsBack) {
  meterInSession();
  bluez->removeAdapter();
  ASSERT_TRUE(untilEvent("gone " + kMeter));
  ASSERT_TRUE(until([this] { return !notebook.radio.hasRadio; }));
  bluez->addAdapter();
  EXPECT_TRUE(untilSearching());
}

TEST_F(CentralTest, TriesDiscoveryAgainWhenItIsRefused) {
  startBluez();
  bluez->onStartDiscovery = [&, act = bluez->onStartDiscovery](FakeAdapter& adapter,
                                                               const Reply& reply) {
    if (bluez->count("StartDiscovery") > 1) return act(adapter, reply);
    reply->returnError(bluezError("Failed", "busy radio"));
  };
  startCentral({kMeter});
  EXPECT_TRUE(untilSearching());
  EXPECT_EQ(bluez->count("StartDiscovery"), 2U);
}

TEST_F(CentralTest, TellsTheLoopWhenTheBusItselfIsGone) {
  startBluez();
  startCentral({kMeter});
  ASSERT_TRUE(untilSearching());
  bluez.reset();
  daemon.kill();
  EXPECT_TRUE(until([this] { return isBusLost; }));
}

TEST(Bus, SaysWhatToChangeWhenThereIsNone) {
  ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
  ble::bluez::Bus bus;
  const auto opened = bus.open();
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().context.find("DBUS_SYSTEM_BUS_ADDRESS"), std::string::npos);
}

}  // namespace
}  // namespace vardnav::test
