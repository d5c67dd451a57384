// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/ctl/pairing_client.h"

#include <poll.h>
#include <sdbus-c++/sdbus-c++.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "hub/ctl/hub_client.h"

namespace vardnav::ctl {
namespace {

constexpr const char* kName = "org.vardnav.Hub";
constexpr const char* kPath = "/org/vardnav/hub";
constexpr const char* kInterface = "org.vardnav.Pairing1";

std::unexpected<Error> faultOf(const sdbus::Error& error) {
  return std::unexpected(ctl::faultOf(error.getName(), error.getMessage()));
}

}  // namespace

struct PairingClient::Bus {
  std::unique_ptr<sdbus::IConnection> connection;
  std::unique_ptr<sdbus::IProxy> hub;
  bool hasChanged = false;
};

PairingClient::PairingClient() : bus_(std::make_unique<Bus>()) {}

PairingClient::~PairingClient() = default;

Result<void> PairingClient::open() {
  try {
    bus_->connection = sdbus::createSystemBusConnection();
    bus_->hub = sdbus::createProxy(*bus_->connection, kName, kPath);
    bus_->hub->uponSignal("Changed").onInterface(kInterface).call([this] {
      bus_->hasChanged = true;
    });
    bus_->hub->finishRegistration();
  } catch (const sdbus::Error& error) {
    return fail(ErrorCode::kUnavailable, "no system bus: " + error.getMessage());
  }
  return {};
}

Result<std::vector<PairingClient::Matter>> PairingClient::matters() {
  std::vector<sdbus::Struct<std::string, std::string, std::uint32_t>> told;
  try {
    bus_->hub->callMethod("Matters").onInterface(kInterface).storeResultsTo(told);
  } catch (const sdbus::Error& error) {
    return faultOf(error);
  }
  std::vector<Matter> matters;
  for (const auto& matter : told) {
    matters.push_back({matter.get<0>(), matter.get<1>(), matter.get<2>()});
  }
  return matters;
}

Result<void> PairingClient::tellPasskey(const std::string& device, std::uint32_t passkey) {
  try {
    bus_->hub->callMethod("TellPasskey").onInterface(kInterface).withArguments(device, passkey);
  } catch (const sdbus::Error& error) {
    return faultOf(error);
  }
  return {};
}

Result<void> PairingClient::confirm(const std::string& device) {
  try {
    bus_->hub->callMethod("Confirm").onInterface(kInterface).withArguments(device, true);
  } catch (const sdbus::Error& error) {
    return faultOf(error);
  }
  return {};
}

Result<void> PairingClient::tell(const std::string& method, const std::string& device) {
  try {
    bus_->hub->callMethod(method).onInterface(kInterface).withArguments(device);
  } catch (const sdbus::Error& error) {
    return faultOf(error);
  }
  return {};
}

void PairingClient::awaitChange(Milliseconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  while (!std::exchange(bus_->hasChanged, false)) {
    while (bus_->connection->processPendingRequest()) {
    }
    if (bus_->hasChanged) continue;
    const auto left = std::chrono::ceil<Milliseconds>(end - std::chrono::steady_clock::now());
    if (left <= Milliseconds{0}) return;
    const auto wanted = bus_->connection->getEventLoopPollData();
    pollfd polled{wanted.fd, wanted.events, 0};
    ::poll(&polled, 1, static_cast<int>(std::min(left, Milliseconds{1000}).count()));
  }
}

}  // namespace vardnav::ctl
