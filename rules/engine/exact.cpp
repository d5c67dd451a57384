// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/exact.h"

#include <algorithm>
#include <limits>

namespace vardnav::rules {
namespace {

__extension__ using WideUnsigned = unsigned __int128;

constexpr int kMaxPower = 38;

constexpr auto kPowersOfTen = [] {
  std::array<Wide, kMaxPower + 1> powers{};
  Wide power = 1;
  for (Wide& entry : powers) {
    entry = power;
    if (power <= (std::numeric_limits<Wide>::max() / 10)) power *= 10;
  }
  return powers;
}();

int signOf(Wide value) { return (value > 0) - (value < 0); }

Wide gcd(Wide a, Wide b) {
  if (a < 0) a = -a;
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

std::optional<std::strong_ordering> compareSides(std::optional<Wide> left,
                                                 std::optional<Wide> right, int sign) {
  // Both have this sign, so one that does not fit is farther from 0 than one that does.
  if (left && right) return *left <=> *right;
  if (!left && !right) return std::nullopt;
  return left ? 0 <=> sign : sign <=> 0;
}

std::optional<Wide> shiftedTimes(Wide a, Wide b, int power) {
  const auto product = times(a, b);
  return product ? shifted(*product, power) : std::nullopt;
}

std::optional<std::int64_t> narrow(Wide value) {
  if (value > std::numeric_limits<std::int64_t>::max() ||
      value < std::numeric_limits<std::int64_t>::min()) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(value);
}

}  // namespace

std::optional<Wide> plus(Wide a, Wide b) {
  Wide sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

std::optional<Wide> times(Wide a, Wide b) {
  Wide product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

std::optional<Wide> shifted(Wide value, int power) {
  if (value == 0) return Wide{0};
  if (power > kMaxPower) return std::nullopt;
  return times(value, kPowersOfTen[static_cast<std::size_t>(power)]);
}

std::optional<Ratio> minus(const Ratio& a, const Ratio& b) {
  const int exponent = std::min(a.exponent, b.exponent);
  auto left = shifted(a.numerator, a.exponent - exponent);
  auto right = shifted(b.numerator, b.exponent - exponent);
  if (!left || !right) return std::nullopt;
  Wide denominator = a.denominator;
  if (a.denominator != b.denominator) {
    left = times(*left, b.denominator);
    right = times(*right, a.denominator);
    const auto product = times(a.denominator, b.denominator);
    if (!left || !right || !product) return std::nullopt;
    denominator = *product;
  }
  const auto difference = plus(*left, -*right);
  if (!difference) return std::nullopt;
  return Ratio{*difference, denominator, exponent};
}

std::optional<Ratio> times(const Ratio& a, const Decimal& b) {
  const auto numerator = times(a.numerator, b.mantissa());
  if (!numerator) return std::nullopt;
  return Ratio{*numerator, a.denominator, a.exponent + b.exponent()};
}

std::optional<std::strong_ordering> compare(const Ratio& a, const Ratio& b) {
  const int signA = signOf(a.numerator);
  const int signB = signOf(b.numerator);
  if (signA != signB || signA == 0) return signA <=> signB;
  const int gap = a.exponent - b.exponent;
  return compareSides(shiftedTimes(a.numerator, b.denominator, std::max(gap, 0)),
                      shiftedTimes(b.numerator, a.denominator, std::max(-gap, 0)), signA);
}

std::optional<Decimal> shown(const Ratio& ratio, int places) {
  Ratio reduced = ratio;
  const Wide divisor = gcd(ratio.numerator, ratio.denominator);
  if (divisor > 1) {
    reduced.numerator /= divisor;
    reduced.denominator /= divisor;
  }
  std::optional<Wide> numerator = reduced.numerator;
  std::optional<Wide> denominator = reduced.denominator;
  const int power = reduced.exponent + places;
  if (power >= 0) numerator = shifted(reduced.numerator, power);
  if (power < 0) denominator = shifted(reduced.denominator, -power);
  if (!numerator || !denominator) return std::nullopt;
  const bool isNegative = *numerator < 0;
  const Wide magnitude = isNegative ? -*numerator : *numerator;
  Wide quotient = magnitude / *denominator;
  const Wide rest = magnitude % *denominator;
  const Wide toNext = *denominator - rest;
  if (rest > toNext || (rest == toNext && quotient % 2 != 0)) ++quotient;
  int exponent = -places;
  while (exponent < 0 && quotient % 10 == 0) {
    quotient /= 10;
    ++exponent;
  }
  const auto mantissa = narrow(isNegative ? -quotient : quotient);
  if (!mantissa) return std::nullopt;
  return Decimal(*mantissa, exponent);
}

std::optional<Decimal> shownRoot(const Ratio& square) {
  const auto hundredfold = shown(square, 4);
  if (!hundredfold || hundredfold->mantissa() < 0) return std::nullopt;
  const auto scaled = shifted(hundredfold->mantissa(), hundredfold->exponent() + 4);
  if (!scaled) return std::nullopt;
  Wide low = 0;
  Wide high = Wide{1} << 62;
  while (low < high) {
    const Wide middle = low + (high - low + 1) / 2;
    if (middle * middle <= *scaled) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return Decimal(static_cast<std::int64_t>(low), -2);
}

LongInteger::LongInteger(std::int64_t value) : isNegative_(value < 0) {
  const auto bits = static_cast<std::uint64_t>(value);
  words_[0] = isNegative_ ? ~bits + 1 : bits;
}

bool LongInteger::multiply(std::uint64_t factor) {
  WideUnsigned carry = 0;
  for (std::uint64_t& word : words_) {
    carry += static_cast<WideUnsigned>(word) * factor;
    word = static_cast<std::uint64_t>(carry);
    carry >>= 64U;
  }
  return carry == 0;
}

bool LongInteger::multiplyByPowerOfTen(int power) {
  if (power > 300) return false;
  for (int i = 0; i < power; ++i) {
    if (!multiply(10)) return false;
  }
  return true;
}

bool LongInteger::add(const LongInteger& other) {
  if (isNegative_ == other.isNegative_) {
    WideUnsigned carry = 0;
    for (std::size_t i = 0; i < kWords; ++i) {
      carry += static_cast<WideUnsigned>(words_[i]) + other.words_[i];
      words_[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64U;
    }
    return carry == 0;
  }
  const bool isLarger = compareMagnitudes(*this, other) >= 0;
  const auto& large = isLarger ? words_ : other.words_;
  const auto& small = isLarger ? other.words_ : words_;
  std::array<std::uint64_t, kWords> difference{};
  bool borrow = false;
  for (std::size_t i = 0; i < kWords; ++i) {
    const auto taken = static_cast<WideUnsigned>(small[i]) + (borrow ? 1U : 0U);
    borrow = large[i] < taken;
    difference[i] = static_cast<std::uint64_t>(large[i] - taken);
  }
  if (!isLarger) isNegative_ = other.isNegative_;
  words_ = difference;
  return true;
}

bool LongInteger::isZero() const {
  return std::ranges::all_of(words_, [](std::uint64_t word) { return word == 0; });
}

std::strong_ordering LongInteger::compareMagnitudes(const LongInteger& a, const LongInteger& b) {
  for (std::size_t i = kWords; i-- > 0;) {
    if (a.words_[i] != b.words_[i]) return a.words_[i] <=> b.words_[i];
  }
  return std::strong_ordering::equal;
}

std::strong_ordering operator<=>(const LongInteger& a, const LongInteger& b) {
  const int signA = a.isZero() ? 0 : (a.isNegative_ ? -1 : 1);
  const int signB = b.isZero() ? 0 : (b.isNegative_ ? -1 : 1);
  if (signA != signB || signA == 0) return signA <=> signB;
  return signA > 0 ? LongInteger::compareMagnitudes(a, b) : LongInteger::compareMagnitudes(b, a);
}

}  // namespace vardnav::rules
