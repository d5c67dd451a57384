// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnav-home as a client of BlueZ sees it: the real program on a private bus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>

#include "tests/ble/bluez/private_bus.h"
#include "tests/ble/virtual/bluez_client.h"
#include "tests/ble/virtual/home_process.h"

namespace vardnav::test {
namespace {

using testing::HasSubstr;

constexpr const char* kAdapterPath = "/org/bluez/hci0";
constexpr const char* kAdapter = "org.bluez.Adapter1";
constexpr const char* kDevice = "org.bluez.Device1";
constexpr const char* kGatt = "org.bluez.GattCharacteristic1";
const std::string kMeter = "/org/bluez/hci0/dev_C0_FF_EE_00_00_01";
const std::string kScale = "/org/bluez/hci0/dev_C0_FF_EE_00_00_02";
const std::string kSpirometer = "/org/bluez/hci0/dev_C0_FF_EE_00_00_03";

class Home : public testing::Test {
 protected:
  void start(const std::string& scenario = "quick.json") {
    home_.start({"--scenario", std::string{VARDNAV_TEST_DATA} + "/scenarios/" + scenario, "--sent",
                 home_.file("sent"), "--state", home_.file("bonds")});
    client_ = std::make_unique<BluezClient>();
    ASSERT_TRUE(client_->waitUntil([this] { return !client_->objects().empty(); }))
        << home_.contents("err");
  }
  std::string adapter(const char* method) { return client_->call(kAdapterPath, kAdapter, method); }
  std::string device(const std::string& path, const char* method) {
    return client_->call(path, kDevice, method);
  }
  bool isThere(const std::string& path) {
    return client_->objects().contains(sdbus::ObjectPath{path});
  }
  bool find(const std::string& path) {
    return adapter("StartDiscovery").empty() && client_->waitUntil([&] { return isThere(path); }) &&
           adapter("StopDiscovery").empty();
  }
  bool isResolved(const std::string& path) {
    return client_->waitUntil([&] { return client_->flag(path, kDevice, "ServicesResolved"); });
  }
  /// Values of the characteristic at `path` so far.
  std::vector<std::string> valuesAt(const std::string& path) {
    std::vector<std::string> out;
    for (const auto& [from, value] : client_->values()) {
      if (from == path) out.push_back(value);
    }
    return out;
  }
  std::string startNotify(const std::string& path) {
    return client_->call(path, kGatt, "StartNotify");
  }

