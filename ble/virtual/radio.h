// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port between a virtual device and what carries it: an org.bluez service on a private bus
// (BluezService), or a real adapter through bluetoothd (AdapterRadio). Loop thread only.
#pragma once

#include "ble/virtual/device_model.h"

namespace vardnav::ble::virtual_home {

class Peripheral;

class Radio {
 public:
  virtual ~Radio() = default;

  virtual void startAdvertising(Peripheral& peripheral) = 0;
  /// Also when it is connected to.
  virtual void stopAdvertising(Peripheral& peripheral) = 0;
  /// Peripheral::sent() follows, also from within, unless the link ends before: a notification is
  /// sent when it is handed over, an indication when it is confirmed.
  virtual void send(Peripheral& peripheral, const Outgoing& outgoing) = 0;
  /// The device ends the link; Peripheral::disconnect() follows, also from within.
  virtual void hangUp(Peripheral& peripheral) = 0;
};

}  // namespace vardnav::ble::virtual_home
