// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Units of measurement and every conversion between them. Codes are UCUM (ucum.org, case
// sensitive) and, where the device speaks it, MDC (ISO/IEEE 11073-10101, decimal). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "pipelines/model/decimal.h"

namespace vardnav {

enum class Unit : std::uint8_t {
  kOne,                    // 1
  kMilligramPerDecilitre,  // mg/dL
  kMillimolePerLitre,      // mmol/L
  kKilogram,               // kg
  kPound,                  // [lb_av]
  kLitre,                  // L
  kMillilitre,             // mL
  kLitrePerMinute,         // L/min
  kLitrePerSecond,         // L/s
  kPercent,                // %
  kPerMinute,              // /min
  kMillimetreOfMercury,    // mm[Hg]
  kDegreeCelsius,          // Cel
};

std::string_view ucumOf(Unit unit);
std::optional<Unit> unitFromUcum(std::string_view ucum);
/// MDC unit code in the dimension partition (262144 + 16-bit code), as Generic Health Sensor
/// devices send it.
std::optional<Unit> unitFromMdc(std::uint32_t mdc);

/// Glucose: 18.0156 mg/dL per mmol/L (molar mass 180.156 g/mol), rounded half to even to one
/// decimal as meters show it. For showing beside the measured value; limits are compared in the
/// measured unit.
std::optional<Decimal> glucoseToMillimolePerLitre(const Decimal& milligramPerDecilitre);

/// International avoirdupois pound, 0.45359237 kg exactly (NIST SP 811, B.8); unrounded.
std::optional<Decimal> poundToKilogram(const Decimal& pound);

/// 1 mm[Hg] = 133.322387415 Pa (NIST SP 811, B.8); rounded half to even to two decimals.
std::optional<Decimal> kilopascalToMillimetreOfMercury(const Decimal& kilopascal);

/// (t - 32) x 5/9 (NIST SP 811, B.8); exact where two decimals hold it, else rounded half to even.
std::optional<Decimal> fahrenheitToCelsius(const Decimal& fahrenheit);

/// `value` in the unit the product shows and stores for its kind: mg/dL → mmol/L, lb → kg,
/// mL → L, L/s → L/min; every other unit is returned as it is. nullopt on overflow.
struct Quantity {
  Decimal value;
  Unit unit = Unit::kOne;

  friend bool operator==(const Quantity&, const Quantity&) = default;
};
std::optional<Quantity> normalised(const Quantity& measured);

}  // namespace vardnav
