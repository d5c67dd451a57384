// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's one loop, over sd-event: it owns the state of the process. Library threads only
// post(). Everything else here is loop thread only.
#pragma once

#include <systemd/sd-event.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "ble/session/timer.h"
#include "pipelines/model/error.h"
#include "pipelines/model/time.h"

namespace vardnav::hub {

/// A file descriptor with a state machine behind it that says, before each wait, what it waits
/// for: the D-Bus connection.
struct Pollable {
  struct Wants {
    int fd = -1;
    short events = 0;                     ///< poll(2) bits
    std::optional<Milliseconds> timeout;  ///< nullopt: none
  };
  std::function<Wants()> wants;
  std::function<void()> process;
};

class Loop final : public ble::Timers {
 public:
  Loop();
  ~Loop() override;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Takes SIGINT and SIGTERM (they end run()) and the post() channel; tells systemd's watchdog
  /// that we live, where there is one.
  Result<void> open();

  /// Any thread. Runs `task` on the loop thread, in order of posting.
  void post(std::function<void()> task);

  std::unique_ptr<ble::Timer> make() override;

  /// Calls `tick` every `period` until the loop ends.
  Result<void> every(Milliseconds period, std::function<void()> tick);

  Result<void> attach(Pollable pollable);

  /// Returns after SIGINT, SIGTERM or quit().
  Result<void> run();
  void quit();

 private:
  struct Attached;
  struct Periodic;

  static int onWake(sd_event_source* source, int fd, std::uint32_t events, void* self);
  void runPosted();

  sd_event* event_ = nullptr;
  int wakeFd_ = -1;
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;  // guarded by mutex_
  std::vector<std::unique_ptr<Attached>> attached_;
  std::vector<std::unique_ptr<Periodic>> periodic_;
};

}  // namespace vardnav::hub
