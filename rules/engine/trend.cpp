// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/trend.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <vector>

#include "rules/engine/scale.h"

namespace vardnav::rules {
namespace {

/// More would take too long for one reading (their pairs are sorted), or not fit.
constexpr std::size_t kMostForSlope = 256;
constexpr std::size_t kMostForEwma = 64;

/// The median of rising slopes: a mean of two in the middle where their number is even.
std::optional<Ratio> medianOf(std::vector<Ratio>& slopes) {
  bool fits = true;
  const auto isBelow = [&](const Ratio& a, const Ratio& b) {
    const auto order = compare(a, b);
    if (!order) fits = false;
    return order && *order < 0;
  };
  const auto middle = slopes.begin() + static_cast<std::ptrdiff_t>(slopes.size() / 2);
  std::nth_element(slopes.begin(), middle, slopes.end(), isBelow);
  if (slopes.size() % 2 == 1) return fits ? std::optional(*middle) : std::nullopt;
  const Ratio lower = *std::max_element(slopes.begin(), middle, isBelow);
  const auto sum = minus(*middle, {-lower.numerator, lower.denominator, lower.exponent});
  const auto denominator = sum ? times(sum->denominator, Wide{2}) : std::nullopt;
  if (!fits || !denominator) return std::nullopt;
  return Ratio{sum->numerator, *denominator, sum->exponent};
}

/// a·m ; nullopt where it does not fit.
std::optional<LongInteger> product(const LongInteger& a, Wide factor) {
  const Wide magnitude = factor < 0 ? -factor : factor;
  if (magnitude > std::numeric_limits<std::uint64_t>::max()) return std::nullopt;
  LongInteger result = a;
  if (!result.multiply(static_cast<std::uint64_t>(magnitude))) return std::nullopt;
  if (factor < 0) result.negate();
  return result;
}

struct Ewma {
  LongInteger numerator;
  LongInteger denominator;
};

/// With weight w/b: N(0) = x(0), N(j) = w·x(j)·b^(j−1) + (b−w)·N(j−1), mean = N(m)/b^m.
std::optional<Ewma> ewmaOf(std::span<const Wide> values, const Decimal& weight) {
  const auto whole = shifted(Wide{1}, -weight.exponent());
  if (weight.exponent() > 0 || !whole || weight.mantissa() <= 0 || weight.mantissa() > *whole) {
    return std::nullopt;
  }
  Ewma ewma{LongInteger(0), LongInteger(1)};
  auto first = product(LongInteger(1), values.front());
  if (!first) return std::nullopt;
  ewma.numerator = *first;
  for (const Wide value : values.subspan(1)) {
    auto kept = product(ewma.numerator, *whole - weight.mantissa());
    auto entered = product(ewma.denominator, value);
    if (entered) entered = product(*entered, weight.mantissa());
    const auto grown = product(ewma.denominator, *whole);
    if (!kept || !entered || !grown || !kept->add(*entered)) return std::nullopt;
    ewma = {*kept, *grown};
  }
  return ewma;
}

}  // namespace

std::optional<Measured> measureSlope(const MeasureCode& code, std::span<const Sample> samples) {
  const auto window = samples.subspan(beginOf(code.window, samples));
  const std::size_t count = numbersIn(window);
  if (count < code.minimumCount || count < 2 || count > kMostForSlope) return std::nullopt;
  Scale scale(samples.back());
  scale.take(window);
  std::vector<Ratio> slopes;
  slopes.reserve(count * (count - 1) / 2);
  for (std::size_t i = 0; i < window.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto elapsed = (window[i].at - window[j].at).count();
      if (!window[i].isNumber() || !window[j].isNumber() || elapsed == 0) continue;
      const auto later = scale.of(window[i]);
      const auto earlier = scale.of(window[j]);
      const auto rise = later && earlier ? plus(*later, -*earlier) : std::nullopt;
      const auto numerator = rise ? times(*rise, code.per.count()) : std::nullopt;
      if (!numerator) return std::nullopt;
      slopes.push_back({*numerator, elapsed, scale.exponent()});
    }
  }
  if (slopes.empty()) return std::nullopt;
  const auto median = medianOf(slopes);
  if (!median) return std::nullopt;
  Measured measured;
  measured.value = *median;
  measured.unit = scale.unit();
  measured.used = window;
  return measured;
}

