// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/bus.h"

#include <chrono>
#include <utility>

#include "ble/bluez/connection.h"

namespace vardnav::ble::bluez {
namespace {

constexpr int kMessagesPerTurn = 64;

}  // namespace

Bus::Bus() : connection_(std::make_unique<Connection>()) {}

Bus::~Bus() = default;

Result<void> Bus::open() {
  try {
    connection_->dbus = sdbus::createSystemBusConnection();
  } catch (const sdbus::Error& error) {
    return fail(ErrorCode::kUnavailable,
                "no system bus: " + error.getMessage() +
                    "; is dbus-daemon running, and DBUS_SYSTEM_BUS_ADDRESS right if set?");
  }
  return {};
}

Bus::Wants Bus::wants() const {
  Wants wants;
  try {
    const auto poll = connection_->dbus->getEventLoopPollData();
    wants.fd = poll.fd;
    wants.events = poll.events;
    if (const auto wait = poll.getRelativeTimeout()) {
      wants.timeout = std::chrono::ceil<Milliseconds>(*wait);
    }
  } catch (const sdbus::Error& error) {
    // sd-bus has closed the connection; process() says so once more.
    if (connection_->lost.empty()) connection_->lost = error.getMessage();
  }
  const bool isLossUntold = !connection_->lost.empty() && !connection_->isLossTold;
  if (isLossUntold || !connection_->deferred.empty()) wants.timeout = Milliseconds{0};
  return wants;
}

Result<void> Bus::process() {
  for (const auto& task : std::exchange(connection_->deferred, {})) task();
  try {
    for (int i = 0; i < kMessagesPerTurn && connection_->lost.empty(); ++i) {
      const bool more = connection_->dbus->processPendingRequest();
      connection_->answered.clear();
      if (!more) break;
    }
  } catch (const sdbus::Error& error) {
    connection_->answered.clear();
    connection_->lost = error.getMessage();
  }
  if (connection_->lost.empty()) return {};
  connection_->isLossTold = true;
  return fail(ErrorCode::kUnavailable, "system bus lost: " + connection_->lost);
}

}  // namespace vardnav::ble::bluez
