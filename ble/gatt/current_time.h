// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Current Time (2A2B), GATT Specification Supplement:
//   date time 7 . weekday (1 Monday - 7, 0 unknown) . 1/256 s . adjust reason
// Adjust reason bits: 0 manual, 1 external reference, 2 time zone, 3 daylight saving.
#pragma once

#include <cstdint>

#include "ble/gatt/date_time.h"
#include "ble/gatt/fault.h"

namespace vardnav::ble::gatt {

struct CurrentTime {
  DateTime time;
  std::uint8_t weekday = 0;       ///< 1 Monday to 7; 0 unknown; 8 and above are reserved
  std::uint8_t fractions256 = 0;  ///< of a second
  std::uint8_t adjustReason = 0;

  friend bool operator==(const CurrentTime&, const CurrentTime&) = default;
};

Decoding<CurrentTime> decodeCurrentTime(ByteView octets);
Encoding encode(const CurrentTime& time);

}  // namespace vardnav::ble::gatt
