// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the bus connection owns besides the socket. For this folder, and for the
// hub's own objects on the same bus (hub/bus).
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "ble/bluez/bus.h"

namespace vardnav::ble::bluez {

struct Bus::Connection {
  using Proxies = std::list<std::unique_ptr<sdbus::IProxy>>;

  // Declared first: everything below refers to it and must go before it.
  std::unique_ptr<sdbus::IConnection> dbus;
  /// One proxy a call. A proxy must outlive its own callback (sdbus-c++ 1.2 touches it after the
  /// callback returns), so an answered one is moved to `answered` and freed by process().
  Proxies pending;
  Proxies answered;
  std::vector<std::function<void()>> deferred;  ///< run by the next process()
  std::string lost;                             ///< why the bus is gone; empty: it is not
  bool isLossTold = false;
};

}  // namespace vardnav::ble::bluez
