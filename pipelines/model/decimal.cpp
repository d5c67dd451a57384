// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/decimal.h"

#include <algorithm>
#include <limits>

namespace vardnav {
namespace {

__extension__ using Wide = __int128;

constexpr int kMaxShift = 18;  // 10^18 < 2^63, so one shift of a 64-bit mantissa fits in 128 bits

Wide powerOfTen(int power) {
  Wide result = 1;
  for (int i = 0; i < power; ++i) result *= 10;
  return result;
}

std::optional<std::int64_t> narrow(Wide value) {
  if (value > std::numeric_limits<std::int64_t>::max() ||
      value < std::numeric_limits<std::int64_t>::min()) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(value);
}

Wide divideHalfEven(Wide numerator, Wide denominator) {
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  const bool isNegative = numerator < 0;
  if (isNegative) numerator = -numerator;
  Wide quotient = numerator / denominator;
  const Wide rest = (numerator % denominator) * 2;
  if (rest > denominator || (rest == denominator && quotient % 2 != 0)) ++quotient;
  return isNegative ? -quotient : quotient;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  const bool isNegative = text.starts_with('-');
  if (isNegative) text.remove_prefix(1);
  std::int64_t mantissa = 0;
  int digits = 0;
  int places = 0;
  bool seenPoint = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.') {
      if (seenPoint || i == 0 || i + 1 == text.size()) return std::nullopt;
      seenPoint = true;
      continue;
    }
    if (c < '0' || c > '9' || ++digits > 18) return std::nullopt;
    mantissa = mantissa * 10 + (c - '0');
    if (seenPoint) ++places;
  }
  if (digits == 0) return std::nullopt;
  return Decimal(isNegative ? -mantissa : mantissa, -places);
}

std::string Decimal::toString() const {
  const bool isNegative = mantissa_ < 0;
  auto magnitude = static_cast<std::uint64_t>(mantissa_);
  if (isNegative) magnitude = ~magnitude + 1;
  std::string digits = std::to_string(magnitude);
  if (exponent_ > 0 && mantissa_ != 0) {
    digits.append(static_cast<std::size_t>(exponent_), '0');
  } else if (exponent_ < 0) {
    const auto places = static_cast<std::size_t>(-exponent_);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  return isNegative ? "-" + digits : digits;
}

std::optional<Decimal> Decimal::plus(const Decimal& other) const {
  const int exponent = std::min(exponent_, other.exponent_);
  if (exponent_ - exponent > kMaxShift || other.exponent_ - exponent > kMaxShift) {
    return std::nullopt;
  }
  const auto sum = narrow(mantissa_ * powerOfTen(exponent_ - exponent) +
                          other.mantissa_ * powerOfTen(other.exponent_ - exponent));
  if (!sum) return std::nullopt;
  return Decimal(*sum, exponent);
}

std::optional<Decimal> Decimal::minus(const Decimal& other) const {
  const auto negated = narrow(-static_cast<Wide>(other.mantissa_));
  if (!negated) return std::nullopt;
  return plus({*negated, other.exponent_});
}

std::optional<Decimal> Decimal::times(const Decimal& other) const {
  const auto product = narrow(static_cast<Wide>(mantissa_) * other.mantissa_);
  if (!product) return std::nullopt;
  return Decimal(*product, exponent_ + other.exponent_);
}

std::optional<Decimal> Decimal::dividedBy(const Decimal& divisor, int places) const {
  if (divisor.mantissa_ == 0) return std::nullopt;
  const int shift = places + exponent_ - divisor.exponent_;
  if (shift > kMaxShift || shift < -kMaxShift) return std::nullopt;
  const Wide numerator = shift >= 0 ? mantissa_ * powerOfTen(shift) : Wide{mantissa_};
  const Wide denominator =
      shift >= 0 ? Wide{divisor.mantissa_} : divisor.mantissa_ * powerOfTen(-shift);
  const auto quotient = narrow(divideHalfEven(numerator, denominator));
  if (!quotient) return std::nullopt;
  return Decimal(*quotient, -places);
}

std::optional<Decimal> Decimal::rounded(int places) const { return dividedBy({1, 0}, places); }

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  const int signA = (a.mantissa_ > 0) - (a.mantissa_ < 0);
  const int signB = (b.mantissa_ > 0) - (b.mantissa_ < 0);
  if (signA != signB || signA == 0) return signA <=> signB;
  const int gap = a.exponent_ - b.exponent_;
  // Beyond 10^19 the shifted mantissa exceeds every 64-bit one, whatever its digits.
  if (gap > kMaxShift + 1) return signA <=> 0;
  if (gap < -kMaxShift - 1) return 0 <=> signA;
  const Wide left = gap > 0 ? a.mantissa_ * powerOfTen(gap) : Wide{a.mantissa_};
  const Wide right = gap < 0 ? b.mantissa_ * powerOfTen(-gap) : Wide{b.mantissa_};
  return left <=> right;
}

}  // namespace vardnav
