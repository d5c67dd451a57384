// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A session's operations and values over a real bus.
#include "tests/ble/bluez/central_fixture.h"

#include "ble/bluez/bluez_error.h"

namespace vardnav::test {
namespace {

using ble::GattError;
using Kind = GattError::Kind;

// BlueZ source; bleak #374: the first records can overtake the reply.
TEST_F(CentralTest, DeliversAValueThatComesBeforeTheReplyToStartNotify) {
  meterInSession();
  bluez->onStartNotify = [](FakeCharacteristic& characteristic, const Reply& reply) {
    characteristic.notify({0x01});
    reply->returnResults();
  };
  std::vector<std::string> valuesAtReply;
  bool hasReply = false;
  notebook.client->subscribe(longForm("2a18"), [&](const auto& done) {
    EXPECT_TRUE(done);
    valuesAtReply = notebook.values;
    hasReply = true;
  });
  ASSERT_TRUE(until([&] { return hasReply; }));
  EXPECT_EQ(valuesAtReply, std::vector<std::string>{"2a18=01"});
}

TEST_F(CentralTest, KeepsTheOrderOfValuesOverCharacteristics) {
  FakeDevice& meter = meterInSession();
  for (std::uint8_t i = 0; i < 40; ++i) {
    meter.characteristics.at(i % 2 == 0 ? "2a18" : "2a34")->notify({i});
  }
  meter.characteristics.at("2a52")->notify({0x06, 0x00});
  ASSERT_TRUE(until([this] { return notebook.values.size() == 41; }));
  for (std::uint8_t i = 0; i < 40; ++i) {
    EXPECT_EQ(notebook.values[i], (i % 2 == 0 ? "2a18=" : "2a34=") + toHex(ByteView(&i, 1)));
  }
  EXPECT_EQ(notebook.values.back(), "2a52=0600");
}

TEST_F(CentralTest, DeliversTheSameValueTwiceWhenTheDeviceSendsItTwice) {
  FakeDevice& meter = meterInSession();
  meter.characteristics.at("2a18")->notify({0x01});
  meter.characteristics.at("2a18")->notify({0x01});
  EXPECT_TRUE(until([this] { return notebook.values.size() == 2; }));
}

// A bonded scale indicates as soon as it is connected: BlueZ has renewed the subscription.
TEST_F(CentralTest, KeepsValuesFromBeforeTheSessionForItsListener) {
  notebook.listensAtOnce = false;
  startBluez();
  startCentral({kScale});
  ASSERT_TRUE(untilSearching());
  FakeDevice& scale = bluez->discover(kScale, true);
  FakeCharacteristic& weight = bluez->addCharacteristic(scale, "2a9d");
  bluez->addCharacteristic(scale, "2a9e");
  const UtcTime before = clock.utcNow();
  bluez->onConnect = [&](FakeDevice& device, const Reply& reply) {
    device.setConnected(true);
    weight.notify({0x01});
    reply->returnResults();
    device.setServicesResolved(true);
    weight.notify({0x02});
  };
  ASSERT_TRUE(untilEvent("ready " + kScale));
  weight.notify({0x03});
  bool isRead = false;
  notebook.client->read(longForm("2a9e"), [&](const auto&) { isRead = true; });
  ASSERT_TRUE(until([&] { return isRead; }));
  EXPECT_TRUE(notebook.values.empty());
  notebook.listen();
  ASSERT_TRUE(until([this] { return notebook.values.size() >= 3; }));
  EXPECT_EQ(notebook.values, (std::vector<std::string>{"2a9d=01", "2a9d=02", "2a9d=03"}));
  EXPECT_GE(notebook.receivedTimes[0], before);
  EXPECT_LE(notebook.receivedTimes[0], notebook.receivedTimes[2]);
}

TEST_F(CentralTest, HasOneOperationInFlight) {
  meterInSession();
  std::vector<Reply> open;
  bluez->onWrite = [&](FakeCharacteristic&, const auto&, const Reply& reply) {
    open.push_back(reply);
  };
  std::vector<int> completed;
  for (int i = 0; i < 3; ++i) {
    notebook.client->write(longForm("2a52"), {0x01},
                           [&, i](const auto&) { completed.push_back(i); });
  }
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(until([&] { return open.size() == i + 1; }));
    roundTrips(2);
    EXPECT_EQ(open.size(), i + 1);
    open[i]->returnResults();
  }
  ASSERT_TRUE(until([&] { return completed.size() == 3; }));
  EXPECT_EQ(completed, (std::vector<int>{0, 1, 2}));
  open.clear();
}

TEST_F(CentralTest, CompletesEveryOperationOnceWhenTheLinkGoes) {
  FakeDevice& meter = meterInSession();
  std::vector<std::shared_ptr<sdbus::Result<std::vector<std::uint8_t>>>> open;
  bluez->onRead = [&](FakeCharacteristic&, const auto& reply) { open.push_back(reply); };
  std::vector<Kind> outcomes;
  const auto note = [&](const auto& result) {
    outcomes.push_back(result ? Kind::kFailed : result.error().kind);
  };
  notebook.client->read(longForm("2a18"), [&](const auto& result) {
    note(result);
    // Asked for after the loss: completes too, and not at once.
    notebook.client->read(longForm("2a18"), note);
  });
  notebook.client->write(longForm("2a52"), {0x01}, note);
  notebook.client->subscribe(longForm("2a34"), note);
  ASSERT_TRUE(untilCalled("ReadValue 2a18"));
  meter.setConnected(false);
  ASSERT_TRUE(until([&] { return outcomes.size() == 4; }));
  EXPECT_EQ(outcomes, std::vector<Kind>(4, Kind::kDisconnected));
  open[0]->returnResults({0x01});
  ASSERT_TRUE(untilSearching());
  EXPECT_EQ(outcomes.size(), 4U);
  EXPECT_EQ(notebook.count("disconnect"), 1U);
}

TEST_F(CentralTest, SaysWhichCharacteristicIsMissing) {
  meterInSession();
  bool isDone = false;
  notebook.client->read(longForm("2a08"), [&](const auto& value) {
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().kind, Kind::kNotFound);
    isDone = true;
  });
  EXPECT_FALSE(isDone);
  EXPECT_TRUE(until([&] { return isDone; }));
}

