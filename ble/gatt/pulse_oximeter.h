// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Pulse Oximeter Service 1.0:
//   PLX Spot-check Measurement (2A5E), 3.2; indicated:
//     flags . SpO2 SFLOAT, % . pulse SFLOAT, /min . [b0 date time 7] . [b1 measurement status u16]
//     . [b2 device and sensor status u24] . [b3 pulse amplitude index SFLOAT, %]
//     b4: the device's clock is not set
//   PLX Continuous Measurement (2A5F), 3.3; notified:
//     flags . SpO2, pulse . [b0 the same two, fast] . [b1 the same two, slow]
//     . [b2 measurement status u16] . [b3 device and sensor status u24] . [b4 index SFLOAT]
//   PLX Features (2A60), 3.1:
//     features u16 . [b0 supported measurement status u16] . [b1 supported device status u24]
#pragma once

#include <cstdint>
#include <optional>

#include "ble/gatt/date_time.h"
#include "ble/gatt/fault.h"
#include "ble/gatt/ieee11073_float.h"

namespace vardnav::ble::gatt {

struct OxygenPulse {
  Number spo2Percent;
  Number pulsePerMinute;
  friend bool operator==(const OxygenPulse&, const OxygenPulse&) = default;
};

struct OximeterStatus {
  enum Measurement : std::uint16_t {
    kOngoing = 1U << 5,
    kEarlyEstimated = 1U << 6,
    kValidated = 1U << 7,
    kFullyQualified = 1U << 8,
    kFromStorage = 1U << 9,
    kForDemonstration = 1U << 10,
    kForTesting = 1U << 11,
    kCalibrationOngoing = 1U << 12,
    kUnavailable = 1U << 13,
    kQuestionable = 1U << 14,
    kInvalid = 1U << 15,
    /// With one of these the numbers are no measurement of a patient.
    kNotAReading = kForDemonstration | kForTesting | kCalibrationOngoing | kUnavailable | kInvalid,
  };
  std::optional<std::uint16_t> measurement;
  /// 24 bits: 0 extended display update, 1 equipment malfunction, 2 processing irregularity, 3
  /// inadequate, 4 poor signal, 5 low perfusion, 6 erratic, 7 nonpulsatile signal, 8 questionable
  /// pulse, 9 analysis ongoing, 10 sensor interference, 11 unconnected to user, 12 unknown sensor,
  /// 13 displaced, 14 malfunctioning, 15 disconnected; 16 to 23 reserved.
  std::optional<std::uint32_t> device;
  std::optional<Number> pulseAmplitudeIndexPercent;

  bool isReading() const { return !measurement || (*measurement & kNotAReading) == 0; }
  friend bool operator==(const OximeterStatus&, const OximeterStatus&) = default;
};

struct SpotCheckMeasurement {
  OxygenPulse normal;
  std::optional<DateTime> time;
  bool isClockNotSet = false;
  OximeterStatus status;
  friend bool operator==(const SpotCheckMeasurement&, const SpotCheckMeasurement&) = default;
};

struct ContinuousOximeterMeasurement {
  OxygenPulse normal;
  std::optional<OxygenPulse> fast;
  std::optional<OxygenPulse> slow;
  OximeterStatus status;
  friend bool operator==(const ContinuousOximeterMeasurement&,
                         const ContinuousOximeterMeasurement&) = default;
};

struct OximeterFeatures {
  enum Bit : std::uint16_t {
    kMeasurementStatus = 1U << 0,
    kDeviceStatus = 1U << 1,
    kSpotCheckStorage = 1U << 2,
    kTimestamp = 1U << 3,
    kFast = 1U << 4,
    kSlow = 1U << 5,
    kPulseAmplitudeIndex = 1U << 6,
    kMultipleBonds = 1U << 7,
  };
  std::uint16_t bits = 0;                          ///< as sent; 8 to 15 are reserved
  std::optional<std::uint16_t> measurementStatus;  ///< the bits of OximeterStatus it can set
  std::optional<std::uint32_t> deviceStatus;       ///< 24 bits

  bool has(Bit bit) const { return (bits & bit) != 0; }
  friend bool operator==(const OximeterFeatures&, const OximeterFeatures&) = default;
};

Decoding<SpotCheckMeasurement> decodeSpotCheckMeasurement(ByteView octets);
Decoding<ContinuousOximeterMeasurement> decodeContinuousOximeterMeasurement(ByteView octets);
Decoding<OximeterFeatures> decodeOximeterFeatures(ByteView octets);
Encoding encode(const SpotCheckMeasurement& measurement);
Encoding encode(const ContinuousOximeterMeasurement& measurement);
/// kNotEncodable if bits 0 and 1 do not say what is there.
Encoding encode(const OximeterFeatures& features);

}  // namespace vardnav::ble::gatt
