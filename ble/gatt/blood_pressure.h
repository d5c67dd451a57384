// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Blood Pressure Service 1.1:
//   Blood Pressure Measurement (2A35), 3.1; indicated:
//     flags . systolic SFLOAT . diastolic SFLOAT . mean SFLOAT . [b1 date time 7]
//     . [b2 pulse SFLOAT, /min] . [b3 user u8, FF unknown] . [b4 status u16]
//   Intermediate Cuff Pressure (2A36), 3.3; notified while the cuff is filled:
//     the same, with the cuff's pressure in the place of systolic and two unused SFLOATs (NaN)
//   Blood Pressure Feature (2A49), 3.2: u16 of bits
// b0: 0 mmHg, 1 kPa. b5 (the time is what the user sees) moves no field; b6-7 reserved.
// Status: b0 movement, b1 loose cuff, b2 irregular pulse, b3-4 pulse (1 above, 2 below the range),
// b5 improper position.
#pragma once

#include <cstdint>
#include <optional>

#include "ble/gatt/date_time.h"
#include "ble/gatt/fault.h"
#include "ble/gatt/ieee11073_float.h"
#include "ble/gatt/user_id.h"

namespace vardnav::ble::gatt {

/// What both characteristics carry besides pressures.
struct CuffContext {
  /// Bits of `status`.
  enum Status : std::uint16_t {
    kBodyMovement = 1U << 0,
    kCuffTooLoose = 1U << 1,
    kIrregularPulse = 1U << 2,
    kPulseRangeMask = 3U << 3,
    kPulseAboveRange = 1U << 3,
    kPulseBelowRange = 2U << 3,
    kImproperPosition = 1U << 5,
  };
  bool isKilopascal = false;  ///< else mmHg
  std::optional<DateTime> time;
  std::optional<Number> pulsePerMinute;
  std::optional<UserId> user;
  std::optional<std::uint16_t> status;
  friend bool operator==(const CuffContext&, const CuffContext&) = default;
};

struct BloodPressureMeasurement {
  Number systolic;
  Number diastolic;
  Number mean;  ///< many devices send NaN
  CuffContext context;
  friend bool operator==(const BloodPressureMeasurement&,
                         const BloodPressureMeasurement&) = default;
};

struct IntermediateCuffPressure {
  Number pressure;
  CuffContext context;
  friend bool operator==(const IntermediateCuffPressure&,
                         const IntermediateCuffPressure&) = default;
};

struct BloodPressureFeature {
  enum Bit : std::uint16_t {
    kBodyMovement = 1U << 0,
    kCuffFit = 1U << 1,
    kIrregularPulse = 1U << 2,
    kPulseRange = 1U << 3,
    kPosition = 1U << 4,
    kMultipleBond = 1U << 5,
    kE2eCrc = 1U << 6,
    kUserData = 1U << 7,
    kUserFacingTime = 1U << 8,
  };
  std::uint16_t bits = 0;  ///< as sent; 9 to 15 are reserved

  bool has(Bit bit) const { return (bits & bit) != 0; }
  friend bool operator==(const BloodPressureFeature&, const BloodPressureFeature&) = default;
};

Decoding<BloodPressureMeasurement> decodeBloodPressureMeasurement(ByteView octets);
Decoding<IntermediateCuffPressure> decodeIntermediateCuffPressure(ByteView octets);
Decoding<BloodPressureFeature> decodeBloodPressureFeature(ByteView octets);
Encoding encode(const BloodPressureMeasurement& measurement);
Encoding encode(const IntermediateCuffPressure& pressure);
Encoding encode(const BloodPressureFeature& feature);

}  // namespace vardnav::ble::gatt
