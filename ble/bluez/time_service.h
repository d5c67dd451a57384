// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Current Time Service (0x1805) for devices that set their clocks by the hub: Current Time 2A2B
// (read, notify) and Local Time Information 2A0F (read), exported through GattManager1. It is there
// only while the hub knows the time; until then devices find no such service, and keep theirs.
// Loop thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ble/bluez/remote.h"
#include "ble/bluez/time_source.h"
#include "ble/session/timer.h"

namespace vardnav::ble::bluez {

class CentralListener;

class TimeService {
 public:
  TimeService(Remote& remote, Timers& timers, CentralListener& listener);
  ~TimeService();
  TimeService(const TimeService&) = delete;
  TimeService& operator=(const TimeService&) = delete;

  /// Puts the objects on the bus, where only bluetoothd may call them.
  Result<void> open();
  void setSource(const TimeSource* source);
  /// A powered adapter; empty: none, and with it went the registration.
  void useAdapter(const std::string& path);
  void onTimeChanged();

 private:
  struct Objects;
  enum class State : std::uint8_t { kAbsent, kRegistering, kPresent, kUnregistering };

  bool isOffered() const;
  void evaluate();
  void add();
  void remove();

  Remote& remote_;
  CentralListener& listener_;
  std::unique_ptr<Timer> retry_;
  Milliseconds retryDelay_;
  const TimeSource* source_ = nullptr;
  std::string adapter_;
  State state_ = State::kAbsent;
  std::unique_ptr<Objects> objects_;
  // Renewed when the adapter changes, so that replies of before are not heard.
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

}  // namespace vardnav::ble::bluez
