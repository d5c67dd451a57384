// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// From a device's stamp to an instant: moved by the difference of the two clocks, which were read
// together in the same session (FHIR PHD guide, coincident time stamp). A stamp that cannot be
// placed is a time fault: shown with the receive time, never guessed. While the hub does not know
// the time itself, nothing can be placed. Pure, any thread.
#pragma once

#include "pipelines/intake/measurement.h"

namespace vardnav::intake {

struct Placement {
  UtcTime at{};
  TimeMethod method = TimeMethod::kUnanchored;
  Milliseconds uncertainty{0};

  bool isFault() const { return method == TimeMethod::kUnanchored; }
};

/// A corrected time may lie this far after its receipt: clocks drift within a session.
inline constexpr Milliseconds kMostAhead = std::chrono::minutes{5};

Placement place(const Stamp& stamp, const RawRecord& record);

}  // namespace vardnav::intake
