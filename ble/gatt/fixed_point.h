// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Unsigned fields that count multiples of a resolution. Internal to this folder.
#pragma once

#include <cstdint>
#include <optional>

#include "pipelines/model/decimal.h"

namespace vardnav::ble::gatt {

/// A field counts multiples of `step` x 10^`exponent`.
struct Step {
  std::int64_t step;
  int exponent;
};
// Weight Scale Service and Body Composition Service.
inline constexpr Step kKilogram{5, -3};
inline constexpr Step kPound{1, -2};
inline constexpr Step kBmi{1, -1};
inline constexpr Step kMetre{1, -3};
inline constexpr Step kInch{1, -1};
inline constexpr Step kPercent{1, -1};
inline constexpr Step kKilojoule{1, 0};
inline constexpr Step kOhm{1, -1};

inline Decimal decimalOf(std::uint16_t wire, const Step& step) {
  return Decimal(wire * step.step, step.exponent);
}

/// nullopt unless `value` is a multiple of the step between 0 and `largest`.
inline std::optional<std::uint16_t> wireOf(const Decimal& value, const Step& step,
                                           std::uint16_t largest = 0xFFFF) {
  const auto rounded = value.rounded(-step.exponent);
  if (!rounded || *rounded != value) return std::nullopt;
  if (rounded->mantissa() % step.step != 0) return std::nullopt;
  const std::int64_t count = rounded->mantissa() / step.step;
  if (count < 0 || count > largest) return std::nullopt;
  return static_cast<std::uint16_t>(count);
}

}  // namespace vardnav::ble::gatt
