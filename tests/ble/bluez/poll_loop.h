// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A poll(2) loop for tests: pumps any number of bus connections as the hub's loop does, and is
// their Timers. Everything of a test runs on its one thread, so its order is the test's.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>

#include "ble/session/timer.h"

namespace vardnav::test {

class PollLoop final : public ble::Timers {
 public:
  struct Wants {
    int fd = -1;
    short events = 0;
    std::optional<Milliseconds> timeout;
  };
  struct Source {
    std::function<Wants()> wants;
    std::function<void()> process;
  };
  using Handle = std::list<Source>::iterator;

  Handle attach(Source source) { return sources_.insert(sources_.end(), std::move(source)); }
  void detach(Handle handle) { sources_.erase(handle); }

  std::unique_ptr<ble::Timer> make() override;

  /// Runs until `isTrue`; false if that took longer than `deadline`.
  bool runUntil(const std::function<bool()>& isTrue,
                Milliseconds deadline = std::chrono::seconds(10));

 private:
  class LoopTimer;
  using Time = std::chrono::steady_clock::time_point;

  void turn(Milliseconds longest);

  std::list<Source> sources_;
  std::multimap<Time, LoopTimer*> timers_;
};

}  // namespace vardnav::test
