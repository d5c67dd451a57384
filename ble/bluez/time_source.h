// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port through which the hub's time reaches devices that set their clocks by it. Loop thread
// only.
#pragma once

#include "pipelines/model/bytes.h"

namespace vardnav::ble::bluez {

class TimeSource {
 public:
  virtual ~TimeSource() = default;

  /// The hub knows the time. While false, no time is offered: a wrong clock in a meter outlives
  /// the hub's.
  virtual bool isKnown() const = 0;
  /// Current Time (2A2B), at this moment.
  virtual Bytes currentTime() const = 0;
  /// Local Time Information (2A0F).
  virtual Bytes localTimeInformation() const = 0;
};

}  // namespace vardnav::ble::bluez
