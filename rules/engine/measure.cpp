// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/measure.h"

#include <algorithm>

#include "rules/engine/scale.h"
#include "rules/engine/trend.h"

namespace vardnav::rules {
namespace {

/// The baseline's readings: of the window, without what is left out.
std::span<const Sample> baselineOf(const MeasureCode& code, std::span<const Sample> samples) {
  const std::size_t begin = beginOf(code.window, samples);
  std::size_t end = samples.size();
  end -= std::min<std::size_t>(end, code.leaveOutNewest);
  const int firstDayOut = samples.back().localDay - code.leaveOutDays + 1;
  while (code.leaveOutDays > 0 && end > 0 && samples[end - 1].localDay >= firstDayOut) --end;
  return begin < end ? samples.subspan(begin, end - begin) : std::span<const Sample>{};
}

std::optional<Ratio> newestOf(const Scale& scale, const Sample& newest) {
  const auto value = scale.of(newest);
  if (!value) return std::nullopt;
  return Ratio{*value, 1, scale.exponent()};
}

/// value / whole; nullopt where the whole is not above 0.
std::optional<Ratio> shareOf(const Ratio& value, const Ratio& whole) {
  if (whole.numerator <= 0) return std::nullopt;
  const auto numerator = times(value.numerator, whole.denominator);
  const auto denominator = times(value.denominator, whole.numerator);
  if (!numerator || !denominator) return std::nullopt;
  return Ratio{*numerator, *denominator, value.exponent - whole.exponent + 2};
}

std::optional<Measured> measureDelta(const MeasureCode& code, std::span<const Sample> samples) {
  const Sample& newest = samples.back();
  if (!newest.isNumber()) return std::nullopt;
  const auto others = samples.subspan(0, samples.size() - 1).subspan(beginOf(code.window, samples));
  Scale scale(newest);
  scale.take(others);
  const bool isRise = code.kind == MeasureKind::kRise;
  const Sample* extreme = nullptr;
  std::optional<Wide> extremeValue;
  for (const Sample& other : others) {
    if (!other.isNumber()) continue;
    const auto value = scale.of(other);
    if (!value) return std::nullopt;
    if (extremeValue && (isRise ? *value >= *extremeValue : *value <= *extremeValue)) continue;
    extreme = &other;
    extremeValue = value;
  }
  const auto value = newestOf(scale, newest);
  if (extreme == nullptr || !value) return std::nullopt;
  Measured measured;
  const Ratio against{*extremeValue, 1, scale.exponent()};
  auto difference = isRise ? minus(*value, against) : minus(against, *value);
  if (!difference) return std::nullopt;
  if (code.isPercent) difference = shareOf(*difference, against);
  if (!difference) return std::nullopt;
  measured.value = *difference;
  measured.unit = code.isPercent ? Unit::kPercent : scale.unit();
  measured.against = against;
  measured.againstUnit = scale.unit();
  measured.againstAt = extreme->at;
  measured.other = extreme;
  return measured;
}

std::optional<Measured> measureStatistic(const MeasureCode& code, std::span<const Sample> samples) {
  const auto window = samples.subspan(beginOf(code.window, samples));
  if (numbersIn(window) < code.minimumCount) return std::nullopt;
  Scale scale(samples.back());
  scale.take(window);
  const auto value = statisticOf(code.statistic, window, scale);
  if (!value) return std::nullopt;
  Measured measured;
  measured.value = *value;
  measured.unit = scale.unit();
  measured.used = window;
  return measured;
}

struct Against {
  Ratio value;
  Quantity written;
  UtcTime at{};
};

std::optional<Against> prescribedAgainst(const MeasureCode& code, const Program& program,
                                         const Sample& newest, const Context& context,
                                         bool& isMixed) {
  const auto prescribed = context.prescribedAt(program.prescribed[code.prescribed], newest.at);
  if (!prescribed || prescribed->value.value <= Decimal(0, 0)) return std::nullopt;
  isMixed = prescribed->value.unit != newest.unit;
  Ratio value = Ratio::of(prescribed->value.value);
  if (isMixed) {
    const BaseUnit base = baseOf(prescribed->value.unit);
    if (base.unit != baseOf(newest.unit).unit) return std::nullopt;
    const auto converted = times(value, base.factor);
    if (!converted) return std::nullopt;
    value = *converted;
  }
  return Against{value, prescribed->value, prescribed->at};
}

/// kPercentOf, kDifferenceFrom.
std::optional<Measured> measureAgainstBaseline(const MeasureCode& code, const Program& program,
                                               std::span<const Sample> samples,
                                               const Context& context) {
  const Sample& newest = samples.back();
  Measured measured;
  std::optional<Ratio> value;
  if (code.isPrescribed) {
    bool isMixed = false;
    const auto against = prescribedAgainst(code, program, newest, context, isMixed);
    if (!against) return std::nullopt;
    measured.against = against->value;
    measured.prescribed = against->written;
    measured.againstAt = against->at;
    value = Ratio::of(newest.number());
    measured.unit = isMixed ? baseOf(newest.unit).unit : newest.unit;
    if (isMixed) value = times(*value, baseOf(newest.unit).factor);
  } else {
    measured.used = baselineOf(code, samples);
    if (numbersIn(measured.used) < code.minimumCount) return std::nullopt;
    Scale scale(newest);
    scale.take(measured.used);
    measured.against = statisticOf(code.statistic, measured.used, scale);
    measured.againstUnit = scale.unit();
    measured.unit = scale.unit();
    value = newestOf(scale, newest);
  }
  if (!value || !measured.against) return std::nullopt;
  const bool isShare = code.kind == MeasureKind::kPercentOf;
  const auto result =
      isShare ? shareOf(*value, *measured.against) : minus(*value, *measured.against);
  if (!result) return std::nullopt;
  measured.value = *result;
  if (isShare) measured.unit = Unit::kPercent;
  return measured;
}

/// z² = a²(n−1) / (nV) with a = n·newest − sum and V = n·squares − sum².
std::optional<Measured> measureZScore(const MeasureCode& code, std::span<const Sample> samples) {
  const Sample& newest = samples.back();
  Measured measured;
  measured.used = baselineOf(code, samples);
  Scale scale(newest);
  scale.take(measured.used);
  const auto sums = sumsOf(measured.used, scale, true);
  const auto value = newest.isNumber() ? scale.of(newest) : std::optional<Wide>{0};
  if (!sums || !value || sums->count < code.minimumCount || sums->count < 2) return std::nullopt;
  const auto scaledValue = times(*value, sums->count);
  const auto distance = scaledValue ? plus(*scaledValue, -sums->sum) : std::nullopt;
  const auto scaledSquares = times(sums->squares, sums->count);
  const auto squareOfSum = times(sums->sum, sums->sum);
  if (!distance || !scaledSquares || !squareOfSum) return std::nullopt;
  const Wide variation = *scaledSquares - *squareOfSum;
  if (variation <= 0) return std::nullopt;
  const auto square = times(*distance, *distance);
  const auto numerator = square ? times(*square, sums->count - 1) : std::nullopt;
  const auto denominator = times(variation, sums->count);
  if (!numerator || !denominator) return std::nullopt;
  measured.value = Ratio{*numerator, *denominator, 0};
  measured.sign = (*distance > 0) - (*distance < 0);
  measured.against = Ratio{sums->sum, sums->count, scale.exponent()};
  measured.againstUnit = scale.unit();
  measured.unit = scale.unit();
  return measured;
}

}  // namespace

std::size_t beginOfOccasions(std::size_t count, Milliseconds spacing,
                             std::span<const Sample> samples) {
  std::size_t begin = samples.size();
  std::size_t occasions = 0;
  UtcTime newestOfOccasion{};
  while (begin > 0) {
    const Sample& sample = samples[begin - 1];
    if (occasions == 0 || newestOfOccasion - sample.at >= spacing) {
      if (++occasions > count) break;
      newestOfOccasion = sample.at;
    }
    --begin;
  }
  return begin;
}

std::size_t beginOf(const Window& window, std::span<const Sample> samples) {
  std::size_t begin = 0;
  const Sample& newest = samples.back();
  if (window.count > 0 && samples.size() > window.count) begin = samples.size() - window.count;
  while (window.elapsed > Milliseconds{0} && samples[begin].at < newest.at - window.elapsed)
    ++begin;
  while (window.localDays > 0 && samples[begin].localDay <= newest.localDay - window.localDays) {
    ++begin;
  }
  return begin;
}

const Sample* beyondAnyNumber(const MeasureCode& code, std::span<const Sample> samples) {
  const bool isHighest = code.statistic == Statistic::kHighest;
  const bool isLowest = code.statistic == Statistic::kLowest;
  if (code.kind != MeasureKind::kWindowStatistic || (!isHighest && !isLowest)) return nullptr;
  const auto isKnown = [](const Sample& s) { return s.kind != Value::Kind::kNotANumber; };
  const auto window = samples.subspan(beginOf(code.window, samples));
  if (std::ranges::count_if(window, isKnown) < code.minimumCount) return nullptr;
  const auto kind = isHighest ? Value::Kind::kHigh : Value::Kind::kLow;
  for (std::size_t i = window.size(); i-- > 0;) {
    if (window[i].kind == kind) return &window[i];
  }
  return nullptr;
}

std::optional<Measured> measure(const MeasureCode& code, const Program& program,
                                std::span<const Sample> samples, const Context& context) {
  switch (code.kind) {
    case MeasureKind::kNewest: {
      Measured measured;
      measured.value = Ratio::of(samples.back().number());
      measured.unit = samples.back().unit;
      return measured;
    }
    case MeasureKind::kRise:
    case MeasureKind::kFall:
      return measureDelta(code, samples);
    case MeasureKind::kWindowStatistic:
      return measureStatistic(code, samples);
    case MeasureKind::kPercentOf:
    case MeasureKind::kDifferenceFrom:
      return measureAgainstBaseline(code, program, samples, context);
    case MeasureKind::kZScore:
      return measureZScore(code, samples);
    case MeasureKind::kSlope:
      return measureSlope(code, samples);
    case MeasureKind::kMovingAverageDrift:
      return measureMovingAverages(code, samples);
    case MeasureKind::kEwmaDrift:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace vardnav::rules
