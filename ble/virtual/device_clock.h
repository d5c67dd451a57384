// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A device's own clock: it stood at some reading at a known instant and ticks true from there.
// Pure, any thread.
#pragma once

#include "pipelines/model/time.h"

namespace vardnav::ble::virtual_home {

class DeviceClock {
 public:
  DeviceClock() = default;
  /// `shown` is a wall clock; for a device that keeps UTC, UTC written as one.
  DeviceClock(LocalTime shown, UtcTime at) : shown_(shown), at_(at) {}

  /// Somebody sets it, or its battery is changed.
  void moveBy(std::chrono::seconds by) { shown_ += by; }

  /// The device's reading at a real instant, whole seconds, rounded down.
  LocalTime at(UtcTime instant) const {
    return shown_ + std::chrono::floor<std::chrono::seconds>(instant - at_);
  }

 private:
  LocalTime shown_{};
  UtcTime at_{};
};

}  // namespace vardnav::ble::virtual_home
