// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Where time comes from. Everything pure takes `now` as an argument; everything else asks one of
// these, so that tests can stand still.
#pragma once

#include "pipelines/model/time.h"

namespace vardnav {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UtcTime utcNow() const = 0;
  /// For timeouts: never jumps.
  virtual SteadyTime steadyNow() const = 0;
};

/// The machine's clocks. Any thread.
class SystemClock final : public Clock {
 public:
  UtcTime utcNow() const override;
  SteadyTime steadyNow() const override;
};

}  // namespace vardnav
