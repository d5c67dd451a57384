// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Exact numbers for judging: fractions with 128-bit terms, compared by multiplying crosswise, and
// an integer wide enough for exponentially weighted means. Nothing is rounded; what does not fit is
// nullopt, and the condition unknown. Pure, any thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>

#include "pipelines/model/decimal.h"

namespace vardnav::rules {

__extension__ using Wide = __int128;

std::optional<Wide> plus(Wide a, Wide b);
std::optional<Wide> times(Wide a, Wide b);
/// value × 10^power; power may be 0 to 38.
std::optional<Wide> shifted(Wide value, int power);

/// numerator / denominator × 10^exponent.
struct Ratio {
  Wide numerator = 0;
  Wide denominator = 1;  ///< above 0
  int exponent = 0;

  static Ratio of(const Decimal& decimal) { return {decimal.mantissa(), 1, decimal.exponent()}; }
};

std::optional<Ratio> minus(const Ratio& a, const Ratio& b);
std::optional<Ratio> times(const Ratio& a, const Decimal& b);
std::optional<std::strong_ordering> compare(const Ratio& a, const Ratio& b);

/// For showing only: half to even, at most `places` decimals, without trailing zeros.
std::optional<Decimal> shown(const Ratio& ratio, int places);
/// For showing only: the root, cut to two decimals; `square` is not below 0.
std::optional<Decimal> shownRoot(const Ratio& square);

/// A whole number of at most 1024 bits and a sign. Operations that would not fit return false and
/// leave it unspecified.
class LongInteger {
 public:
  LongInteger() = default;
  explicit LongInteger(std::int64_t value);

  bool multiply(std::uint64_t factor);
  bool multiplyByPowerOfTen(int power);
  bool add(const LongInteger& other);
  void negate() { isNegative_ = !isNegative_; }

  friend std::strong_ordering operator<=>(const LongInteger& a, const LongInteger& b);
  friend bool operator==(const LongInteger& a, const LongInteger& b) { return (a <=> b) == 0; }

 private:
  static constexpr std::size_t kWords = 16;

  bool isZero() const;
  static std::strong_ordering compareMagnitudes(const LongInteger& a, const LongInteger& b);

  std::array<std::uint64_t, kWords> words_{};  ///< the lowest first
  bool isNegative_ = false;
};

}  // namespace vardnav::rules
