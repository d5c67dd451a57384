// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/evaluator.h"

#include <algorithm>

#include "rules/document/quantities.h"
#include "rules/engine/limit_order.h"
#include "rules/engine/measure.h"
#include "rules/engine/scale.h"
#include "rules/engine/trend.h"

namespace vardnav::rules {
namespace {

constexpr int kShownPlaces = 6;

Truth truthOf(bool fact) { return fact ? Truth::kTrue : Truth::kFalse; }

Truth opposite(Truth truth) {
  if (truth == Truth::kUnknown) return truth;
  return truth == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

Truth both(Truth a, Truth b) {
  if (a == Truth::kFalse || b == Truth::kFalse) return Truth::kFalse;
  return a == Truth::kTrue && b == Truth::kTrue ? Truth::kTrue : Truth::kUnknown;
}

Truth holds(std::strong_ordering order, Comparison is) {
  switch (is) {
    case Comparison::kBelow:
      return truthOf(order < 0);
    case Comparison::kAtMost:
      return truthOf(order <= 0);
    case Comparison::kAbove:
      return truthOf(order > 0);
    case Comparison::kAtLeast:
      return truthOf(order >= 0);
  }
  return Truth::kUnknown;
}

/// Of what was reckoned in a base unit, in the newest reading's where it is of that kind.
std::optional<Quantity> shownIn(Unit newest, const Ratio& value, Unit unit) {
  const BaseUnit base = baseOf(newest);
  if (unit != newest && base.unit == unit) {
    const auto denominator = times(value.denominator, Wide{base.factor.mantissa()});
    if (denominator) {
      const Ratio converted{value.numerator, *denominator, value.exponent - base.factor.exponent()};
      if (const auto number = shown(converted, kShownPlaces)) return Quantity{*number, newest};
    }
  }
  const auto number = shown(value, kShownPlaces);
  return number ? std::optional(Quantity{*number, unit}) : std::nullopt;
}

void show(Finding& finding, const MeasureCode& code, const Measured& measured) {
  if (code.kind == MeasureKind::kZScore) {
    if (auto score = shownRoot(measured.value)) {
      if (measured.sign < 0) score = Decimal(-score->mantissa(), score->exponent());
      finding.measured = Quantity{*score, Unit::kOne};
    }
  } else if (code.kind != MeasureKind::kNewest) {
    finding.measured = shownIn(finding.unit, measured.value, measured.unit);
  }
  if (measured.against) {
    finding.against = shownIn(finding.unit, *measured.against, measured.againstUnit);
  }
  if (measured.prescribed) finding.against = measured.prescribed;
  if (measured.againstAt && *measured.againstAt > kAlways) finding.againstAt = measured.againstAt;
  if (measured.other != nullptr) {
    finding.against = Quantity{measured.other->number(), measured.other->unit};
    finding.inputs.push_back(measured.other->key);
  }
  std::uint32_t numbers = 0;
  for (std::size_t i = measured.used.size(); i-- > 0;) {
    const Sample& sample = measured.used[i];
    if (!sample.isNumber()) continue;
    ++numbers;
    if (std::ranges::find(finding.inputs, sample.key) == finding.inputs.end()) {
      finding.inputs.push_back(sample.key);
    }
  }
  if (!measured.used.empty()) finding.of = numbers;
}

/// One bound of a comparison or a band.
class Bound {
 public:
  Bound(const TestCode& test, const Program& program, std::span<const Sample> samples,
        const Sample& newest)
      : test_(test), program_(program), samples_(samples), newest_(newest) {}

  /// nullopt: unknown. `measured` may be nullptr for an EWMA only.
  std::optional<std::strong_ordering> order(LimitRange range, const Measured* measured,
                                            Finding* finding) const {
    const std::span limits = std::span(program_.limits).subspan(range.first, range.count);
    if (limits.empty()) return std::nullopt;
    if (test_.measure.kind == MeasureKind::kZScore) {
      if (finding != nullptr) finding->limit = limits.front();
      return measured != nullptr ? compareScore(*measured, limits.front().value) : std::nullopt;
    }
    const bool isPercent = test_.measure.kind == MeasureKind::kPercentOf || test_.measure.isPercent;
    const Quantity* limit = isPercent ? &limits.front() : limitIn(limits, newest_.unit);
    if (limit == nullptr) return std::nullopt;
    if (finding != nullptr) finding->limit = *limit;
    if (test_.measure.kind == MeasureKind::kEwmaDrift) {
      const auto drift =
          compareEwmaDrift(test_.measure, program_.weights[test_.measure.weight], samples_, *limit);
      return drift ? std::optional(drift->order) : std::nullopt;
    }
    return measured != nullptr ? compareToLimit(*measured, *limit) : std::nullopt;
  }

 private:
  const TestCode& test_;
  const Program& program_;
  std::span<const Sample> samples_;
  const Sample& newest_;
};

Truth evaluateCompare(const TestCode& test, const Bound& bound, const Measured* measured,
                      Finding* finding) {
  const auto order = bound.order(test.limits, measured, finding);
  return order ? holds(*order, test.is) : Truth::kUnknown;
}

Truth evaluateBand(const TestCode& test, const Bound& bound, const Measured* measured,
                   Finding* finding) {
  const auto low = bound.order(test.limits, measured, finding);
  const bool isBelow = low && (test.isLowInside ? *low < 0 : *low <= 0);
  // The end that is shown is the one that was left, or else the upper one.
  const auto high = bound.order(test.high, measured, isBelow ? nullptr : finding);
  if (!low || !high) return Truth::kUnknown;
  const bool isAbove = test.isHighInside ? *high > 0 : *high >= 0;
  return truthOf((!isBelow && !isAbove) == test.isInside);
}

/// HI is above and LO below any limit.
Truth truthBeyond(const TestCode& test, Value::Kind kind) {
  if (test.kind == TestKind::kBand) return truthOf(!test.isInside);
  return truthOf((kind == Value::Kind::kLow) == isDownward(test.is));
}

/// NaN is unknown. nullopt: it makes no difference to this measure, or cannot be said.
std::optional<Truth> truthOfSpecial(const TestCode& test, const Sample& newest) {
  if (newest.isNumber()) return std::nullopt;
  switch (test.measure.kind) {
    case MeasureKind::kNewest:
    case MeasureKind::kPercentOf:
    case MeasureKind::kDifferenceFrom:
    case MeasureKind::kZScore:
      break;
    default:
      return std::nullopt;
  }
  if (newest.kind == Value::Kind::kNotANumber) return Truth::kUnknown;
  return truthBeyond(test, newest.kind);
}

Truth evaluateMeterSays(const TestCode& test, const Sample& newest) {
  switch (newest.kind) {
    case Value::Kind::kHigh:
      return truthOf(test.isHigh);
    case Value::Kind::kLow:
      return truthOf(test.isLow);
    case Value::Kind::kNotANumber:
      return truthOf(test.isNotANumber);
    case Value::Kind::kNumber:
      return Truth::kFalse;
  }
  return Truth::kUnknown;
}

Value valueOf(const Sample& sample) {
  return sample.isNumber() ? Value::of(sample.number()) : Value{sample.kind, {}};
}

/// How many of the newest backwards, each at least `spacing` before the one counted last.
template <class Holds>
std::uint32_t countSpaced(std::span<const Sample> samples, Milliseconds spacing, Holds holds,
                          std::vector<ReadingKey>* inputs) {
  std::uint32_t count = 0;
  UtcTime last{};
  for (std::size_t i = samples.size(); i-- > 0;) {
    const Sample& sample = samples[i];
    if (!holds(sample) || (count > 0 && last - sample.at < spacing)) continue;
    ++count;
    last = sample.at;
    if (inputs != nullptr) inputs->push_back(sample.key);
  }
  return count;
}

}  // namespace

UtcTime absentFrom(const AbsenceCode& absence, UtcTime newestValid, UtcTime since) {
  const UtcTime start = newestValid == kNever ? since : std::max(newestValid, since);
  return start == kNever ? UtcTime::max() : start + absence.duration;
}

Truth evaluateTest(const TestCode& test, const Program& program, std::span<const Sample> samples,
                   const Sample* unanchored, const Context& context, UtcTime at, Finding* finding) {
  if (samples.empty() && unanchored == nullptr) return Truth::kUnknown;
  const Sample& newest = unanchored != nullptr ? *unanchored : samples.back();
  if (finding != nullptr) {
    finding->inputs = {newest.key};
    finding->value = valueOf(newest);
    finding->unit = newest.unit;
    finding->at = newest.at;
    finding->isTimeKnown = unanchored == nullptr;
  }
  if (test.maximumAge > Milliseconds{0} && at - newest.at > test.maximumAge) return Truth::kUnknown;
  if (test.kind == TestKind::kMeterSays) return evaluateMeterSays(test, newest);

  const MeasureCode& code = test.measure;
  if (unanchored != nullptr && !code.isSingleValue()) return Truth::kUnknown;
  if (unanchored != nullptr) samples = std::span(unanchored, 1);
  if (const Sample* beyond = beyondAnyNumber(code, samples)) {
    if (finding != nullptr && beyond != &newest) finding->inputs.push_back(beyond->key);
    return truthBeyond(test, beyond->kind);
  }
  std::optional<Measured> measured;
  if (code.kind != MeasureKind::kEwmaDrift) {
    measured = measure(code, program, samples, context);
    if (!measured) return Truth::kUnknown;
    if (finding != nullptr) show(*finding, code, *measured);
  } else if (finding != nullptr) {
    const auto drift = shownEwmaDrift(code, program.weights[code.weight], samples);
    if (drift) show(*finding, code, *drift);
  }
  const Measured* found = measured ? &*measured : nullptr;
  const Bound bound(test, program, samples, newest);
  Truth truth = test.kind == TestKind::kBand ? evaluateBand(test, bound, found, finding)
                                             : evaluateCompare(test, bound, found, finding);
  if (const auto special = truthOfSpecial(test, newest)) truth = *special;
  return truth;
}

Truth Evaluator::truthOf(std::size_t node) const { return evaluate(node, nullptr); }

std::vector<Finding> Evaluator::findings() const {
  std::vector<Finding> findings(program_.nodes.size());
  for (std::size_t node = 0; node < program_.nodes.size(); node = program_.nodes[node].end) {
    evaluate(node, &findings);
  }
  return findings;
}

Truth Evaluator::evaluate(std::size_t place, std::vector<Finding>* findings) const {
  const Node& node = program_.nodes[place];
  Finding* finding = findings != nullptr ? &(*findings)[place] : nullptr;
  Truth truth = Truth::kUnknown;
  switch (node.kind) {
    case NodeKind::kTest:
      truth = evaluateTest(node, finding);
      break;
    case NodeKind::kRepeated:
      truth = evaluateRepeated(node, finding);
      break;
    case NodeKind::kConsecutive:
      truth = evaluateConsecutive(node, finding);
      break;
    case NodeKind::kAbsentFor:
      truth = evaluateAbsence(node);
      break;
    case NodeKind::kMissedSlots:
      if (state_.missed) truth = rules::truthOf(*state_.missed >= node.atLeast);
      if (finding != nullptr && state_.missed) finding->held = *state_.missed;
      break;
    case NodeKind::kFact:
      truth = rules::truthOf(context_.isMarked(node.fact, at_));
      break;
    case NodeKind::kAll:
    case NodeKind::kAny:
    case NodeKind::kNot:
      truth = evaluateGroup(place, findings);
      break;
  }
  if (finding != nullptr) {
    finding->truth = truth;
    finding->condition = node.condition;
  }
  return truth;
}

Truth Evaluator::evaluateTest(const Node& node, Finding* finding) const {
  const TestCode& test = program_.tests[node.test];
  const SeriesState& series = state_.series[test.series];
  return rules::evaluateTest(test, program_, series.samples,
                             series.unanchored ? &*series.unanchored : nullptr, context_, at_,
                             finding);
}

Truth Evaluator::evaluateRepeated(const Node& node, Finding* finding) const {
  const SeriesState& series = state_.series[program_.tests[node.test].series];
  if (finding != nullptr) finding->isTimeKnown = !series.unanchored;
  if (series.samples.empty() || series.unanchored) return Truth::kUnknown;
  const Milliseconds spacing = program_.spans[node.span].spacing;
  Window window = program_.spans[node.span].window;
  std::span<const Sample> samples = series.samples;
  std::size_t occasions = 0;
  if (window.count > 0 && spacing > Milliseconds{0}) {
    occasions = beginOfOccasions(window.count, spacing, samples);
    window.count = 0;
  }
  samples = samples.subspan(std::max(occasions, beginOf(window, samples)));
  const std::size_t run = node.run;
  std::vector<ReadingKey>* inputs = finding != nullptr ? &finding->inputs : nullptr;
  const std::uint32_t held = countSpaced(
      samples, spacing, [&](const Sample& s) { return s.truthOf(run) == Truth::kTrue; }, inputs);
  const std::uint32_t possible = countSpaced(
      samples, spacing, [&](const Sample& s) { return s.truthOf(run) != Truth::kFalse; }, nullptr);
  if (finding != nullptr) {
    finding->value = valueOf(samples.back());
    finding->unit = samples.back().unit;
    finding->at = samples.back().at;
    finding->held = held;
    finding->of = static_cast<std::uint32_t>(samples.size());
  }
  if (held >= node.atLeast) return Truth::kTrue;
  return possible < node.atLeast ? Truth::kFalse : Truth::kUnknown;
}

Truth Evaluator::evaluateConsecutive(const Node& node, Finding* finding) const {
  const SeriesState& series = state_.series[program_.tests[node.test].series];
  if (finding != nullptr) finding->isTimeKnown = !series.unanchored;
  if (series.samples.empty() || series.unanchored) return Truth::kUnknown;
  std::span<const Sample> samples = series.samples;
  samples = samples.last(std::min<std::size_t>(samples.size(), node.atLeast));
  Truth truth = rules::truthOf(samples.size() == node.atLeast);
  std::uint32_t held = 0;
  for (const Sample& sample : samples) {
    truth = both(truth, sample.truthOf(node.run));
    if (sample.truthOf(node.run) == Truth::kTrue) ++held;
  }
  if (finding != nullptr) {
    for (std::size_t i = samples.size(); i-- > 0;) finding->inputs.push_back(samples[i].key);
    finding->value = valueOf(samples.back());
    finding->unit = samples.back().unit;
    finding->at = samples.back().at;
    finding->held = held;
    finding->of = static_cast<std::uint32_t>(samples.size());
  }
  return truth;
}

Truth Evaluator::evaluateAbsence(const Node& node) const {
  const UtcTime newest = state_.newestValid[node.absence];
  if (newest == kNever && program_.absences[node.absence].isFromTheFirst) return Truth::kTrue;
  const UtcTime from =
      absentFrom(program_.absences[node.absence], newest, state_.since.value_or(kNever));
  if (from <= at_) return Truth::kTrue;
  return newest == kNever ? Truth::kUnknown : Truth::kFalse;
}

Truth Evaluator::evaluateGroup(std::size_t place, std::vector<Finding>* findings) const {
  const Node& node = program_.nodes[place];
  Truth truth = node.kind == NodeKind::kAny ? Truth::kFalse : Truth::kTrue;
  for (std::size_t part = place + 1; part < node.end; part = program_.nodes[part].end) {
    const Truth of = evaluate(part, findings);
    if (node.kind == NodeKind::kAny) {
      truth = opposite(both(opposite(truth), opposite(of)));
    } else {
      truth = both(truth, of);
    }
  }
  return node.kind == NodeKind::kNot ? opposite(truth) : truth;
}

}  // namespace vardnav::rules
