// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The org.bluez.Agent1 object that bluetoothd asks when a device wants to pair. Just Works is
// granted to wanted devices and to no other; a passkey needs a PasskeyProvider, who is asked for
// one device at a time and for a limited time. Anyone on the bus but bluetoothd itself is refused.
// Loop thread only.
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

  PairingAgent(Remote& remote, Timers& timers, Milliseconds answerTimeout,
               CentralListener& listener, Wanted wanted);
  ~PairingAgent();
  PairingAgent(const PairingAgent&) = delete;
  PairingAgent& operator=(const PairingAgent&) = delete;

  /// Puts the object on the bus; before anyone can call it.
  Result<void> open();
  /// Makes it bluetoothd's default agent; repeated until it succeeds or bluetoothd goes.
  void enlist();
  void dismiss();
  void setProvider(PasskeyProvider* provider);

 private:
  struct Object;
  struct Question;

  std::shared_ptr<Question> ask(const DeviceId& device, std::function<void()> refuse);
  bool close(const std::shared_ptr<Question>& question);
  void giveUp(bool isTold);
  void retryLater(const CallError& error);

  Remote& remote_;
  CentralListener& listener_;
  Wanted wanted_;
  Milliseconds answerTimeout_;
  std::unique_ptr<Timer> retry_;
  std::unique_ptr<Timer> answerTimer_;
  std::shared_ptr<Question> question_;  // the one a person is asked now
  PasskeyProvider* provider_ = nullptr;
  std::unique_ptr<Object> object_;
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

}  // namespace vardnav::ble::bluez
