// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Checks, a little at a time, that what devices sent is in the journal as it was stored: at the
// start, and once a day from the end of the last check. Loop thread only.
#pragma once

#include <cstddef>
#include <optional>

#include "hub/app/fault_book.h"
#include "hub/core/capture_archive.h"
#include "pipelines/model/clock.h"

namespace vardnav::hub {

class ChainWatch {
 public:
  static constexpr std::size_t kAtOnce = 500;  ///< captures in a tick: some milliseconds
  static constexpr Milliseconds kPause{std::chrono::hours{24}};

  /// All outlive it.
  struct Parts {
    CaptureArchive& archive;
    FaultBook& faults;
    const Clock& clock;
  };

  explicit ChainWatch(Parts parts) : parts_(parts) {}

  /// About once a second. A fault (`journal-changed`) stays until a whole check finds nothing.
  void onTick();

 private:
  void end();

  Parts parts_;
  ChainCheck check_;
  std::optional<SteadyTime> endedAt_;
};

}  // namespace vardnav::hub