TEST_F(CentralTest, TakesAlreadyNotifyingForSuccessAndWaitsWhileBusy) {
  meterInSession();
  bluez->onStartNotify = [&](FakeCharacteristic&, const Reply& reply) {
    const bool isFirst = bluez->count("StartNotify 2a18") == 1;
    reply->returnError(isFirst ? bluezError("InProgress")
                               : bluezError("Failed", "Already notifying"));
  };
  bool isDone = false;
  notebook.client->subscribe(longForm("2a18"), [&](const auto& done) {
    EXPECT_TRUE(done);
    isDone = true;
  });
  EXPECT_TRUE(until([&] { return isDone; }));
}

TEST_F(CentralTest, DoesNotDeliverTheEchoOfARead) {
  FakeDevice& meter = meterInSession();
  bluez->onRead = [](FakeCharacteristic& characteristic, const auto& reply) {
    characteristic.notify({0x07});
    reply->returnResults(characteristic.value);
  };
  Bytes got;
  notebook.client->read(longForm("2a34"), [&](const auto& value) { got = *value; });
  ASSERT_TRUE(until([&] { return !got.empty(); }));
  meter.characteristics.at("2a18")->notify({0x01});
  ASSERT_TRUE(until([this] { return !notebook.values.empty(); }));
  EXPECT_EQ(notebook.values, std::vector<std::string>{"2a18=01"});
}

// A match on a well-known name does not keep out a signal that is sent straight to us.
TEST_F(CentralTest, TakesNoValuesFromAnyoneButBluetoothd) {
  FakeDevice& meter = meterInSession();
  const auto forger = sdbus::createSystemBusConnection();
  const std::string path = meter.characteristics.at("2a18")->path;
  const auto object = sdbus::createObject(*forger, path);
  auto signal = object->createSignal("org.freedesktop.DBus.Properties", "PropertiesChanged");
  signal << std::string("org.bluez.GattCharacteristic1")
         << std::map<std::string, sdbus::Variant>{{"Value", sdbus::Variant(Bytes{0x66})}}
         << std::vector<std::string>{};
  signal.setDestination(bluez->client());
  object->emitSignal(signal);
  // A round trip: the bus has passed the forgery on.
  forger->requestName("org.vardnav.test.Forger");
  meter.characteristics.at("2a18")->notify({0x01});
  ASSERT_TRUE(until([this] { return !notebook.values.empty(); }));
  EXPECT_EQ(notebook.values, std::vector<std::string>{"2a18=01"});
}

TEST(GattErrors, AreWhatBluezMeansByThem) {
  const auto kindOf = [](const char* name, const char* message = "") {
    return ble::bluez::gattErrorOf({name, message}).kind;
  };
  EXPECT_EQ(kindOf("org.bluez.Error.NotPermitted", "Read not permitted"), Kind::kNotPermitted);
  EXPECT_EQ(kindOf("org.bluez.Error.NotPermitted", "Not paired"), Kind::kAuthentication);
  EXPECT_EQ(kindOf("org.bluez.Error.NotAuthorized"), Kind::kAuthentication);
  EXPECT_EQ(kindOf("org.bluez.Error.NotSupported"), Kind::kNotSupported);
  EXPECT_EQ(kindOf("org.bluez.Error.Failed", "Not connected"), Kind::kDisconnected);
  EXPECT_EQ(kindOf("org.bluez.Error.Failed", "Operation failed with ATT error: 0x80"),
            Kind::kFailed);
  EXPECT_EQ(kindOf("org.freedesktop.DBus.Error.UnknownObject"), Kind::kNotFound);
  EXPECT_EQ(kindOf("org.freedesktop.DBus.Error.NoReply"), Kind::kTimeout);
  EXPECT_EQ(kindOf("org.freedesktop.DBus.Error.ServiceUnknown"), Kind::kDisconnected);
}

}  // namespace
}  // namespace vardnav::test
