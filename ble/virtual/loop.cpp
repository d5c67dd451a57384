// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/loop.h"

namespace vardnav::ble::virtual_home {

Loop::TimerId Loop::after(Milliseconds delay, Task task) {
  const Instant at = std::chrono::steady_clock::now() + delay;
  timers_.emplace(Key{at, ++last_}, std::move(task));
  due_.emplace(last_, at);
  return last_;
}

void Loop::cancel(TimerId timer) {
  const auto found = due_.find(timer);
  if (found == due_.end()) return;
  timers_.erase(Key{found->second, timer});
  due_.erase(found);
}

std::optional<Milliseconds> Loop::runDue() {
  const Instant now = std::chrono::steady_clock::now();
  const TimerId newest = last_;  // what tasks add waits for the next turn
  while (!timers_.empty()) {
    const auto first = timers_.begin();
    const auto [at, id] = first->first;
    if (at > now) return std::chrono::ceil<Milliseconds>(at - now);
    if (id > newest) return Milliseconds{0};
    const Task task = std::move(first->second);
    timers_.erase(first);
    due_.erase(id);
    task();
  }
  return std::nullopt;
}

}  // namespace vardnav::ble::virtual_home
