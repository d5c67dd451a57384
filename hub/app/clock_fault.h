// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Reports a hub that does not know the time for a while: a hub that has just started is
// given time to find one. Loop thread only.
#pragma once

#include <optional>

#include "hub/app/fault_book.h"

namespace vardnav::hub {

class ClockFault {
 public:
  static constexpr Milliseconds kPatience = std::chrono::minutes{10};

  /// `now` is by the clock in question, `steady` is not.
  void onTick(bool isTrusted, UtcTime now, SteadyTime steady, FaultBook& faults) {
    if (isTrusted) {
      aloneSince_.reset();
      faults.clear(wire::fault_kind::kClockUntrusted, "");
      return;
    }
    if (!aloneSince_) aloneSince_ = steady;
    if (steady - *aloneSince_ < kPatience) return;
    faults.set(wire::fault_kind::kClockUntrusted, "",
               "no time source has set the clock: check the network, or fit a clock chip", now);
  }

 private:
  std::optional<SteadyTime> aloneSince_;
};

}  // namespace vardnav::hub
