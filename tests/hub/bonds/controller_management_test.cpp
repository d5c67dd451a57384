// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Against a scripted kernel. Packets by hand from BlueZ's doc/mgmt-api.txt.
#include "hub/bonds/controller_management.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <map>
#include <thread>

namespace vardnav::bonds {
namespace {

class Kernel {
 public:
  Kernel() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) std::abort();
    ours_ = ends[0];
    theirs_ = ends[1];
    thread_ = std::thread([this] { serve(); });
  }
  ~Kernel() {
    ::shutdown(ours_, SHUT_RDWR);
    thread_.join();
    ::close(ours_);
  }

  Descriptor channel() const { return Descriptor(theirs_); }
  void on(const std::string& command, std::vector<std::string> events) {
    answers_[command] = std::move(events);
  }
  const std::vector<std::string>& commands() const { return commands_; }

 private:
  void serve() {
    std::array<std::uint8_t, 512> buffer{};
    ssize_t size = 0;
    while ((size = ::recv(ours_, buffer.data(), buffer.size(), 0)) > 0) {
      const std::string command = toHex(ByteView(buffer.data(), static_cast<std::size_t>(size)));
      commands_.push_back(command);
      for (const auto& event : answers_[command]) {
        const Bytes octets = *fromHex(event);
        ::send(ours_, octets.data(), octets.size(), MSG_NOSIGNAL);
      }
    }
  }

  int ours_ = -1;
  int theirs_ = -1;
  std::map<std::string, std::vector<std::string>> answers_;
  std::vector<std::string> commands_;
  std::thread thread_;
};

const std::string kListControllers = "0300FFFF0000";
const std::string kTwoControllers =
    "0100FFFF0900"
    "0300"
    "00"
    "0200"
    "0000"
    "0100";
const std::string kInformation0 = "040000000000";
const std::string kInformation1 = "040001000000";
const std::string kPowerOff1 = "05000100010000";
const std::string kPowerOn1 = "05000100010001";
// 00:AA:01:00:00:42, the last octet first.
const std::string kSetAddress1 =
    "390001000600"
    "42000001AA00";

std::string information(int controller, const std::string& address) {
  return "01000" + std::to_string(controller) + "000900" + "0400" + "00" + address;
}

TEST(ControllerManagement, GivesASpareTheAddressOfABrokenAdapter) {
  Kernel kernel;
  kernel.on(kListControllers, {kTwoControllers});
  kernel.on(kInformation0, {information(0, "010000AABBCC")});
  kernel.on(kInformation1, {information(1, "020000AABBCC")});
  // Events of others, and of the power, come between.
  kernel.on(kPowerOff1,
            {"0600010004000A000000", "0100000007000500000A000000", "01000100070005000000000000"});
  kernel.on(kSetAddress1, {"0100010007003900"
                           "00"
                           "00000000"});
  ControllerManagement management(kernel.channel());
  const auto set = management.setAddress(1, "00:AA:01:00:00:42");
  EXPECT_TRUE(set) << set.error().context;
}

TEST(ControllerManagement, SaysWhenAControllerDoesNotLetItsAddressBeSetAndSwitchesItOnAgain) {
  Kernel kernel;
  kernel.on(kListControllers, {kTwoControllers});
  kernel.on(kInformation0, {information(0, "010000AABBCC")});
  kernel.on(kInformation1, {information(1, "020000AABBCC")});
  kernel.on(kPowerOff1, {"01000100070005000000000000"});
  kernel.on(kPowerOn1, {"01000100070005000001000000"});
  kernel.on(kSetAddress1, {"0200010003003900"
                           "0C"});
  ControllerManagement management(kernel.channel());
  const auto set = management.setAddress(1, "00:AA:01:00:00:42");
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().context,
            "hci1 does not let its address be set: pair the devices anew with it");
  EXPECT_EQ(kernel.commands().back(), kPowerOn1);
}

TEST(ControllerManagement, GivesNoAddressToTwoRadios) {
  Kernel kernel;
  kernel.on(kListControllers, {kTwoControllers});
  kernel.on(kInformation0, {information(0, "42000001AA00")});
  ControllerManagement management(kernel.channel());
  const auto set = management.setAddress(1, "00:AA:01:00:00:42");
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().context, "hci0 has the address 00:AA:01:00:00:42: unplug it first");
}

TEST(ControllerManagement, EndsWithoutAnAnswer) {
  Kernel kernel;
  kernel.on(kListControllers, {"0100", "", "01000000"});
  ControllerManagement management(kernel.channel(), Milliseconds(30));
  EXPECT_FALSE(management.controllers());
  EXPECT_FALSE(management.setAddress(1, "nonsense"));
}

}  // namespace
}  // namespace vardnav::bonds
