// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/bonds/controller_management.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "hub/bonds/address.h"

namespace vardnav::bonds {
namespace {

constexpr std::uint16_t kReadIndexList = 0x0003;
constexpr std::uint16_t kReadInformation = 0x0004;
constexpr std::uint16_t kSetPowered = 0x0005;
constexpr std::uint16_t kSetPublicAddress = 0x0039;
constexpr std::uint16_t kCommandComplete = 0x0001;
constexpr std::uint16_t kCommandStatus = 0x0002;
constexpr std::uint16_t kNoController = 0xffff;
constexpr std::size_t kHeader = 6;
constexpr std::uint8_t kStatusNotSupported = 0x0c;
constexpr std::uint8_t kStatusInvalidIndex = 0x11;
constexpr std::uint8_t kStatusPermissionDenied = 0x14;

// <bluetooth/hci.h>, which is not installed everywhere.
struct ControlAddress {
  sa_family_t family = AF_BLUETOOTH;
  std::uint16_t device = 0xffff;  // HCI_DEV_NONE
  std::uint16_t channel = 3;      // HCI_CHANNEL_CONTROL
};
constexpr int kProtocolHci = 1;

void put16(Bytes& to, std::size_t value) {
  to.push_back(static_cast<std::uint8_t>(value));
  to.push_back(static_cast<std::uint8_t>(value >> 8));
}

std::uint16_t get16(ByteView from, std::size_t at) {
  return static_cast<std::uint16_t>(from[at] | from[at + 1] << 8);
}

// Least significant octet first.
Bytes octetsOf(const std::string& address) {
  Bytes octets;
  for (int i = 15; i >= 0; i -= 3) {
    octets.push_back(static_cast<std::uint8_t>(
        std::stoul(address.substr(static_cast<std::size_t>(i), 2), nullptr, 16)));
  }
  return octets;
}

std::string addressFrom(ByteView octets) {
  std::string address;
  for (int i = 5; i >= 0; --i) {
    address += toHex(octets.subspan(static_cast<std::size_t>(i), 1));
    if (i > 0) address += ':';
  }
  return address;
}

std::unexpected<Error> faultOf(std::uint8_t status, std::uint16_t controller) {
  const std::string name = "hci" + std::to_string(controller);
  switch (status) {
    case kStatusNotSupported:
      return fail(ErrorCode::kNotFound,
                  name + " does not let its address be set: pair the devices anew with it");
    case kStatusInvalidIndex:
      return fail(ErrorCode::kNotFound, "there is no controller " + name);
    case kStatusPermissionDenied:
      return fail(ErrorCode::kPermission, "not allowed: needs root or CAP_NET_ADMIN");
    default:
      return fail(ErrorCode::kUnavailable,
                  name + " refused, with management status " + std::to_string(status));
  }
}

}  // namespace

Result<ControllerManagement> ControllerManagement::open() {
  Descriptor channel(::socket(AF_BLUETOOTH, SOCK_RAW | SOCK_CLOEXEC, kProtocolHci));
  const ControlAddress address;
  if (!channel.isOpen() ||
      ::bind(channel.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail(ErrorCode::kUnavailable,
                std::string("no Bluetooth management here: ") + std::strerror(errno));
  }
  return ControllerManagement(std::move(channel));
}

Result<Bytes> ControllerManagement::command(std::uint16_t code, std::uint16_t controller,
                                            ByteView parameters) {
  Bytes packet;
  put16(packet, code);
  put16(packet, controller);
  put16(packet, parameters.size());
  packet.insert(packet.end(), parameters.begin(), parameters.end());
  if (::send(channel_.get(), packet.data(), packet.size(), MSG_NOSIGNAL) < 0) {
    return fail(ErrorCode::kUnavailable, std::string("no management: ") + std::strerror(errno));
  }
  const auto end = std::chrono::steady_clock::now() + timeout_;
  while (true) {
    const auto left = std::chrono::ceil<Milliseconds>(end - std::chrono::steady_clock::now());
    pollfd polled{channel_.get(), POLLIN, 0};
    if (left <= Milliseconds{0} || ::poll(&polled, 1, static_cast<int>(left.count())) == 0) {
      return fail(ErrorCode::kTimeout, "the kernel's Bluetooth management does not answer");
    }
    std::array<std::uint8_t, 1024> buffer{};
    const ssize_t size = ::recv(channel_.get(), buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return fail(ErrorCode::kUnavailable, "Bluetooth management has ended");
    const ByteView event(buffer.data(), static_cast<std::size_t>(size));
    // Other programs' events pass by.
    if (event.size() < kHeader + 3 || get16(event, 2) != controller) continue;
    const std::uint16_t kind = get16(event, 0);
    if (kind != kCommandComplete && kind != kCommandStatus) continue;
    if (get16(event, kHeader) != code) continue;
    const std::uint8_t status = event[kHeader + 2];
    if (status != 0) return faultOf(status, controller);
    return Bytes(event.begin() + kHeader + 3, event.end());
  }
}

Result<std::vector<std::uint16_t>> ControllerManagement::controllers() {
  const auto answer = command(kReadIndexList, kNoController, {});
  if (!answer) return std::unexpected(answer.error());
  std::vector<std::uint16_t> controllers;
  for (std::size_t at = 2; at + 1 < answer->size(); at += 2) {
    controllers.push_back(get16(*answer, at));
  }
  return controllers;
}

Result<std::string> ControllerManagement::addressOf(std::uint16_t controller) {
  const auto answer = command(kReadInformation, controller, {});
  if (!answer) return std::unexpected(answer.error());
  if (answer->size() < 6) return fail(ErrorCode::kProtocol, "a controller without an address");
  return addressFrom(ByteView(*answer).first(6));
}

Result<void> ControllerManagement::setAddress(std::uint16_t controller,
                                              const std::string& address) {
  if (!isAddress(address)) return fail(ErrorCode::kInvalidInput, "'" + address + "' is no address");
  const auto present = controllers();
  if (!present) return std::unexpected(present.error());
  for (const std::uint16_t other : *present) {
    const auto taken = addressOf(other);
    if (!taken) return std::unexpected(taken.error());
    if (*taken != address) continue;
    if (other == controller) return {};
    return fail(ErrorCode::kConflict, "hci" + std::to_string(other) + " has the address " +
                                          address + ": unplug it first");
  }
  const Bytes off{0};
  if (auto isOff = command(kSetPowered, controller, off); !isOff) {
    return std::unexpected(isOff.error());
  }
  if (auto set = command(kSetPublicAddress, controller, octetsOf(address)); !set) {
    // As it was before.
    const Bytes on{1};
    (void)command(kSetPowered, controller, on);
    return std::unexpected(set.error());
  }
  return {};
}

}  // namespace vardnav::bonds
