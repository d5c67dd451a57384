// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The time that devices may read from the hub.
#include "tests/ble/bluez/central_fixture.h"

namespace vardnav::test {
namespace {

class FakeTimeSource final : public ble::bluez::TimeSource {
 public:
  bool isKnown() const override { return known; }
  Bytes currentTime() const override { return {0xea, 0x07, 0x0b, 0x1a}; }
  Bytes localTimeInformation() const override { return {0x04, 0x00}; }

  bool known = true;
};

class TimeServiceTest : public CentralTest {
 protected:
  void start() {
    startBluez();
    startCentral({kMeter});
    central->setTimeSource(&source);
  }
  std::string read(const std::string& object) {
    std::string answer;
    bluez->readOfHub("/org/vardnav/time/service0/" + object,
                     [&](std::string text) { answer = std::move(text); });
    EXPECT_TRUE(until([&] { return !answer.empty(); }));
    return answer;
  }

  FakeTimeSource source;
};

TEST_F(TimeServiceTest, OffersTheTimeWhileItIsKnown) {
  start();
  ASSERT_TRUE(untilCalled("RegisterApplication"));
  EXPECT_EQ(bluez->application(), "/org/vardnav/time");
  EXPECT_EQ(read("char0"), "EA070B1A");
  EXPECT_EQ(read("char1"), "0400");
}

TEST_F(TimeServiceTest, ShowsItsObjectsToBluetoothd) {
  start();
  ASSERT_TRUE(untilCalled("RegisterApplication"));
  const auto proxy = sdbus::createProxy(bluez->connection(), bluez->client(), "/org/vardnav/time");
  auto call = proxy->createMethodCall("org.freedesktop.DBus.ObjectManager", "GetManagedObjects");
  std::map<std::string, std::string> uuids;
  proxy->callMethod(call, [&](sdbus::MethodReply& reply, const sdbus::Error* error) {
    ASSERT_EQ(error, nullptr);
    std::map<sdbus::ObjectPath, std::map<std::string, std::map<std::string, sdbus::Variant>>> all;
    reply >> all;
    for (const auto& [path, interfaces] : all) {
      for (const auto& [interface, properties] : interfaces) {
        const auto uuid = properties.find("UUID");
        if (uuid != properties.end()) uuids[path] = uuid->second.get<std::string>();
      }
    }
  });
  ASSERT_TRUE(until([&] { return !uuids.empty(); }));
  const std::map<std::string, std::string> expected{
      {"/org/vardnav/time/service0", longForm("1805")},
      {"/org/vardnav/time/service0/char0", longForm("2a2b")},
      {"/org/vardnav/time/service0/char1", longForm("2a0f")}};
  EXPECT_EQ(uuids, expected);
}

TEST_F(TimeServiceTest, OffersNoneWhileTheClockIsNotSet) {
  source.known = false;
  start();
  ASSERT_TRUE(untilSearching());
  EXPECT_EQ(bluez->count("RegisterApplication"), 0U);
  EXPECT_EQ(read("char0"), "org.bluez.Error.NotPermitted");
  source.known = true;
  central->onTimeChanged();
  ASSERT_TRUE(untilCalled("RegisterApplication"));
  ASSERT_TRUE(until([&] { return read("char0") == "EA070B1A"; }));
  source.known = false;
  central->onTimeChanged();
  EXPECT_TRUE(untilCalled("UnregisterApplication"));
  EXPECT_EQ(read("char0"), "org.bluez.Error.NotPermitted");
}

TEST_F(TimeServiceTest, IsRegisteredAnewWithTheNextBluetoothdAndAdapter) {
  start();
  ASSERT_TRUE(untilCalled("RegisterApplication"));
  bluez.reset();
  ASSERT_TRUE(until([this] { return !notebook.radio.hasService; }));
  startBluez();
  ASSERT_TRUE(untilCalled("RegisterApplication"));
  bluez->removeAdapter();
  ASSERT_TRUE(until([this] { return !notebook.radio.hasRadio; }));
  bluez->addAdapter();
  EXPECT_TRUE(untilCalled("RegisterApplication", 2));
}

TEST_F(TimeServiceTest, TellsNobodyButBluetoothdTheTime) {
  start();
  ASSERT_TRUE(untilCalled("RegisterApplication"));
  const auto stranger = sdbus::createSystemBusConnection();
  const auto source_ = loop.attach({[&] {
                                      const auto poll = stranger->getEventLoopPollData();
                                      return PollLoop::Wants{poll.fd, poll.events, std::nullopt};
                                    },
                                    [&] {
                                      while (stranger->processPendingRequest()) {
                                      }
                                    }});
  const auto proxy =
      sdbus::createProxy(*stranger, bluez->client(), "/org/vardnav/time/service0/char0");
  auto call = proxy->createMethodCall("org.bluez.GattCharacteristic1", "ReadValue");
  call << std::map<std::string, sdbus::Variant>{};
  std::string answer;
  proxy->callMethod(call, [&](sdbus::MethodReply&, const sdbus::Error* error) {
    answer = error == nullptr ? "ok" : error->getName();
  });
  ASSERT_TRUE(until([&] { return !answer.empty(); }));
  EXPECT_EQ(answer, "org.bluez.Error.NotPermitted");
  loop.detach(source_);
}

}  // namespace
}  // namespace vardnav::test
