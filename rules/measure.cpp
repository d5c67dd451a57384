// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/measure.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <vector>

namespace vardnav::rules {
namespace {

/// More would take too long for one reading (their pairs are sorted), or not fit.
constexpr std::size_t kMostForSlope = 256;
constexpr std::size_t kMostForEwma = 64;

/// One unit and one exponent for all samples that are measured together.
class Scale {
 public:
  explicit Scale(const Sample& newest) : unit_(newest.unit) { take(newest); }

  void take(const Sample& sample) {
    if (!sample.isNumber()) return;
    if (sample.unit != unit_) isMixed_ = true;
    least_ = std::min(least_, int{sample.exponent});
    leastInBase_ = std::min(leastInBase_, sample.exponent + baseOf(sample.unit).factor.exponent());
  }
  void take(std::span<const Sample> samples) {
    for (const Sample& sample : samples) take(sample);
  }

  /// For limits in another unit than the readings.
  void useBase() { isMixed_ = true; }

  Unit unit() const { return isMixed_ ? baseOf(unit_).unit : unit_; }
  int exponent() const { return isMixed_ ? leastInBase_ : least_; }

  std::optional<Wide> of(const Sample& sample) const {
    if (!isMixed_) return shifted(sample.mantissa, sample.exponent - least_);
    const BaseUnit base = baseOf(sample.unit);
    const auto product = times(sample.mantissa, base.factor.mantissa());
    if (!product) return std::nullopt;
    return shifted(*product, sample.exponent + base.factor.exponent() - leastInBase_);
  }

 private:
  Unit unit_;
  bool isMixed_ = false;
  int least_ = std::numeric_limits<int>::max();
  int leastInBase_ = std::numeric_limits<int>::max();
};

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

struct Sums {
  Wide count = 0;
  Wide sum = 0;
  Wide squares = 0;
};

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

std::optional<Ratio> medianOf(std::vector<Wide> values, int exponent) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return Ratio{*middle, 1, exponent};
  const auto sum = plus(*middle, *std::max_element(values.begin(), middle));
  if (!sum) return std::nullopt;
  return Ratio{*sum, 2, exponent};
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
  measured.unit = scale.unit();
  return measured;
}

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
  measured.used = window;
  return measured;
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

}  // namespace vardnav::rules
