// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Heart Rate Service 1.0:
//   Heart Rate Measurement (2A37), 3.1; notified:
//     flags . rate u8, or u16 with b0 . [b3 energy u16, kJ] . [b4 RR intervals, u16 each, 1/1024 s,
//     one or more, to the end]
//   Body Sensor Location (2A38), 3.2: u8
// b1-2: 0, 1 contact not supported, 2 supported and not detected, 3 detected. b5-7 reserved.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ble/gatt/fault.h"

namespace vardnav::ble::gatt {

struct HeartRateMeasurement {
  enum class Contact : std::uint8_t { kNotSupported, kNotDetected, kDetected };

  std::uint16_t perMinute = 0;
  Contact contact = Contact::kNotSupported;
  std::optional<std::uint16_t> energyKilojoule;  ///< since the last reset
  std::vector<std::uint16_t> rrIntervals;        ///< 1/1024 s, oldest first; empty: absent
  friend bool operator==(const HeartRateMeasurement&, const HeartRateMeasurement&) = default;
};

/// 7 to 255 are reserved and kept as sent.
enum class BodySensorLocation : std::uint8_t {
  kOther,
  kChest,
  kWrist,
  kFinger,
  kHand,
  kEarLobe,
  kFoot,
};

Decoding<HeartRateMeasurement> decodeHeartRateMeasurement(ByteView octets);
Decoding<BodySensorLocation> decodeBodySensorLocation(ByteView octets);
Encoding encode(const HeartRateMeasurement& measurement);
Encoding encode(BodySensorLocation location);

}  // namespace vardnav::ble::gatt
