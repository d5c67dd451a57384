// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The program's one loop: timers and file descriptors. Loop thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "pipelines/model/time.h"

namespace vardnav::ble::virtual_home {

class Loop {
 public:
  using Task = std::function<void()>;
  using TimerId = std::uint64_t;  ///< 0 names no timer

  /// Never from within the call itself, not even with a delay of 0.
  TimerId after(Milliseconds delay, Task task);
  void cancel(TimerId timer);
  void post(Task task) { after(Milliseconds{0}, std::move(task)); }

  /// Runs what is due; how long the next wait may be at most, nullopt: for ever.
  std::optional<Milliseconds> runDue();

 private:
  using Instant = std::chrono::steady_clock::time_point;
  using Key = std::pair<Instant, TimerId>;

  std::map<Key, Task> timers_;
  std::map<TimerId, Instant> due_;
  TimerId last_ = 0;
};

}  // namespace vardnav::ble::virtual_home
