// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Elapsed Time, as the stamp inside health observations (9 octets) and as the clock of the Elapsed
// Time Service (2BF2, 11 octets). GATT Specification Supplement, Elapsed Time:
//   flags . time u48 . sync source u8 . zone and daylight saving offset s8 [15 min]
//   (2BF2 only:) . clock status u8 . clock capabilities u8
// Flags: b0 tick counter, b1 UTC, b2-3 resolution (1 s, 100 ms, 1 ms, 0.1 ms), b4 offset used,
// b5 current timeline. Time counts from 2000-01-01 00:00:00, or from any start if a tick counter.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "ble/gatt/fault.h"
#include "pipelines/model/raw_record.h"
#include "pipelines/model/time.h"

namespace vardnav::ble::gatt {

struct ElapsedTime {
  enum class Resolution : std::uint8_t { kSecond, kTenth, kMillisecond, kTenthOfMillisecond };

  bool isTick = false;
  bool isUtc = false;
  Resolution resolution = Resolution::kSecond;
  bool usesOffset = false;         ///< the offset to local time is known and given
  bool isCurrentTimeline = false;  ///< false: the clock was set anew, or lost, since this stamp
  std::uint64_t raw = 0;           ///< 48 bits, in units of `resolution`
  std::uint8_t syncSource = 0;  ///< 0 unknown, 1 NTP, 2 GPS, 3 radio, 4 manual, 5 atomic, 6 mobile
  std::int8_t offsetQuarters = 0;  ///< of an hour

  /// Whole seconds; nullopt for a tick counter, which is no time of day.
  std::optional<DeviceTime> deviceTime() const;
  /// One unit of `raw`, rounded up to a millisecond.
  Milliseconds resolutionTime() const;

  friend bool operator==(const ElapsedTime&, const ElapsedTime&) = default;
};

/// 2BF2.
struct ElapsedTimeClock {
  ElapsedTime time;
  std::uint8_t status = 0;        ///< b0: the clock has to be set
  std::uint8_t capabilities = 0;  ///< b0: the offset can be set

  friend bool operator==(const ElapsedTimeClock&, const ElapsedTimeClock&) = default;
};

/// `at` as UTC by the device's word, resolution 1 s, current timeline.
ElapsedTime elapsedUtc(UtcTime at, std::uint8_t syncSource);

/// 9 octets. A stamp after the year 9999 is kBadDate.
Decoding<ElapsedTime> decodeElapsedTime(ByteView octets);
Encoding encode(const ElapsedTime& time);

Decoding<ElapsedTimeClock> decodeElapsedTimeClock(ByteView octets);
Encoding encode(const ElapsedTimeClock& clock);

}  // namespace vardnav::ble::gatt
