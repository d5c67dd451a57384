// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/evaluate.h"

#include <algorithm>

#include "rules/quantities.h"

namespace vardnav::rules {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;

/// A local day has 25 hours at most.
constexpr hours kLongestDay{25};

Truth truthOf(bool fact) { return fact ? Truth::kTrue : Truth::kFalse; }

bool isNumber(const Observation& observation) {
  return observation.value.kind == Value::Kind::kNumber;
}

bool isAnchored(const Observation& observation) {
  return !observation.flags.has(Flag::kClockFault);
}

Quantity quantityOf(const Observation& observation) {
  return {observation.value.number, observation.unit};
}

/// HI is above and LO below any limit; NaN is unknown. nullopt: a number, compare it.
std::optional<Truth> truthOfSpecial(const Value& value, Comparison is) {
  switch (value.kind) {
    case Value::Kind::kNumber:
      return std::nullopt;
    case Value::Kind::kHigh:
      return truthOf(!isDownward(is));
    case Value::Kind::kLow:
      return truthOf(isDownward(is));
    case Value::Kind::kNotANumber:
      return Truth::kUnknown;
  }
  return Truth::kUnknown;
}

Truth compare(const Quantity& value, Comparison is, const Quantity& limit) {
  const auto pair = inOneUnit(value, limit);
  return pair ? truthOf(holds(pair->left, is, pair->right)) : Truth::kUnknown;
}

OldFinding evaluateValue(const Compare& condition, const Observation& newest) {
  OldFinding finding;
  finding.inputs = {newest.reading};
  finding.limit = limitFor(newest.unit, condition.limits);
  if (const auto special = truthOfSpecial(newest.value, condition.is)) {
    finding.truth = *special;
  } else if (finding.limit) {
    finding.truth = compare(quantityOf(newest), condition.is, *finding.limit);
  }
  return finding;
}

struct LocalMoment {
  std::chrono::local_days day;
  std::chrono::seconds timeOfDay;
};

LocalMoment localMomentOf(UtcTime at) {
  const LocalTime local = toStockholm(at);
  const auto day = floor<days>(local);
  return {day, local - day};
}

/// Of each local day its first reading, if that is before `before`. `series` in rising `at`.
std::vector<const Observation*> firstOfDays(std::span<const Observation* const> series,
                                            std::chrono::minutes before) {
  std::vector<const Observation*> picked;
  std::optional<std::chrono::local_days> lastDay;
  for (const Observation* observation : series) {
    const LocalMoment moment = localMomentOf(observation->at);
    if (lastDay && *lastDay == moment.day) continue;
    lastDay = moment.day;
    if (moment.timeOfDay < before) picked.push_back(observation);
  }
  return picked;
}

/// What a rise may look at, in rising `at`, the newest last. Empty: the newest is not picked.
std::vector<const Observation*> seriesOf(const Compare& condition, const Rise& rise,
                                         const Observation& newest,
                                         std::span<const Observation> earlier) {
  std::vector<const Observation*> series;
  for (const Observation& observation : earlier) {
    if (counts(observation) && isNumber(observation) && isAnchored(observation)) {
      series.push_back(&observation);
    }
  }
  series.push_back(&newest);
  if (condition.series.pick == Pick::kFirstOfDay) {
    series = firstOfDays(series, condition.series.part.until);
  }
  if (series.empty() || series.back() != &newest) return {};
  std::erase_if(series, [&](const Observation* observation) {
    return observation->at < newest.at - rise.window.elapsed;
  });
  return series;
}

OldFinding evaluateRise(const Compare& condition, const Rise& rise, const Observation& newest,
                        std::span<const Observation> earlier) {
  OldFinding finding;
  finding.inputs = {newest.reading};
  if (!isNumber(newest) || !isAnchored(newest)) return finding;
  const auto series = seriesOf(condition, rise, newest, earlier);
  if (series.size() < 2) return finding;

  const Observation* lowest = nullptr;
  for (const Observation* other : std::span(series).first(series.size() - 1)) {
    if (lowest == nullptr) {
      lowest = other;
      continue;
    }
    const auto pair = inOneUnit(quantityOf(*other), quantityOf(*lowest));
    if (!pair) return finding;
    if (pair->left < pair->right) lowest = other;
  }
  const auto pair = inOneUnit(quantityOf(newest), quantityOf(*lowest));
  if (!pair) return finding;
  const auto difference = pair->left.minus(pair->right);
  if (!difference) return finding;

  finding.inputs.push_back(lowest->reading);
  finding.lowest = *lowest;
  finding.rise = Quantity{*difference, pair->unit};
  finding.limit = limitFor(pair->unit, condition.limits);
  if (finding.limit) finding.truth = compare(*finding.rise, condition.is, *finding.limit);
  return finding;
}

/// One decimal place, cut: 79.96 % is not shown as 80.
std::optional<Decimal> shownPercent(const Decimal& hundredfold, const Decimal& whole) {
  auto percent = hundredfold.dividedBy(whole, 1);
  if (!percent) return std::nullopt;
  const auto back = percent->times(whole);
  if (back && *back > hundredfold) percent = percent->minus({1, -1});
  return percent;
}

OldFinding evaluateShare(const Compare& condition, const PercentOf& share,
                         const Observation& newest, const Context& context) {
  OldFinding finding;
  finding.inputs = {newest.reading};
  finding.limit = condition.limits.front();
  if (const auto* baseline = std::get_if<PrescribedBaseline>(&share.baseline)) {
    finding.baseline = context.prescribedAt(baseline->name, newest.at);
  }
  if (!finding.baseline || finding.baseline->value.value <= Decimal(0, 0)) return finding;
  if (const auto special = truthOfSpecial(newest.value, condition.is)) {
    finding.truth = *special;
    return finding;
  }
  const auto pair = inOneUnit(quantityOf(newest), finding.baseline->value);
  if (!pair) return finding;
  // value / baseline < limit / 100, without dividing.
  const Decimal hundredfold = pair->left.shifted(2);
  const auto share100 = finding.limit->value.times(pair->right);
  if (!share100) return finding;
  finding.percent = shownPercent(hundredfold, pair->right);
  finding.truth = truthOf(holds(hundredfold, condition.is, *share100));
  return finding;
}

}  // namespace

bool counts(const Observation& observation) {
  const Flags& flags = observation.flags;
  return !flags.has(Flag::kControlSolution) && !flags.has(Flag::kBadBlow) &&
         !flags.has(Flag::kPersonOther) && !flags.has(Flag::kPersonUnconfirmed);
}

Milliseconds reachOf(const Compare& condition) {
  const auto* rise = std::get_if<Rise>(&condition.measure);
  if (rise == nullptr) return Milliseconds{0};
  const bool isPicked = condition.series.pick == Pick::kFirstOfDay;
  return rise->window.elapsed + (isPicked ? kLongestDay : hours{0});
}

OldFinding evaluate(const Compare& condition, const Observation& newest,
                    std::span<const Observation> earlier, const Context& context) {
  if (const auto* rise = std::get_if<Rise>(&condition.measure)) {
    return evaluateRise(condition, *rise, newest, earlier);
  }
  if (const auto* share = std::get_if<PercentOf>(&condition.measure)) {
    return evaluateShare(condition, *share, newest, context);
  }
  return evaluateValue(condition, newest);
}

}  // namespace vardnav::rules
