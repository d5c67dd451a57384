// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// When and how a driver lets the hub set a device's clock: always after it was read, and in local
// time of Europe/Stockholm, as devices show it. Plain data and a pure encoder; any thread.
//   date time      2A08: 7 octets
//   current time   2A2B: date time . weekday . 1/256 s . adjust reason (1, manual)
//   Contour        01 . date time in UTC . offset to local s16, min
//   CareSens       C0 03 01 00 . date time
#pragma once

#include <cstdint>
#include <string_view>

#include "pipelines/model/bytes.h"
#include "pipelines/model/time.h"

namespace vardnav::ble {

enum class ClockLayout : std::uint8_t { kDateTime, kCurrentTime, kContour, kCareSens };

struct ClockSetting {
  enum class When : std::uint8_t {
    kNever,
    kBeforeRecords,     ///< the device wants it before it gives anything
    kAfterFirstRecord,  ///< it takes it only then, and once on a link
    kAfterRecords,      ///< so that no stored stamp is read against the new clock
  };
  When when = When::kNever;
  std::string_view characteristic;
  ClockLayout layout = ClockLayout::kDateTime;
  bool isAlways = false;  ///< also when the clock is right: the device waits for it
};

Bytes encodeClock(ClockLayout layout, UtcTime now);

}  // namespace vardnav::ble
