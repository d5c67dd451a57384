// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/slots.h"

#include <algorithm>

namespace vardnav::rules {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::local_days;

struct SlotTimes {
  UtcTime from{};
  UtcTime end{};
  UtcTime graceEnd{};
};

bool isDue(const Schedule& schedule, local_days day) {
  const std::chrono::weekday weekday{day};
  return schedule.weekdays.test(weekday.iso_encoding() - 1);
}

SlotTimes timesOf(const Slot& slot, const Schedule& schedule, local_days day) {
  const bool isOverNight = slot.until <= slot.from;
  const local_days endDay = isOverNight ? day + days{1} : day;
  SlotTimes times;
  times.from = fromStockholm(day + std::chrono::seconds{slot.from});
  times.end = fromStockholm(endDay + std::chrono::seconds{slot.until});
  times.graceEnd = times.end + schedule.grace;
  return times;
}

/// Days whose slots, or their graces, may end at or after `at`.
local_days firstDayFor(const Schedule& schedule, UtcTime at) {
  return floor<days>(toStockholm(at - schedule.grace)) - days{2};
}

}  // namespace

std::optional<UtcTime> nextSlotTime(const Schedule& schedule, UtcTime after) {
  if (schedule.slots.empty() || schedule.weekdays.none()) return std::nullopt;
  std::optional<UtcTime> next;
  const local_days first = firstDayFor(schedule, after);
  const local_days last = floor<days>(toStockholm(after)) + days{9};
  for (local_days day = first; day <= last; day += days{1}) {
    if (!isDue(schedule, day)) continue;
    for (const Slot& slot : schedule.slots) {
      const SlotTimes times = timesOf(slot, schedule, day);
      for (const UtcTime at : {times.end, times.graceEnd}) {
        if (at > after && (!next || at < *next)) next = at;
      }
    }
    // Slots of later days end later.
    if (next && fromStockholm(day + days{1}) > *next) break;
  }
  return next;
}

std::vector<SlotEvent> slotEventsAt(const Schedule& schedule, UtcTime at) {
  std::vector<SlotEvent> events;
  const local_days last = floor<days>(toStockholm(at));
  for (local_days day = firstDayFor(schedule, at); day <= last; day += days{1}) {
    if (!isDue(schedule, day)) continue;
    for (const Slot& slot : schedule.slots) {
      const SlotTimes times = timesOf(slot, schedule, day);
      if (times.end == at) events.push_back({at, times.from, times.end, false});
      if (times.graceEnd == at) events.push_back({at, times.from, times.end, true});
    }
  }
  std::ranges::stable_sort(events, {}, &SlotEvent::isGrace);
  return events;
}

}  // namespace vardnav::rules
