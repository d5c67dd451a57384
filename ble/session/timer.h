// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port for time-outs inside a session. Loop thread only.
#pragma once

#include <functional>
#include <memory>

#include "pipelines/model/time.h"

namespace vardnav::ble {

class Timer {
 public:
  virtual ~Timer() = default;
  /// Calls `expired` once after `delay`, unless cancelled or started again before.
  virtual void start(Milliseconds delay, std::function<void()> expired) = 0;
  virtual void cancel() = 0;
};

class Timers {
 public:
  virtual ~Timers() = default;
  /// A stopped timer; destroying it cancels it.
  virtual std::unique_ptr<Timer> make() = 0;
};

}  // namespace vardnav::ble
