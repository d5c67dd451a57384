// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the tests of the central share: a bus, a loop, a BlueZ on one side of it and a central
// with its owner's notebook on the other.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ble/bluez/central.h"
#include "tests/ble/bluez/fake_bluez.h"
#include "tests/ble/bluez/poll_loop.h"
#include "tests/ble/bluez/private_bus.h"

namespace vardnav::test {

inline const std::string kMeter = "C0:FF:EE:00:00:01";
inline const std::string kScale = "C0:FF:EE:00:00:02";
inline const std::string kNeighbour = "DE:AD:BE:EF:00:01";

class Notebook final : public ble::bluez::CentralListener {
 public:
  void onDeviceReady(const ble::DeviceDescription& device, ble::GattClient& gatt) override {
    events.push_back("ready " + device.id.value);
    client = &gatt;
    gatt.onDisconnect([this] { events.emplace_back("disconnect"); });
    if (listensAtOnce) listen();
  }
  void onDeviceGone(const DeviceId& device) override {
    events.push_back("gone " + device.value);
    client = nullptr;
  }
  void onLinkFault(const DeviceId& device, const ble::bluez::LinkFault& fault) override {
    events.push_back("fault " + device.value + " " + std::string(nameOf(fault.reason)));
    faults.push_back(fault);
  }
  void onRepairStep(const DeviceId& device, ble::bluez::RepairStep step,
                    const std::string&) override {
    events.push_back(std::string(nameOf(step)) + " " + device.value);
  }
  void onAdvert(const ble::Advert& advert) override { adverts.push_back(advert); }
  void onRadio(const ble::bluez::RadioState& state) override { radio = state; }
  void onPairingRefused(const std::string& who, ble::bluez::PairingRefusal refusal) override {
    events.push_back("refused " + who + " " + std::string(nameOf(refusal)));
  }
  void onNote(ble::bluez::Note note, const std::string&) override {
    notes.emplace_back(nameOf(note));
  }

  void listen() {
    client->onValue([this](const ble::Uuid& uuid, const Bytes& value, UtcTime receivedAt) {
      values.push_back(uuid.substr(4, 4) + "=" + toHex(value));
      receivedTimes.push_back(receivedAt);
    });
  }
  std::size_t count(const std::string& event) const {
    return static_cast<std::size_t>(std::ranges::count(events, event));
  }

  bool listensAtOnce = true;
  ble::GattClient* client = nullptr;
  std::vector<std::string> events;
  std::vector<std::string> values;
  std::vector<UtcTime> receivedTimes;
  std::vector<std::string> notes;
  std::vector<ble::bluez::LinkFault> faults;
  std::vector<ble::Advert> adverts;
  ble::bluez::RadioState radio;
};

inline ble::Uuid longForm(const std::string& uuid) {
  return "0000" + uuid + "-0000-1000-8000-00805f9b34fb";
}

class CentralTest : public ::testing::Test {
 protected:
  CentralTest() {
    // Short where a test waits for one to pass; the rest as delivered.
    options.settleInterval = Milliseconds(10);
    options.firstPause = Milliseconds(10);
    options.serviceRetry = Milliseconds(20);
  }

  void startBluez(bool hasAdapter = true) {
    bluez = std::make_unique<FakeBluez>(loop);
    if (hasAdapter) bluez->addAdapter();
  }

  void startCentral(const std::set<std::string>& wanted) {
    ASSERT_TRUE(bus.open());
    loop.attach({[this] {
                   const auto wants = bus.wants();
                   return PollLoop::Wants{wants.fd, wants.events, wants.timeout};
                 },
                 [this] { isBusLost = !bus.process(); }});
    central = std::make_unique<ble::bluez::Central>(bus, loop, clock, options, notebook);
    ASSERT_TRUE(central->start());
    want(wanted);
  }

  /// Characteristics that every device has to show.
  void expect(const std::vector<std::string>& uuids) {
    options.plan = [uuids](const ble::DeviceDescription&) {
      ble::ConnectionPlan plan;
      for (const auto& uuid : uuids) plan.expected.push_back(longForm(uuid));
      return plan;
    };
  }

  void want(const std::set<std::string>& wanted) {
    std::set<DeviceId> devices;
    for (const auto& address : wanted) devices.insert(DeviceId(address));
    central->setWanted(devices);
  }

  bool until(const std::function<bool()>& isTrue) { return loop.runUntil(isTrue); }
  bool untilEvent(const std::string& event, std::size_t times = 1) {
    return until([&] { return notebook.count(event) >= times; });
  }
  bool untilSearching() {
    return until([this] { return bluez->isDiscovering() && central->radio().isSearching; });
  }
  bool untilCalled(const std::string& call, std::size_t times = 1) {
    return until([&] { return bluez->count(call) >= times; });
  }

  /// The hub has handled everything sent to it so far, and what it sent in answer has arrived;
  /// `times` of it for as many steps of a conversation.
  void roundTrips(int times) {
    for (int i = 0; i < times; ++i) {
      bool isAnswered = false;
      bluez->askAgent("RequestAuthorization", "/org/bluez/none",
                      [&](const std::string&) { isAnswered = true; });
      ASSERT_TRUE(until([&] { return isAnswered; }));
    }
  }

  /// Meter with 2A18, 2A34, 2A52, bonded, connected and in session.
  FakeDevice& meterInSession() {
    startBluez();
    startCentral({kMeter});
    EXPECT_TRUE(untilSearching());
    FakeDevice& meter = bluez->discover(kMeter, true);
    for (const char* uuid : {"2a18", "2a34", "2a52"}) bluez->addCharacteristic(meter, uuid);
    EXPECT_TRUE(untilEvent("ready " + kMeter));
    return meter;
  }

  PrivateBus daemon;
  PollLoop loop;
  SystemClock clock;
  ble::bluez::CentralOptions options;
  Notebook notebook;
  std::unique_ptr<FakeBluez> bluez;
  ble::bluez::Bus bus;
  std::unique_ptr<ble::bluez::Central> central;
  bool isBusLost = false;
};

}  // namespace vardnav::test
