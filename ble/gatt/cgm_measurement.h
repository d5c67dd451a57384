// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Continuous Glucose Monitoring Service 1.0.2:
//   CGM Measurement (2AA7), 3.1; notified, one or more records back to back:
//     size u8 (of the record, itself and a CRC included; at least 6) . flags . glucose SFLOAT,
//     mg/dL . time offset u16, min . [b7 status octet] . [b6 calibration and temperature octet] .
//     [b5 warning octet] . [b0 trend SFLOAT, mg/dL/min] . [b1 quality SFLOAT, %] . [CRC]
//   CGM Session Start Time (2AAA), 3.5: date time 7 . time zone s8 . DST offset u8 . [CRC]
//   CGM Session Run Time (2AAB), 3.6: hours u16 . [CRC]
// A record was taken at the session's start and its offset. Whether a device sends CRCs is in its
// features; here the size says it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "ble/gatt/date_time.h"
#include "ble/gatt/fault.h"
#include "ble/gatt/ieee11073_float.h"
#include "ble/gatt/local_time_information.h"

namespace vardnav::ble::gatt {

struct CgmRecord {
  Number glucose;                  ///< mg/dL
  std::chrono::minutes offset{0};  ///< since the session's start, 0 to 65535
  std::optional<std::uint8_t> status;
  std::optional<std::uint8_t> calibrationTemperature;
  std::optional<std::uint8_t> warning;
  std::optional<Number> trend;  ///< mg/dL/min
  std::optional<Number> qualityPercent;
  bool hasCrc = false;  ///< and it was right

  friend bool operator==(const CgmRecord&, const CgmRecord&) = default;
};

struct CgmMeasurement {
  std::vector<CgmRecord> records;  ///< in the order sent
  friend bool operator==(const CgmMeasurement&, const CgmMeasurement&) = default;
};

struct CgmSessionStart {
  DateTime time;
  LocalTimeInformation offsets;
  bool hasCrc = false;
  friend bool operator==(const CgmSessionStart&, const CgmSessionStart&) = default;
};

struct CgmSessionRunTime {
  std::chrono::hours expected{0};  ///< 0 to 65535
  bool hasCrc = false;
  friend bool operator==(const CgmSessionRunTime&, const CgmSessionRunTime&) = default;
};

/// kBadSize if a record's size is not that of its fields with or without a CRC.
Decoding<CgmMeasurement> decodeCgmMeasurement(ByteView octets);
/// kBadLength between and beyond the two sizes: nothing could be told apart from a CRC.
Decoding<CgmSessionStart> decodeCgmSessionStart(ByteView octets);
Decoding<CgmSessionRunTime> decodeCgmSessionRunTime(ByteView octets);
Encoding encode(const CgmMeasurement& measurement);
Encoding encode(const CgmSessionStart& start);
Encoding encode(const CgmSessionRunTime& time);

}  // namespace vardnav::ble::gatt
