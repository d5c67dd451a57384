// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/clock.h"

namespace vardnav {

UtcTime SystemClock::utcNow() const {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steadyNow() const {
  return std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now());
}

}  // namespace vardnav
