// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/intake/anchoring.h"

namespace vardnav::intake {

Placement place(const Stamp& stamp, const RawRecord& record) {
  const Placement fault{record.receivedAt, TimeMethod::kUnanchored, {}};
  if (!record.isHubClockTrusted) return fault;
  if (stamp.kind == Stamp::Kind::kAbsent) {
    // What comes from a memory without a time was not measured now.
    if (record.isStored) return fault;
    return {record.receivedAt, TimeMethod::kHubReceive, {}};
  }
  if (stamp.kind == Stamp::Kind::kUnknown || stamp.isDoubtful || !record.clock) return fault;
  const ClockReading& clock = *record.clock;
  if (clock.device.timeline != stamp.time.timeline) return fault;
  const UtcTime at = clock.hub + (stamp.time.at - clock.device.at);
  if (at > record.receivedAt + kMostAhead) return fault;
  return {at, TimeMethod::kAnchored, clock.uncertainty};
}

}  // namespace vardnav::intake
