// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// An exact decimal number: mantissa × 10^exponent. The exponent is kept as measured, so that a
// meter's 2.0 prints as "2.0"; comparison is numeric, so 2.0 == 2. No binary floating point.
// Any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardnav {

class Decimal {
 public:
  constexpr Decimal() = default;
  constexpr Decimal(std::int64_t mantissa, int exponent)
      : mantissa_(mantissa), exponent_(exponent) {}

  /// "[-]digits[.digits]", at most 18 digits; nullopt otherwise (no exponent form, no spaces).
  static std::optional<Decimal> parse(std::string_view text);

  constexpr std::int64_t mantissa() const { return mantissa_; }
  constexpr int exponent() const { return exponent_; }

  /// Plain notation with the precision kept: (20,-1) is "2.0", (45,1) is "450".
  std::string toString() const;

  /// nullopt on overflow of 64 bits.
  std::optional<Decimal> plus(const Decimal& other) const;
  std::optional<Decimal> minus(const Decimal& other) const;
  std::optional<Decimal> times(const Decimal& other) const;
  /// Quotient to `places` digits after the point, half to even; nullopt on division by zero or
  /// overflow. For showing and converting, never for judging a limit.
  std::optional<Decimal> dividedBy(const Decimal& divisor, int places) const;
  /// Rounded half to even so that the exponent is -places.
  std::optional<Decimal> rounded(int places) const;
  /// ×10^power, exact.
  constexpr Decimal shifted(int power) const { return {mantissa_, exponent_ + power}; }

  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
  friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }

 private:
  std::int64_t mantissa_ = 0;
  int exponent_ = 0;
};

}  // namespace vardnav
