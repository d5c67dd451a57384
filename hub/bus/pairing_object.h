// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The pairing desk on the system bus, for `vardnavctl pair`: name org.vardnav.Hub, object
// /org/vardnav/hub, interface org.vardnav.Pairing1. Who may call is the bus's policy
// (image/dbus/org.vardnav.Hub.conf): root and the group vardnav-technician. Loop thread only.
//
//   Matters() → a(ssu)     device, what, number: see pairing_desk.h
//   TellPasskey(s device, u passkey)
//   Confirm(s device, b is_same)
//   Refuse(s device)
//   Repair(s device)       forgets the bond, and pairs anew when the device shows itself
//   TryAgain(s device)     with the bond there is
//   signal Changed()       Matters() gives another answer
//
// Errors: org.vardnav.Error.NotAsked, .UnknownDevice, .InvalidPasskey.
#pragma once

#include <memory>

#include "ble/bluez/bus.h"
#include "hub/bus/pairing_desk.h"
#include "pipelines/model/error.h"

namespace vardnav::hub {

class PairingObject {
 public:
  /// Both outlive it.
  PairingObject(ble::bluez::Bus& bus, PairingDesk& desk);
  ~PairingObject();
  PairingObject(const PairingObject&) = delete;
  PairingObject& operator=(const PairingObject&) = delete;

  /// Fails where the bus does not let this program have its name. The rest of the hub does not
  /// need it: devices that ask for no passkey are paired all the same.
  Result<void> open();
  void tellChanged();

 private:
  struct Object;

  ble::bluez::Bus& bus_;
  PairingDesk& desk_;
  std::unique_ptr<Object> object_;
};

}  // namespace vardnav::hub
