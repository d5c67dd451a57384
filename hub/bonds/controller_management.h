// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The part of the kernel's Bluetooth management interface (BlueZ doc/mgmt-api.txt, version 1.22)
// that gives a controller another's public address, so that the bonds made under it serve again.
// Needs CAP_NET_ADMIN. Blocking; one thread.
//
// Commands and events: code u16 · controller u16 · length u16 · parameters, little-endian.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hub/bonds/file.h"
#include "pipelines/model/bytes.h"
#include "pipelines/model/error.h"
#include "pipelines/model/time.h"

namespace vardnav::bonds {

class ControllerManagement {
 public:
  /// The kernel's; fails where there is no Bluetooth or no right to it.
  static Result<ControllerManagement> open();
  /// `channel`: a connected socket that keeps packets apart.
  explicit ControllerManagement(Descriptor channel, Milliseconds timeout = Milliseconds(10'000))
      : channel_(std::move(channel)), timeout_(timeout) {}

  /// Indexes: 0 for hci0.
  Result<std::vector<std::uint16_t>> controllers();
  Result<std::string> addressOf(std::uint16_t controller);
  /// Switches it off first; the kernel then shows it as a new controller with this address, and
  /// bluetoothd takes the bonds of that address for it. Refused while another controller has it.
  Result<void> setAddress(std::uint16_t controller, const std::string& address);

 private:
  Result<Bytes> command(std::uint16_t code, std::uint16_t controller, ByteView parameters);

  Descriptor channel_;
  Milliseconds timeout_;
};

}  // namespace vardnav::bonds
