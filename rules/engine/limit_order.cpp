// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/limit_order.h"

#include "rules/engine/scale.h"

namespace vardnav::rules {

const Quantity* limitIn(std::span<const Quantity> limits, Unit unit) {
  for (const Quantity& limit : limits) {
    if (limit.unit == unit) return &limit;
  }
  const Unit base = baseOf(unit).unit;
  if (base == Unit::kMilligramPerDecilitre) return nullptr;
  for (const Quantity& limit : limits) {
    if (baseOf(limit.unit).unit == base) return &limit;
  }
  return nullptr;
}

std::optional<std::strong_ordering> compareToLimit(const Measured& measured,
                                                   const Quantity& limit) {
  // Most are in one unit: no fractions needed.
  if (measured.unit == limit.unit) return compare(measured.value, Ratio::of(limit.value));
  const auto left = times(measured.value, baseOf(measured.unit).factor);
  const auto right = times(Ratio::of(limit.value), baseOf(limit.unit).factor);
  if (!left || !right) return std::nullopt;
  return compare(*left, *right);
}

std::optional<std::strong_ordering> compareScore(const Measured& measured, const Decimal& limit) {
  const int sign = (limit.mantissa() > 0) - (limit.mantissa() < 0);
  if (measured.sign != sign || sign == 0) return measured.sign <=> sign;
  const Wide mantissa = limit.mantissa();
  const auto square = times(mantissa, mantissa);
  if (!square) return std::nullopt;
  const Ratio squared{*square, 1, 2 * limit.exponent()};
  return sign > 0 ? compare(measured.value, squared) : compare(squared, measured.value);
}

}  // namespace vardnav::rules
