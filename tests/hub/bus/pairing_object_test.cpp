// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// `vardnavctl pair` against the hub's desk, over a real bus.
#include "hub/bus/pairing_object.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <string>
#include <thread>

#include "tests/ble/bluez/poll_loop.h"
#include "tests/ble/bluez/private_bus.h"

namespace vardnav::test {
namespace {

using hub::PairingDesk;
using hub::PairingObject;

const DeviceId kMeter("C0:FF:EE:00:00:01");

struct Said {
  std::string text;  ///< standard output and error
  int status = -1;
};

class PairingObjectTest : public ::testing::Test {
 protected:
  PairingObjectTest() : object(bus, desk) {
    EXPECT_TRUE(bus.open());
    loop.attach({[this] {
                   const auto wants = bus.wants();
                   return PollLoop::Wants{wants.fd, wants.events, wants.timeout};
                 },
                 [this] { (void)bus.process(); }});
    desk.attach({[this](const DeviceId& device) {
                   repaired += device.value;
                   return device == kMeter;
                 },
                 [](const DeviceId&) {}, [this] { object.tellChanged(); }});
  }

  /// Runs it in a thread of its own, while this one answers.
  Said vardnavctl(const std::string& arguments, const std::string& input = "") {
    Said said;
    std::atomic<bool> isDone = false;
    std::thread program([&] {
      const std::string command =
          "printf '" + input + "' | " VARDNAVCTL " pair " + arguments + " 2>&1";
      FILE* pipe = ::popen(command.c_str(), "r");
      std::array<char, 256> buffer{};
      while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) said.text += buffer.data();
      said.status = WEXITSTATUS(::pclose(pipe));
      isDone = true;
    });
    const auto turn = loop.make();
    std::function<void()> look = [&] { turn->start(Milliseconds(5), look); };
    look();
    EXPECT_TRUE(loop.runUntil([&] { return isDone.load(); }, std::chrono::seconds(30)));
    program.join();
    return said;
  }

  void askForPasskey() {
    desk.requestPasskey(kMeter, [this](std::optional<std::uint32_t> passkey) {
      answer = passkey ? std::to_string(*passkey) : "refused";
    });
  }

  PrivateBus daemon;
  PollLoop loop;
  ble::bluez::Bus bus;
  PairingDesk desk;
  PairingObject object;
  std::string answer;
  std::string repaired;
};

TEST_F(PairingObjectTest, SaysThatNoHubIsThere) {
  const Said said = vardnavctl("--list");
  EXPECT_EQ(said.status, 1);
  EXPECT_EQ(said.text, "vardnavctl: vardnav-hub does not run, or has no name on the bus\n");
}

TEST_F(PairingObjectTest, TakesAPasskeyFromATechnician) {
  ASSERT_TRUE(object.open());
  askForPasskey();
  EXPECT_EQ(vardnavctl("--list").text, "C0:FF:EE:00:00:01 passkey 0\n");
  EXPECT_EQ(vardnavctl("--passkey c0:ff:ee:00:00:01 012345").status, 0);
  EXPECT_EQ(answer, "12345");
  const Said again = vardnavctl("--passkey c0:ff:ee:00:00:01 012345");
  EXPECT_EQ(again.status, 1);
  EXPECT_EQ(again.text, "vardnavctl: nothing of the kind is asked of this device now\n");
}

TEST_F(PairingObjectTest, RefusesWhatIsNoPasskey) {
  ASSERT_TRUE(object.open());
  askForPasskey();
  for (const char* text : {"1000000", "12a", "-1"}) {
    EXPECT_NE(vardnavctl(std::string("--passkey C0:FF:EE:00:00:01 ") + text).status, 0) << text;
  }
  EXPECT_TRUE(answer.empty());
}

TEST_F(PairingObjectTest, ComparesNumbersAndRefuses) {
  ASSERT_TRUE(object.open());
  bool isSame = false;
  desk.confirmPasskey(kMeter, 42, [&](bool same) { isSame = same; });
  EXPECT_EQ(vardnavctl("--list").text, "C0:FF:EE:00:00:01 confirm 42\n");
  EXPECT_EQ(vardnavctl("--confirm C0:FF:EE:00:00:01").status, 0);
  EXPECT_TRUE(isSame);
  askForPasskey();
  EXPECT_EQ(vardnavctl("--refuse C0:FF:EE:00:00:01").status, 0);
  EXPECT_EQ(answer, "refused");
}

TEST_F(PairingObjectTest, RepairsTheHubsOwnDevicesOnly) {
  ASSERT_TRUE(object.open());
  EXPECT_EQ(vardnavctl("--repair C0:FF:EE:00:00:01").status, 0);
  EXPECT_EQ(repaired, kMeter.value);
  const Said other = vardnavctl("--repair 'no device at all'");
  EXPECT_EQ(other.status, 1);
  EXPECT_EQ(other.text, "vardnavctl: not a device of this hub\n");
}

TEST_F(PairingObjectTest, GuidesAPersonFromALostBondToItsPasskey) {
  ASSERT_TRUE(object.open());
  desk.onRepairStep(kMeter, ble::bluez::RepairStep::kBondLost);
  const auto device = loop.make();
  desk.attach({[&](const DeviceId&) {
                 desk.onRepairStep(kMeter, ble::bluez::RepairStep::kAwaitingDevice);
                 device->start(Milliseconds(20), [&] {
                   desk.requestPasskey(kMeter, [&](std::optional<std::uint32_t> passkey) {
                     answer = std::to_string(*passkey);
                     desk.onRepairStep(kMeter, ble::bluez::RepairStep::kDone);
                   });
                 });
                 return true;
               },
               nullptr, [this] { object.tellChanged(); }});
  const Said said = vardnavctl("--wait 20", "f\\n000042\\n");
  EXPECT_EQ(said.status, 0) << said.text;
  EXPECT_EQ(answer, "42");
  EXPECT_NE(said.text.find("put it into its pairing mode"), std::string::npos) << said.text;
  EXPECT_NE(said.text.find("nothing more to do"), std::string::npos) << said.text;
}

}  // namespace
}  // namespace vardnav::test