  PrivateBus bus_;
  HomeProcess home_;
  std::unique_ptr<BluezClient> client_;
};

TEST_F(Home, IsDiscoveredPairedAndRead) {
  start();
  client_->registerAgent(true);
  EXPECT_FALSE(isThere(kMeter)) << "nobody searches yet";
  ASSERT_TRUE(find(kMeter));
  EXPECT_EQ(device(kMeter, "Pair"), "");
  EXPECT_THAT(client_->asked(), testing::ElementsAre("RequestAuthorization"));
  EXPECT_TRUE(client_->flag(kMeter, kDevice, "Paired"));
  EXPECT_TRUE(client_->flag(kMeter, kDevice, "Bonded"));
  EXPECT_TRUE(client_->flag(kMeter, kDevice, "Connected"));
  ASSERT_TRUE(isResolved(kMeter));

  const std::string measurement = client_->characteristic(kMeter, "2a18");
  const std::string access = client_->characteristic(kMeter, "2a52");
  ASSERT_FALSE(measurement.empty() || access.empty());
  EXPECT_EQ(client_->write(access, {1, 1}), "org.bluez.Error.Failed") << "not subscribed";
  ASSERT_EQ(startNotify(measurement), "");
  ASSERT_EQ(startNotify(access), "");
  ASSERT_EQ(client_->write(access, {1, 1}), "");
  ASSERT_TRUE(client_->waitUntil([&] { return !valuesAt(access).empty(); }));
  EXPECT_THAT(valuesAt(access), testing::ElementsAre("06000101"));
  const auto values = valuesAt(measurement);
  ASSERT_GE(values.size(), 4u);
  EXPECT_EQ(values[0], "070100E3070815061F0DB4003BC0F1");
  EXPECT_EQ(values[1], "070200E3070815071B19B40050C0F1");
  for (const std::string& value : values) {
    EXPECT_THAT(home_.contents("sent"), HasSubstr("\"hex\":\"" + value + "\""));
  }
  EXPECT_THAT(home_.contents("sent"),
              HasSubstr("\"record_number\":1,\"device_time\":\"2019-08-21T09:31:13\","
                        "\"counts\":true}\n"));
  EXPECT_EQ(home_.stop(), 0);
}

TEST_F(Home, AnAgentThatRefusesPreventsTheBond) {
  start();
  client_->registerAgent(false);
  ASSERT_TRUE(find(kMeter));
  EXPECT_EQ(device(kMeter, "Pair"), "org.bluez.Error.AuthenticationFailed");
  EXPECT_FALSE(client_->flag(kMeter, kDevice, "Paired"));
}

TEST_F(Home, JustWorksAsksNobodyWhenTheClientCalledPair) {
  start();
  client_->registerAgent(false);
  ASSERT_TRUE(find(kScale));
  EXPECT_EQ(device(kScale, "Pair"), "");
  EXPECT_TRUE(client_->asked().empty());
}

// src/att.c raises security by itself: then it is the agent's to grant.
TEST_F(Home, ReadingWhatNeedsABondStartsPairing) {
  start();
  ASSERT_TRUE(find(kScale));
  ASSERT_EQ(device(kScale, "Connect"), "");
  ASSERT_TRUE(isResolved(kScale));
  const std::string feature = client_->characteristic(kScale, "2a9e");
  EXPECT_FALSE(client_->read(feature)) << "no agent";
  EXPECT_FALSE(client_->flag(kScale, kDevice, "Paired"));
  client_->registerAgent(true);
  EXPECT_TRUE(client_->read(feature));
  EXPECT_TRUE(client_->flag(kScale, kDevice, "Paired"));
}

TEST_F(Home, RecordAccessIsRefusedWithoutABond) {
  start();
  ASSERT_TRUE(find(kMeter));
  ASSERT_EQ(device(kMeter, "Connect"), "");
  ASSERT_TRUE(isResolved(kMeter));
  const std::string access = client_->characteristic(kMeter, "2a52");
  EXPECT_EQ(client_->write(access, {1, 1}), "org.bluez.Error.NotPermitted");
  EXPECT_EQ(home_.contents("sent"), "");
}

TEST_F(Home, AnswersMisuseWithBluezErrors) {
  start();
  client_->registerAgent(true);
  EXPECT_EQ(adapter("StopDiscovery"), "org.bluez.Error.Failed");
  EXPECT_EQ(adapter("StartDiscovery"), "");
  EXPECT_EQ(adapter("StartDiscovery"), "org.bluez.Error.InProgress");
  ASSERT_TRUE(client_->waitUntil([&] { return isThere(kMeter); }));
  EXPECT_EQ(device(kMeter, "Disconnect"), "org.bluez.Error.NotConnected");
  EXPECT_EQ(device(kMeter, "CancelPairing"), "org.bluez.Error.DoesNotExist");
  ASSERT_EQ(device(kMeter, "Pair"), "");
  EXPECT_EQ(device(kMeter, "Pair"), "org.bluez.Error.AlreadyExists");
  EXPECT_EQ(device(kMeter, "Connect"), "org.bluez.Error.AlreadyConnected");
  ASSERT_TRUE(isResolved(kMeter));
  const std::string measurement = client_->characteristic(kMeter, "2a18");
  EXPECT_EQ(client_->write(measurement, {1}), "org.bluez.Error.NotSupported");
  EXPECT_EQ(client_->call(measurement, kGatt, "StopNotify"), "org.bluez.Error.Failed");
  EXPECT_EQ(startNotify(client_->characteristic(kMeter, "2a51")), "org.bluez.Error.NotSupported");
  EXPECT_EQ(device(kMeter, "Disconnect"), "");
  EXPECT_EQ(client_->write(client_->characteristic(kMeter, "2a52"), {1, 1}),
            "org.bluez.Error.Failed")
      << "not connected";
  const auto remove = [&](const std::string& path) {
    return client_->callWithPath(kAdapterPath, kAdapter, "RemoveDevice", path);
  };
  EXPECT_EQ(remove("/org/bluez/hci0/dev_00"), "org.bluez.Error.DoesNotExist");
  EXPECT_EQ(adapter("StopDiscovery"), "");
  EXPECT_EQ(remove(kMeter), "");
  EXPECT_FALSE(isThere(kMeter));
}

// RSSI is what tells a client that a device is awake: it is there only while a search hears it.
TEST_F(Home, SignalStrengthIsThereOnlyDuringASearch) {
  start();
  ASSERT_EQ(adapter("StartDiscovery"), "");
  ASSERT_TRUE(client_->waitUntil([&] { return isThere(kMeter); }));
  const auto hasRssi = [&] {
    return client_->objects().at(sdbus::ObjectPath{kMeter}).at(kDevice).contains("RSSI");
  };
  EXPECT_TRUE(hasRssi());
  ASSERT_EQ(adapter("StopDiscovery"), "");
  EXPECT_FALSE(hasRssi());
}

TEST_F(Home, ANotifySessionEndsWithItsClientButTheLinkStays) {
  start();
  ASSERT_TRUE(find(kScale));
  ASSERT_EQ(device(kScale, "Pair"), "");
  ASSERT_TRUE(isResolved(kScale));
  const std::string weight = client_->characteristic(kScale, "2a9d");
  ASSERT_EQ(startNotify(weight), "");
  EXPECT_TRUE(client_->flag(weight, kGatt, "Notifying"));
  client_ = std::make_unique<BluezClient>();  // the first one leaves the bus
  EXPECT_TRUE(client_->waitUntil([&] { return !client_->flag(weight, kGatt, "Notifying"); }));
  EXPECT_TRUE(client_->flag(kScale, kDevice, "Connected"));
}

TEST_F(Home, ANotifySessionOutlivesTheLink) {
  start();
  ASSERT_TRUE(find(kScale));
  ASSERT_EQ(device(kScale, "Pair"), "");
  ASSERT_TRUE(isResolved(kScale));
  const std::string weight = client_->characteristic(kScale, "2a9d");
  ASSERT_EQ(startNotify(weight), "");
  ASSERT_TRUE(client_->waitUntil([&] { return valuesAt(weight).size() >= 2; }));
  ASSERT_EQ(device(kScale, "Disconnect"), "");
  client_->forgetValues();
  // The third weighing comes later; nobody calls StartNotify again.
  ASSERT_EQ(adapter("StartDiscovery"), "");
  ASSERT_TRUE(client_->waitUntil([&] {
    return client_->objects().at(sdbus::ObjectPath{kScale}).at(kDevice).contains("RSSI");
  }));
  ASSERT_EQ(device(kScale, "Connect"), "");
  ASSERT_TRUE(client_->waitUntil([&] { return !valuesAt(weight).empty(); }));
  EXPECT_THAT(valuesAt(weight), testing::ElementsAre("0CB03605F500D606"));
}

TEST_F(Home, BondsOutliveTheProgram) {
  start();
  ASSERT_TRUE(find(kScale));
  ASSERT_EQ(device(kScale, "Pair"), "");
  ASSERT_EQ(home_.stop(), 0);
  client_.reset();
  start();
  EXPECT_TRUE(isThere(kScale)) << "without having been heard";
  EXPECT_TRUE(client_->flag(kScale, kDevice, "Paired"));
  EXPECT_FALSE(isThere(kMeter));
}

TEST_F(Home, SendsBrokenFramesAsTheyStandAndSaysThatTheyDoNotCount) {
  start("malformed.json");
  ASSERT_TRUE(find(kScale));
  ASSERT_EQ(device(kScale, "Pair"), "");
  ASSERT_TRUE(isResolved(kScale));
  const std::string weight = client_->characteristic(kScale, "2a9d");
  ASSERT_EQ(startNotify(weight), "");
  ASSERT_TRUE(client_->waitUntil([&] { return valuesAt(weight).size() == 3; }));
  EXPECT_EQ(valuesAt(weight)[1], "02B036E707");
  EXPECT_THAT(home_.contents("sent"),
              HasSubstr("\"hex\":\"02B036E707\",\"record_number\":null,\"device_time\":null,"
                        "\"counts\":false}\n"));
}

TEST_F(Home, SaysInOneLineWhatIsWrongWithAScenario) {
  std::ofstream(home_.file("bad.json")) << R"({"version":1,"devices":[{"address":"x"}]})";
  home_.start({"--scenario", home_.file("bad.json")});
  EXPECT_EQ(home_.wait(), 1);
  const std::string said = home_.contents("err");
  EXPECT_THAT(said, HasSubstr("bad.json: /devices/0/address: "));
  EXPECT_EQ(std::ranges::count(said, '\n'), 1);
}

TEST_F(Home, SaysInOneLineThatThereIsNoBus) {
  bus_.kill();
  home_.start({"--scenario", std::string{VARDNAV_TEST_DATA} + "/scenarios/quick.json"});
  EXPECT_EQ(home_.wait(), 1);
  const std::string said = home_.contents("err");
  EXPECT_THAT(said, HasSubstr("DBUS_SYSTEM_BUS_ADDRESS"));
  EXPECT_EQ(std::ranges::count(said, '\n'), 1);
}

TEST_F(Home, EndsWithTheBus) {
  start();
  client_.reset();
  bus_.kill();
  EXPECT_EQ(home_.wait(), 1);
}

}  // namespace
}  // namespace vardnav::test
