// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// When the slots of a schedule end, over days of 23 and 25 hours. A local time that does not exist
// takes the offset before the gap; of a doubled one the first (RFC 5545 section 3.3.5). Pure.
#pragma once

#include <optional>
#include <vector>

#include "pipelines/model/time.h"
#include "rules/document/rule.h"

namespace vardnav::rules {

struct SlotEvent {
  UtcTime at{};
  UtcTime slotFrom{};  ///< a reading from then on serves the slot
  UtcTime slotEnd{};
  bool isGrace = false;  ///< the grace ends; else the slot does
};

/// When a slot or a grace ends next after `after`; nullopt: there are no slots.
std::optional<UtcTime> nextSlotTime(const Schedule& schedule, UtcTime after);

/// All events at exactly this time, ends of slots first.
std::vector<SlotEvent> slotEventsAt(const Schedule& schedule, UtcTime at);

}  // namespace vardnav::rules
