// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Body Composition Measurement (2A9C), Body Composition Service 1.0, 3.2; indicated:
//   flags u16 . body fat u16 (0.1 %; FFFF unsuccessful) . [b1 date time 7] . [b2 user u8, FF
//   unknown] . [b3 basal metabolism u16, kJ] . [b4 muscle u16, 0.1 %] . [b5 muscle mass]
//   . [b6 fat free mass] . [b7 soft lean mass] . [b8 body water mass] . [b9 impedance u16, 0.1 ohm]
//   . [b10 weight] . [b11 height u16, 0.001 m or 0.1 in]
// Masses and weight: u16, 0.005 kg or 0.01 lb. b0: 0 SI, 1 imperial. b12: more of this measurement
// comes in the next indication. b13-15 reserved.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>

#include "ble/gatt/date_time.h"
#include "ble/gatt/fault.h"
#include "ble/gatt/user_id.h"
#include "pipelines/model/decimal.h"

namespace vardnav::ble::gatt {

struct BodyComposition {
  bool isImperial = false;
  bool isMultiplePacket = false;
  std::expected<Decimal, Unsuccessful> fatPercent;
  std::optional<DateTime> time;
  std::optional<UserId> user;
  std::optional<Decimal> basalMetabolismKilojoule;
  std::optional<Decimal> musclePercent;
  // kg, or lb if isImperial.
  std::optional<Decimal> muscleMass;
  std::optional<Decimal> fatFreeMass;
  std::optional<Decimal> softLeanMass;
  std::optional<Decimal> bodyWaterMass;
  std::optional<Decimal> impedanceOhm;
  std::optional<Decimal> weight;  ///< kg, or lb if isImperial
  std::optional<Decimal> height;  ///< m, or in if isImperial

  friend bool operator==(const BodyComposition&, const BodyComposition&) = default;
};

Decoding<BodyComposition> decodeBodyComposition(ByteView octets);
/// kNotEncodable if a value is no multiple of its resolution.
Encoding encode(const BodyComposition& composition);

}  // namespace vardnav::ble::gatt
