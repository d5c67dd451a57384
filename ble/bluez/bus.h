// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's connection to the system bus, and how the process's one loop pumps it. No thread of
// its own: every callback of this folder runs inside process(). Loop thread only.
//
// The loop must, before each wait, ask wants() anew and then wait for `events` on `fd` or until
// `timeout` has passed, whichever comes first; after either it calls process(). A time-out of 0
// means that work is waiting already: messages can have been read into memory, where no poll
// sees them. `fd` stays the same from open() to the end.
#pragma once

#include <memory>
#include <optional>

#include "pipelines/model/error.h"
#include "pipelines/model/time.h"

namespace vardnav::ble::bluez {

class Bus {
 public:
  struct Wants {
    int fd = -1;
    short events = 0;                     ///< poll(2) bits; 0 once the connection is lost
    std::optional<Milliseconds> timeout;  ///< nullopt: none
  };
  struct Connection;  // sdbus-c++ behind it; for this folder and hub/bus

  Bus();
  ~Bus();
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  /// The system bus; DBUS_SYSTEM_BUS_ADDRESS is honoured. Fails when there is none: that is a
  /// broken machine, unlike an absent bluetoothd.
  Result<void> open();

  Wants wants() const;

  /// Handles what has arrived, at most a bounded number of messages so that the rest of the loop
  /// has its turn. An error means that the bus itself is gone: the process should end and be
  /// started again, because nothing on this connection will work any more.
  Result<void> process();

  Connection& connection() { return *connection_; }

 private:
  std::unique_ptr<Connection> connection_;
};

}  // namespace vardnav::ble::bluez
