// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Where a technician sees to what the hub has kept: interprets it anew by a later decoder or other
// bindings, and settles what is in quarantine. A fault (`quarantine`, for each device) tells the
// technicians' desk as long as something waits for a person. Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "hub/app/fault_book.h"
#include "hub/bus/captures_object.h"
#include "hub/core/capture_archive.h"
#include "hub/core/hub_core.h"
#include "pipelines/model/clock.h"

namespace vardnav::hub {

class CaptureDesk {
 public:
  static constexpr Milliseconds kLookInterval{10'000};
  static constexpr std::size_t kAtOnce = 100;  ///< captures in a page: some tens of milliseconds

  /// All outlive it. `committed` is called after each commit: there may be something to send.
  struct Parts {
    HubCore& core;
    Journal& journal;
    CaptureArchive& archive;
    const Household& household;
    FaultBook& faults;
    const Clock& clock;
    std::function<void()> committed;
  };

  explicit CaptureDesk(Parts parts) : parts_(std::move(parts)) {}

  /// What the bus may ask of it, as long as it lives.
  CapturesObject::Acts acts();

  Result<CapturesObject::Page> redecode(std::int64_t after, bool isTry);

  /// Also one that has ended the hub. Whether it changed.
  Result<bool> redecodeNamed(const std::string& key);

  /// JSON: {"version":1,"last","captures":[{"key","device","reason","received_at",
  /// "record_number"?,"slot"?,"measured":[{"code","at","is_time_known"}],"suggested"?}]}
  /// No values. "suggested": whose it may be, of an unbound user of a device with one person. None:
  /// no more.
  Result<std::string> quarantined(std::int64_t after);

  /// `person` must be one whom a binding names: a misspelt one would be a patient nobody knows.
  Result<void> settle(const std::string& key, const std::string& person);
  Result<void> discard(const std::string& key);

  /// About once a second: sets and ends the faults.
  void onTick();

 private:
  void tellWaiting();
  Result<void> decide(const std::string& key, const intake::Decision& decision);

  Parts parts_;
  std::set<DeviceId> told_;
  std::optional<SteadyTime> lookedAt_;
};

}  // namespace vardnav::hub
