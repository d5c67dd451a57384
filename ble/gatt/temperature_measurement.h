// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Health Thermometer Service 1.0:
//   Temperature Measurement (2A1C), 3.1; indicated, and Intermediate Temperature (2A1E), notified:
//     flags . temperature FLOAT . [b1 date time 7] . [b2 type u8]
//   Temperature Type (2A1D), 3.2; read, where it never changes: type u8
// b0: 0 Celsius, 1 Fahrenheit. b3-7 reserved.
#pragma once

#include <cstdint>
#include <optional>

#include "ble/gatt/date_time.h"
#include "ble/gatt/fault.h"
#include "ble/gatt/ieee11073_float.h"

namespace vardnav::ble::gatt {

/// Where the temperature was taken. 0 and 10 to 255 are reserved and kept as sent.
enum class TemperatureType : std::uint8_t {
  kArmpit = 1,
  kBody,
  kEar,
  kFinger,
  kGastrointestinalTract,
  kMouth,
  kRectum,
  kToe,
  kTympanum,
};

struct TemperatureMeasurement {
  Number temperature;
  bool isFahrenheit = false;  ///< else Celsius
  std::optional<DateTime> time;
  std::optional<TemperatureType> type;
  friend bool operator==(const TemperatureMeasurement&, const TemperatureMeasurement&) = default;
};

Decoding<TemperatureMeasurement> decodeTemperatureMeasurement(ByteView octets);
Decoding<TemperatureType> decodeTemperatureType(ByteView octets);
Encoding encode(const TemperatureMeasurement& measurement);
Encoding encode(TemperatureType type);

}  // namespace vardnav::ble::gatt
