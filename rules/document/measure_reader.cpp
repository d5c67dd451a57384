// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/measure_reader.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "rules/document/names.h"
#include "rules/document/quantities.h"

namespace vardnav::rules {
namespace {

constexpr std::uint16_t kMaxReadings = 1000;
constexpr std::uint16_t kMaxLocalDays = 400;
constexpr std::size_t kMaxLimits = 4;
constexpr int kMaxWeightPlaces = 3;

RollingBaseline readRolling(Reader& reader, bool hasStatistic) {
  RollingBaseline baseline;
  if (hasStatistic) {
    baseline.statistic = reader.named("statistic", statisticFromName, "statistic");
  } else {
    baseline.statistic = Statistic::kMean;
    // It would promise what is not done.
    if (reader.has("statistic")) reader.refuse("statistic", "a z-score is always of the mean");
  }
  baseline.window = readWindow(reader.object("window"));
  baseline.minimumCount = reader.count("minimum", 1, kMaxReadings);
  Reader left = reader.object("leave_out");
  left.knowOnly({"readings", "local_days"});
  baseline.leaveOutNewest = left.count("readings", 1, kMaxReadings);
  if (left.has("local_days")) baseline.leaveOutDays = left.count("local_days", 1, kMaxLocalDays);
  const Window& window = baseline.window;
  if (window.count != 0 && baseline.minimumCount + baseline.leaveOutNewest > window.count) {
    reader.refuse("minimum", "more than the window holds without what is left out");
  }
  if (window.localDays != 0 && baseline.leaveOutDays >= window.localDays) {
    reader.refuse("leave_out/local_days", "the whole window");
  }
  return baseline;
}

Baseline readBaseline(Reader reader) {
  if (reader.has("prescribed")) {
    reader.knowOnly({"prescribed"});
    return PrescribedBaseline{reader.id("prescribed")};
  }
  reader.knowOnly({"statistic", "window", "minimum", "leave_out"});
  return readRolling(reader, true);
}

ZScore readZScore(Reader reader) {
  reader.knowOnly({"window", "minimum", "leave_out"});
  ZScore score{readRolling(reader, false)};
  if (score.baseline.minimumCount < 2) {
    reader.refuse("minimum", "a standard deviation needs at least 2");
  }
  return score;
}

/// Another reading besides the newest must be able to lie in it.
Window readWindowOfSeveral(Reader& reader) {
  const Window window = readWindow(reader.object("window"));
  if (window.count == 1) reader.refuse("window/readings", "no other reading in it");
  return window;
}

std::uint16_t readMinimum(Reader& reader, const Window& window, std::uint16_t least) {
  const std::uint16_t minimum = reader.count("minimum", least, kMaxReadings);
  if (window.count != 0 && minimum > window.count) {
    reader.refuse("minimum", "more than the window holds");
  }
  return minimum;
}

MovingAverageDrift readDrift(Reader& reader) {
  MovingAverageDrift drift;
  drift.window = readWindow(reader.object("window"));
  drift.shortCount = reader.count("short", 1, kMaxReadings);
  drift.longCount = reader.count("long", 2, kMaxReadings);
  if (drift.shortCount >= drift.longCount) reader.refuse("short", "not fewer than long");
  if (drift.window.count != 0 && drift.longCount > drift.window.count) {
    reader.refuse("long", "more than the window holds");
  }
  return drift;
}

EwmaDrift readEwma(Reader& reader) {
  EwmaDrift drift;
  drift.window = readWindow(reader.object("window"));
  drift.minimumCount = readMinimum(reader, drift.window, 2);
  drift.weight = reader.decimal("weight");
  const bool isShare = drift.weight > Decimal(0, 0) && drift.weight <= Decimal(1, 0);
  if (reader.has("weight") && (!isShare || drift.weight.exponent() < -kMaxWeightPlaces)) {
    reader.refuse("weight", "not above 0 and up to 1 with at most 3 decimals");
  }
  return drift;
}

Slope readSlope(Reader& reader) {
  Slope slope;
  slope.window = readWindowOfSeveral(reader);
  slope.minimumCount = readMinimum(reader, slope.window, 2);
  slope.per = reader.duration("per");
  return slope;
}

bool isShare(const Measure& measure) {
  if (std::holds_alternative<PercentOf>(measure)) return true;
  if (const auto* rise = std::get_if<Rise>(&measure)) return rise->isPercent;
  if (const auto* fall = std::get_if<Fall>(&measure)) return fall->isPercent;
  return false;
}

/// What may be below zero: a score, a slope, a difference or a drift.
bool isSigned(const Measure& measure) {
  return std::holds_alternative<ZScore>(measure) || std::holds_alternative<Slope>(measure) ||
         std::holds_alternative<DifferenceFrom>(measure) ||
         std::holds_alternative<MovingAverageDrift>(measure) ||
         std::holds_alternative<EwmaDrift>(measure);
}

Unit readUnit(Reader& reader, const Measure& measure, std::optional<Code> signal) {
  const std::size_t before = reader.faultCount();
  const Unit unit = reader.named("unit", unitFromUcum, "unit");
  if (reader.faultCount() != before) return unit;
  if (isShare(measure)) {
    if (unit != Unit::kPercent) reader.refuse("unit", "a share is limited in %");
  } else if (std::holds_alternative<ZScore>(measure)) {
    if (unit != Unit::kOne) reader.refuse("unit", "a z-score is limited in 1");
  } else if (signal && !measures(unit, *signal)) {
    reader.refuse("unit",
                  std::string(ucumOf(unit)) + " does not measure " + std::string(nameOf(*signal)));
  }
  return unit;
}

Decimal readValue(Reader& reader, std::string_view name, const Measure& measure) {
  const Decimal value = reader.decimal(name);
  if (!isSigned(measure) && value < Decimal(0, 0)) reader.refuse(name, "below zero");
  return value;
}

/// In millionths; a document's decimals have six places at most and are no larger than a million.
std::int64_t millionths(const Decimal& number) {
  std::int64_t value = number.mantissa();
  for (int place = number.exponent(); place > -6; --place) value *= 10;
  return value;
}

/// The same concentration as the two units write it, give or take their rounding: 54 mg/dL and 3.0
/// mmol/L. Anything else is a slip that lets one of two meters go unheard.
bool isOnePair(const Decimal& milligrams, const Decimal& millimoles) {
  constexpr std::int64_t kTenThousandths = 180156;    // of mg/dL in 1 mmol/L
  constexpr std::int64_t kRounding = 14'000'000'000;  // 1.4 mg/dL: half of each unit's last place
  const std::int64_t left = millionths(milligrams) * 10'000;
  const std::int64_t right = millionths(millimoles) * kTenThousandths;
  const std::int64_t apart = left > right ? left - right : right - left;
  const std::int64_t share = (left < 0 ? -left : left) / 50;
  return apart <= std::max(kRounding, share);
}

/// Of glucose: refuses two limits that are not one.
void checkPair(Reader& reader, std::string_view name, const std::vector<Quantity>& limits) {
  const auto milligrams = std::ranges::find(limits, Unit::kMilligramPerDecilitre, &Quantity::unit);
  const auto millimoles = std::ranges::find(limits, Unit::kMillimolePerLitre, &Quantity::unit);
  if (milligrams == limits.end() || millimoles == limits.end()) return;
  if (isOnePair(milligrams->value, millimoles->value)) return;
  reader.refuse(name, milligrams->value.toString() + " mg/dL and " + millimoles->value.toString() +
                          " mmol/L are not one concentration: 18 mg/dL are 1 mmol/L");
}

void checkUnits(Reader& reader, std::string_view name, const Measure& measure,
                std::optional<Code> signal, const std::vector<Quantity>& limits) {
  // Otherwise a reading in the other unit would be unknown for ever.
  const bool isPair =
      signal == Code::kGlucose && !isShare(measure) && !std::holds_alternative<ZScore>(measure);
  const auto has = [&](Unit unit) {
    return std::ranges::find(limits, unit, &Quantity::unit) != limits.end();
  };
  if (isPair && (!has(Unit::kMilligramPerDecilitre) || !has(Unit::kMillimolePerLitre))) {
    reader.refuse(name, "glucose needs mg/dL and mmol/L");
  } else if (isPair) {
    checkPair(reader, name, limits);
  }
}

void refuseSecond(Reader& reader, const std::vector<Quantity>& limits, Unit unit) {
  if (std::ranges::find(limits, unit, &Quantity::unit) != limits.end()) {
    reader.refuse("unit", "a second time this unit");
  }
}

/// One end of a band by either of two names; true if it is the first, which is included.
bool readEnd(Reader& reader, std::string_view included, std::string_view excluded,
             const Measure& measure, Unit unit, std::vector<Quantity>& ends) {
  if (reader.has(included) == reader.has(excluded)) {
    reader.refuse("", "needs either " + std::string(included) + " or " + std::string(excluded));
    return true;
  }
  const bool isIncluded = reader.has(included);
  ends.push_back({readValue(reader, isIncluded ? included : excluded, measure), unit});
  return isIncluded;
}

}  // namespace

Window readWindow(Reader reader) {
  reader.knowOnly({"elapsed", "local_days", "readings"});
  Window window;
  if (reader.has("elapsed")) window.elapsed = reader.duration("elapsed");
  if (reader.has("local_days")) window.localDays = reader.count("local_days", 1, kMaxLocalDays);
  if (reader.has("readings")) window.count = reader.count("readings", 1, kMaxReadings);
  if (!reader.has("elapsed") && !reader.has("local_days") && !reader.has("readings")) {
    reader.refuse("", "no window: needs elapsed, local_days or readings");
  }
  return window;
}

MeasureRead readMeasure(Reader& reader, std::string_view name) {
  if (name == "value") return {NewestValue{}, {}};
  if (name == "rise" || name == "rise-percent") {
    return {Rise{readWindowOfSeveral(reader), name == "rise-percent"}, {"window"}};
  }
  if (name == "fall" || name == "fall-percent") {
    return {Fall{readWindowOfSeveral(reader), name == "fall-percent"}, {"window"}};
  }
  if (const auto statistic = statisticFromName(name)) {
    const Window window = readWindow(reader.object("window"));
    return {WindowStatistic{*statistic, window, readMinimum(reader, window, 1)},
            {"window", "minimum"}};
  }
  if (name == "percent-of-baseline") {
    return {PercentOf{readBaseline(reader.object("baseline"))}, {"baseline"}};
  }
  if (name == "difference-from-baseline") {
    return {DifferenceFrom{readBaseline(reader.object("baseline"))}, {"baseline"}};
  }
  if (name == "z-score") return {readZScore(reader.object("baseline")), {"baseline"}};
  if (name == "slope") return {readSlope(reader), {"window", "minimum", "per"}};
  if (name == "moving-average-drift") return {readDrift(reader), {"window", "short", "long"}};
  if (name == "ewma-drift") return {readEwma(reader), {"window", "minimum", "weight"}};
  reader.refuse("measure", "unknown measure");
  return {NewestValue{}, {}};
}

std::vector<Quantity> readLimits(Reader& reader, const Measure& measure,
                                 std::optional<Code> signal) {
  std::vector<Quantity> limits;
  reader.objects("limits", 1, kMaxLimits, [&](Reader& limit) {
    limit.knowOnly({"value", "unit"});
    const Decimal value = readValue(limit, "value", measure);
    const Unit unit = readUnit(limit, measure, signal);
    refuseSecond(limit, limits, unit);
    limits.push_back({value, unit});
  });
  if (!limits.empty()) checkUnits(reader, "limits", measure, signal, limits);
  return limits;
}

void readBands(Reader& reader, const Measure& measure, std::optional<Code> signal, Band& band) {
  const std::size_t before = reader.faultCount();
  reader.objects("bands", 1, kMaxLimits, [&](Reader& entry) {
    entry.knowOnly({"from", "above", "to", "below", "unit"});
    const Unit unit = readUnit(entry, measure, signal);
    refuseSecond(entry, band.low, unit);
    const bool isFirst = band.low.empty();
    const std::size_t asBefore = entry.faultCount();
    const bool isLowInside = readEnd(entry, "from", "above", measure, unit, band.low);
    const bool isHighInside = readEnd(entry, "to", "below", measure, unit, band.high);
    if (entry.faultCount() != asBefore) return;
    if (isFirst) {
      band.isLowInside = isLowInside;
      band.isHighInside = isHighInside;
    } else if (isLowInside != band.isLowInside || isHighInside != band.isHighInside) {
      entry.refuse("", "other ends included than in the first unit");
    }
    const Decimal& low = band.low.back().value;
    const Decimal& high = band.high.back().value;
    if (high < low || (high == low && !(isLowInside && isHighInside))) {
      entry.refuse("", "an empty band");
    }
  });
  if (!band.low.empty()) checkUnits(reader, "bands", measure, signal, band.low);
  if (!band.high.empty() && reader.faultCount() == before) {
    checkUnits(reader, "bands", measure, signal, band.high);
  }
}

std::vector<Quantity> readDistances(Reader& reader, std::string_view name) {
  std::vector<Quantity> distances;
  reader.objects(name, 1, kMaxLimits, [&](Reader& entry) {
    entry.knowOnly({"value", "unit"});
    const Decimal value = entry.decimal("value");
    if (entry.has("value") && value <= Decimal(0, 0)) entry.refuse("value", "not above zero");
    const Unit unit = entry.named("unit", unitFromUcum, "unit");
    refuseSecond(entry, distances, unit);
    distances.push_back({value, unit});
  });
  checkPair(reader, name, distances);
  return distances;
}

}  // namespace vardnav::rules
