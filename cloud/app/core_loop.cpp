// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/app/core_loop.h"

#include <utility>

namespace vardnav::cloud {

void CoreLoop::post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void CoreLoop::quit() {
  {
    const std::lock_guard lock(mutex_);
    isQuitting_ = true;
  }
  wake_.notify_one();
}

void CoreLoop::run(const std::function<std::optional<Milliseconds>()>& idle) {
  std::optional<Milliseconds> pause = idle();
  std::unique_lock lock(mutex_);
  while (!isQuitting_) {
    const auto hasWork = [this] { return isQuitting_ || !tasks_.empty(); };
    if (pause) {
      wake_.wait_for(lock, *pause, hasWork);
    } else {
      wake_.wait(lock, hasWork);
    }
    std::deque<std::function<void()>> batch;
    batch.swap(tasks_);
    lock.unlock();
    for (const auto& task : batch) task();
    pause = idle();
    lock.lock();
  }
}

}  // namespace vardnav::cloud
