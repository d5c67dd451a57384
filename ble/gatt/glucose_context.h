// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Glucose Measurement Context (2A34), Glucose Service 1.0.1, 3.2:
//   flags . sequence u16 . [b7 extended flags u8] . [b0 carbohydrate id u8, SFLOAT kg] . [b1 meal
//   u8] . [b2 tester (low nibble), health (high)] . [b3 exercise u16 s, intensity u8 %] . [b4
//   medication id u8, SFLOAT; b5 unit 0 kg, 1 L] . [b6 HbA1c SFLOAT %]
// The number is that of the measurement it belongs to. Exercise FFFF: overrun.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>

#include "ble/gatt/fault.h"
#include "ble/gatt/ieee11073_float.h"

namespace vardnav::ble::gatt {

struct Overrun {
  friend bool operator==(const Overrun&, const Overrun&) = default;
};

struct GlucoseContext {
  /// Values without a name are reserved and kept as sent.
  enum class Meal : std::uint8_t {
    kPreprandial = 1,
    kPostprandial,
    kFasting,
    kCasual,
    kBedtime,
  };
  struct Carbohydrate {
    std::uint8_t id = 0;
    Number kilograms;
    friend bool operator==(const Carbohydrate&, const Carbohydrate&) = default;
  };
  struct Person {
    std::uint8_t tester = 0;  ///< 1 self, 2 professional, 3 laboratory, 15 not available
    std::uint8_t health = 0;  ///< 1 minor, 2 major issue, 3 menses, 4 stress, 5 none, 15 n/a
    friend bool operator==(const Person&, const Person&) = default;
  };
  struct Exercise {
    std::expected<std::chrono::seconds, Overrun> duration;
    std::uint8_t intensityPercent = 0;
    friend bool operator==(const Exercise&, const Exercise&) = default;
  };
  struct Medication {
    std::uint8_t id = 0;
    Number amount;
    bool isLitres = false;  ///< else kilograms
    friend bool operator==(const Medication&, const Medication&) = default;
  };

  std::uint16_t sequence = 0;
  std::optional<std::uint8_t> extendedFlags;
  std::optional<Carbohydrate> carbohydrate;
  std::optional<Meal> meal;
  std::optional<Person> person;
  std::optional<Exercise> exercise;
  std::optional<Medication> medication;
  std::optional<Number> hba1cPercent;

  friend bool operator==(const GlucoseContext&, const GlucoseContext&) = default;
};

Decoding<GlucoseContext> decodeGlucoseContext(ByteView octets);
Encoding encode(const GlucoseContext& context);

}  // namespace vardnav::ble::gatt