std::optional<Measured> measureMovingAverages(const MeasureCode& code,
                                              std::span<const Sample> samples) {
  std::vector<Sample> numbers;
  const auto window = samples.subspan(beginOf(code.window, samples));
  std::ranges::copy_if(window, std::back_inserter(numbers), &Sample::isNumber);
  const std::size_t shortCount = code.shortCount;
  const std::size_t longCount = code.longCount;
  if (numbers.size() < longCount || shortCount == 0 || shortCount > longCount) return std::nullopt;
  const std::span<const Sample> longRun = std::span(numbers).last(longCount);
  Scale scale(samples.back());
  scale.take(longRun);
  const auto shortMean = statisticOf(Statistic::kMean, longRun.last(shortCount), scale);
  const auto longMean = statisticOf(Statistic::kMean, longRun, scale);
  const auto difference = shortMean && longMean ? minus(*shortMean, *longMean) : std::nullopt;
  if (!difference) return std::nullopt;
  Measured measured;
  measured.value = *difference;
  measured.unit = scale.unit();
  measured.against = longMean;
  measured.againstUnit = scale.unit();
  measured.used = window;
  return measured;
}

std::optional<DriftAgainst> compareEwmaDrift(const MeasureCode& code, const Decimal& weight,
                                             std::span<const Sample> samples,
                                             const Quantity& limit) {
  const auto window = samples.subspan(beginOf(code.window, samples));
  Scale scale(samples.back());
  scale.take(window);
  if (limit.unit != samples.back().unit) scale.useBase();
  const auto values = valuesOf(window, scale);
  if (!values || values->empty() || values->size() < code.minimumCount ||
      values->size() > kMostForEwma) {
    return std::nullopt;
  }
  const auto ewma = ewmaOf(*values, weight);
  const auto sums = sumsOf(window, scale, false);
  auto bound = std::optional(Ratio::of(limit.value));
  if (limit.unit != scale.unit()) bound = times(*bound, baseOf(limit.unit).factor);
  if (!ewma || !sums || !bound) return std::nullopt;
  // N/D − S/n against L·10^l, all over 10^e: n·N·10^a against (S·10^a + n·L·10^b)·D.
  const int gap = scale.exponent() - bound->exponent;
  auto left = product(ewma->numerator, sums->count);
  auto mean = product(ewma->denominator, sums->sum);
  auto shift = product(ewma->denominator, bound->numerator);
  if (shift) shift = product(*shift, sums->count);
  if (!left || !mean || !shift) return std::nullopt;
  mean->negate();
  if (!left->add(*mean)) return std::nullopt;
  if (!left->multiplyByPowerOfTen(std::max(gap, 0))) return std::nullopt;
  if (!shift->multiplyByPowerOfTen(std::max(-gap, 0))) return std::nullopt;
  return DriftAgainst{*left <=> *shift, window};
}

std::optional<Measured> shownEwmaDrift(const MeasureCode& code, const Decimal& weight,
                                       std::span<const Sample> samples) {
  constexpr int kPlaces = 6;
  std::int64_t low = -1'000'000'000'000;  // in millionths: no limit is further from zero
  std::int64_t high = -low;
  const Unit unit = samples.back().unit;
  const auto isAtLeast = [&](std::int64_t millionths) -> std::optional<bool> {
    const Quantity limit{Decimal(millionths, -kPlaces), unit};
    const auto drift = compareEwmaDrift(code, weight, samples, limit);
    return drift ? std::optional(drift->order >= 0) : std::nullopt;
  };
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    const auto isAbove = isAtLeast(middle);
    if (!isAbove) return std::nullopt;
    (*isAbove ? low : high) = middle;
  }
  Measured measured;
  measured.value = Ratio::of(Decimal(low, -kPlaces));
  measured.unit = unit;
  measured.used = samples.subspan(beginOf(code.window, samples));
  return measured;
}

}  // namespace vardnav::rules
