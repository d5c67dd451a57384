// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The org.bluez.Agent1 object that bluetoothd asks when a device wants to pair. Just Works is
// granted to wanted devices and to no other; a passkey needs a PasskeyProvider. Anyone on the bus
// but bluetoothd itself is refused. Loop thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ble/bluez/central.h"
#include "ble/bluez/remote.h"

namespace vardnav::ble::bluez {

class PairingAgent {
 public:
  /// The wanted device at an object path, if it is one.
  using Wanted = std::function<std::optional<DeviceId>(const std::string& path)>;

  PairingAgent(Remote& remote, Timers& timers, CentralListener& listener, Wanted wanted);
  ~PairingAgent();
  PairingAgent(const PairingAgent&) = delete;
  PairingAgent& operator=(const PairingAgent&) = delete;

  /// Puts the object on the bus; before anyone can call it.
  Result<void> open();
  /// Makes it bluetoothd's default agent; repeated until it succeeds or bluetoothd goes.
  void enlist();
  void dismiss();
  void setProvider(PasskeyProvider* provider) { provider_ = provider; }

 private:
  struct Object;

  void retryLater(const CallError& error);

  Remote& remote_;
  CentralListener& listener_;
  Wanted wanted_;
  std::unique_ptr<Timer> retry_;
  PasskeyProvider* provider_ = nullptr;
  std::unique_ptr<Object> object_;
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

}  // namespace vardnav::ble::bluez
