// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/scale.h"

#include <algorithm>
#include <utility>

namespace vardnav::rules {
namespace {

std::optional<Ratio> medianOf(std::vector<Wide> values, int exponent) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return Ratio{*middle, 1, exponent};
  const auto sum = plus(*middle, *std::max_element(values.begin(), middle));
  if (!sum) return std::nullopt;
  return Ratio{*sum, 2, exponent};
}

}  // namespace

BaseUnit baseOf(Unit unit) {
  switch (unit) {
    case Unit::kMillimolePerLitre:
      return {Unit::kMilligramPerDecilitre, {180156, -4}};
    case Unit::kPound:
      return {Unit::kKilogram, {45359237, -8}};
    case Unit::kMillilitre:
      return {Unit::kLitre, {1, -3}};
    case Unit::kLitrePerSecond:
      return {Unit::kLitrePerMinute, {60, 0}};
    default:
      return {unit, {1, 0}};
  }
}

std::optional<Wide> Scale::of(const Sample& sample) const {
  if (!isMixed_) return shifted(sample.mantissa, sample.exponent - least_);
  const BaseUnit base = baseOf(sample.unit);
  const auto product = times(sample.mantissa, base.factor.mantissa());
  if (!product) return std::nullopt;
  return shifted(*product, sample.exponent + base.factor.exponent() - leastInBase_);
}

std::optional<std::vector<Wide>> valuesOf(std::span<const Sample> samples, const Scale& scale) {
  std::vector<Wide> values;
  values.reserve(samples.size());
  for (const Sample& sample : samples) {
    if (!sample.isNumber()) continue;
    const auto value = scale.of(sample);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

std::optional<Sums> sumsOf(std::span<const Sample> samples, const Scale& scale, bool hasSquares) {
  Sums sums;
  for (const Sample& sample : samples) {
    if (!sample.isNumber()) continue;
    const auto value = scale.of(sample);
    const auto sum = value ? plus(sums.sum, *value) : std::nullopt;
    if (!sum) return std::nullopt;
    ++sums.count;
    sums.sum = *sum;
    if (!hasSquares) continue;
    const auto square = times(*value, *value);
    const auto squares = square ? plus(sums.squares, *square) : std::nullopt;
    if (!squares) return std::nullopt;
    sums.squares = *squares;
  }
  return sums;
}

std::size_t numbersIn(std::span<const Sample> samples) {
  return static_cast<std::size_t>(std::ranges::count_if(samples, &Sample::isNumber));
}

std::optional<Ratio> statisticOf(Statistic statistic, std::span<const Sample> samples,
                                 const Scale& scale) {
  if (statistic == Statistic::kMean) {
    const auto sums = sumsOf(samples, scale, false);
    if (!sums || sums->count == 0) return std::nullopt;
    return Ratio{sums->sum, sums->count, scale.exponent()};
  }
  auto values = valuesOf(samples, scale);
  if (!values || values->empty()) return std::nullopt;
  if (statistic == Statistic::kMedian) return medianOf(std::move(*values), scale.exponent());
  const auto [lowest, highest] = std::ranges::minmax_element(*values);
  return Ratio{statistic == Statistic::kLowest ? *lowest : *highest, 1, scale.exponent()};
}

}  // namespace vardnav::rules
