// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Date Time (2A08), also inside other characteristics: a wall clock without a zone.
//   year u16 (1582-9999; 0 unknown) . month (0 unknown) . day (0 unknown) . hour . minute . second
// GATT Specification Supplement, Date Time. Exactly these 7 octets.
#pragma once

#include <cstdint>
#include <optional>

#include "ble/gatt/fault.h"
#include "pipelines/model/time.h"

namespace vardnav::ble::gatt {

struct DateTime {
  std::uint16_t year = 0;
  std::uint8_t month = 0;
  std::uint8_t day = 0;
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;

  /// nullopt if the device does not know year, month or day.
  std::optional<LocalTime> local() const;
  /// Years 1582 to 9999; outside, all unknown.
  static DateTime of(LocalTime time);
  /// Every part is in range or unknown, and the day exists.
  bool isPossible() const;

  friend bool operator==(const DateTime&, const DateTime&) = default;
};

Decoding<DateTime> decodeDateTime(ByteView octets);
Encoding encode(const DateTime& time);

}  // namespace vardnav::ble::gatt
