// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The core thread's queue: it owns the store, and everything that touches it is posted here.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "pipelines/model/time.h"

namespace vardnav::cloud {

class CoreLoop {
 public:
  /// Any thread. Tasks run in order, one at a time.
  void post(std::function<void()> task);
  /// Any thread. run() returns after the task at work.
  void quit();

  /// Runs tasks until quit(). `idle` is called after each batch of tasks and when the time it
  /// gave last has come; it gives the next one, or nullopt for none.
  void run(const std::function<std::optional<Milliseconds>()>& idle);

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;  // guarded by mutex_
  bool isQuitting_ = false;                  // guarded by mutex_
};

}  // namespace vardnav::cloud
