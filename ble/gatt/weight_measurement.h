// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Weight Measurement (2A9D), Weight Scale Service 1.0.1, 3.2; indicated:
//   flags . weight u16 (0.005 kg or 0.01 lb; FFFF unsuccessful) . [b1 date time 7]
//   . [b2 user u8, FF unknown] . [b3 BMI u16 (0.1 kg/m2), height u16 (0.001 m or 0.1 in)]
// b0: 0 SI, 1 imperial. b4-7 reserved.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>

#include "ble/gatt/date_time.h"
#include "ble/gatt/fault.h"
#include "ble/gatt/user_id.h"
#include "pipelines/model/decimal.h"
#include "pipelines/model/unit.h"

namespace vardnav::ble::gatt {

struct WeightMeasurement {
  struct Body {
    Decimal bmi;     ///< kg/m2
    Decimal height;  ///< m, or in if isImperial
    friend bool operator==(const Body&, const Body&) = default;
  };

  bool isImperial = false;
  std::expected<Decimal, Unsuccessful> weight;  ///< kg, or lb if isImperial
  std::optional<DateTime> time;
  std::optional<UserId> user;
  std::optional<Body> body;

  /// nullopt if unsuccessful.
  std::optional<Quantity> quantity() const;

  friend bool operator==(const WeightMeasurement&, const WeightMeasurement&) = default;
};

Decoding<WeightMeasurement> decodeWeightMeasurement(ByteView octets);
/// kNotEncodable if the weight is no multiple of the resolution.
Encoding encode(const WeightMeasurement& measurement);

}  // namespace vardnav::ble::gatt
