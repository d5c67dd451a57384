// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/feeding.h"

#include <algorithm>
#include <limits>

#include "rules/document/quantities.h"
#include "rules/engine/evaluator.h"
#include "rules/engine/measure.h"
#include "rules/engine/scale.h"

namespace vardnav::rules {
namespace {

using std::chrono::days;
using std::chrono::floor;

constexpr DayPart kWholeDay;
/// Moving what is left costs more than keeping a few too many.
constexpr std::size_t kTrimAtLeast = 2;

Sample sampleOf(const Observation& observation) {
  Sample sample;
  sample.key = observation.reading;
  sample.at = eventTimeOf(observation);
  sample.unit = observation.unit;
  sample.kind = observation.value.kind;
  const Decimal& number = observation.value.number;
  const bool isSmall = number.exponent() >= std::numeric_limits<std::int8_t>::min() &&
                       number.exponent() <= std::numeric_limits<std::int8_t>::max();
  if (!isSmall || !measures(observation.unit, observation.code)) {
    sample.kind = Value::Kind::kNotANumber;
  }
  if (sample.isNumber()) {
    sample.mantissa = number.mantissa();
    sample.exponent = static_cast<std::int8_t>(number.exponent());
  }
  return sample;
}

/// -1, 0, 1: below, alike, above; LO is lowest and HI highest.
int compareSamples(const Sample& a, const Sample& b) {
  const auto rank = [](const Sample& sample) {
    if (sample.kind == Value::Kind::kLow) return 0;
    return sample.kind == Value::Kind::kHigh ? 2 : 1;
  };
  if (rank(a) != rank(b) || rank(a) != 1) return (rank(a) > rank(b)) - (rank(a) < rank(b));
  const auto left = times(Ratio::of(a.number()), baseOf(a.unit).factor);
  const auto right = times(Ratio::of(b.number()), baseOf(b.unit).factor);
  const auto order = left && right ? compare(*left, *right) : std::nullopt;
  if (!order || *order == 0) return 0;
  return *order < 0 ? -1 : 1;
}

/// Grows no further than it must: a state is to stay small.
void append(std::vector<Sample>& samples, const Sample& sample) {
  if (samples.size() == samples.capacity()) samples.reserve(samples.size() + 1);
  samples.push_back(sample);
}

/// What becomes of the day's pick: true if `sample` is it from now on.
bool takeOfDay(const Series& series, std::vector<Sample>& samples, Sample& sample) {
  if (sample.kind == Value::Kind::kNotANumber) return false;  // a day without a value has none
  if (samples.empty() || samples.back().localDay != sample.localDay) {
    append(samples, sample);
    return true;
  }
  Sample& picked = samples.back();
  bool isPicked = false;
  switch (series.pick) {
    case Pick::kEvery:
    case Pick::kLastOfDay:
      isPicked = true;
      break;
    case Pick::kLowestOfDay:
      isPicked = compareSamples(sample, picked) < 0;
      break;
    case Pick::kHighestOfDay:
      isPicked = compareSamples(sample, picked) > 0;
      break;
    case Pick::kFirstOfDay:
      isPicked = sample.at - picked.at <= series.session && compareSamples(sample, picked) > 0;
      sample.at = picked.at;  // a session is one reading, of the time when it began
      break;
  }
  if (isPicked) picked = sample;
  return isPicked;
}

void trim(const Program& program, std::size_t place, std::vector<Sample>& samples) {
  const std::size_t begin = samples.size() - reached(program, place, samples).size();
  if (begin < kTrimAtLeast) return;
  samples.erase(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(begin));
}

bool feedSeries(const Program& program, std::size_t place, const Context& context,
                const Observation& observation, Sample sample, SeriesState& state) {
  const SeriesCode& code = program.series[place];
  if (code.needsDay || !(code.series.part == kWholeDay)) {
    const LocalTime local = toStockholm(sample.at);
    const auto day = floor<days>(local);
    const auto timeOfDay = local - day;
    if (timeOfDay < code.series.part.from || timeOfDay >= code.series.part.until) return false;
    constexpr std::int64_t kLastDay = std::numeric_limits<std::uint16_t>::max();  // in 2149
    sample.localDay = static_cast<std::uint16_t>(
        std::clamp<std::int64_t>(day.time_since_epoch().count(), 0, kLastDay));
  }
  if (observation.flags.has(Flag::kClockFault)) {
    state.unanchored = sample;
    return true;
  }
  bool isChanged = state.unanchored.has_value();
  state.unanchored.reset();
  if (code.series.pick == Pick::kEvery) {
    append(state.samples, sample);
    isChanged = true;
  } else if (takeOfDay(code.series, state.samples, sample)) {
    isChanged = true;
  } else {
    return isChanged;
  }
  Sample& newest = state.samples.back();
  for (std::size_t run = 0; run < code.runs.size(); ++run) {
    newest.setTruth(run, evaluateTest(program.tests[code.runs[run]], program, state.samples,
                                      nullptr, context, newest.at, nullptr));
  }
  trim(program, place, state.samples);
  return isChanged;
}

}  // namespace

std::span<const Sample> reached(const Program& program, std::size_t series,
                                std::span<const Sample> samples) {
  const SeriesCode& code = program.series[series];
  const std::size_t count = std::max<std::size_t>(code.kept.count, 1);
  std::size_t begin = samples.size() - std::min(samples.size(), count);
  for (const OccasionReach& occasions : program.keptOccasions) {
    if (occasions.series != series) continue;
    begin = std::min(begin, beginOfOccasions(occasions.count, occasions.spacing, samples));
  }
  if (code.kept.elapsed > Milliseconds{0} && !samples.empty()) {
    const UtcTime oldest = samples.back().at - code.kept.elapsed;
    while (begin > 0 && samples[begin - 1].at >= oldest) --begin;
  }
  return samples.subspan(begin);
}

std::optional<Flag> doubtOf(const Observation& observation, Audience audience) {
  for (const Flag flag : {Flag::kControlSolution, Flag::kBadBlow, Flag::kPersonOther}) {
    if (observation.flags.has(flag)) return flag;
  }
  const bool isUnconfirmed = observation.flags.has(Flag::kPersonUnconfirmed);
  if (isUnconfirmed != (audience == Audience::kUnconfirmed)) return Flag::kPersonUnconfirmed;
  return std::nullopt;
}

UtcTime eventTimeOf(const Observation& observation) {
  return observation.flags.has(Flag::kClockFault) ? observation.receivedAt : observation.at;
}

bool isBefore(const Observation& a, const Observation& b) {
  const UtcTime atA = eventTimeOf(a);
  const UtcTime atB = eventTimeOf(b);
  if (atA != atB) return atA < atB;
  const auto numberA = a.recordNumber.value_or(0);
  const auto numberB = b.recordNumber.value_or(0);
  return numberA != numberB ? numberA < numberB : a.reading < b.reading;
}

void sortByEvent(std::vector<Observation>& observations) {
  std::ranges::stable_sort(observations, isBefore);
}

bool isBreathless(const Observation& observation) {
  return observation.code == Code::kBreathless && observation.value.kind == Value::Kind::kNumber &&
         observation.value.number >= Decimal(1, 0);
}

bool feed(const Program& program, const Context& context, const Observation& observation,
          RuleState& state) {
  const std::uint32_t bit = bitOf(observation.code);
  bool isChanged = false;
  std::optional<Sample> sample;
  for (std::size_t i = 0; i < program.series.size(); ++i) {
    if (program.series[i].series.signal != observation.code) continue;
    if (!sample) sample = sampleOf(observation);
    isChanged |= feedSeries(program, i, context, observation, *sample, state.series[i]);
  }
  if (observation.value.kind == Value::Kind::kNotANumber) return isChanged;
  const UtcTime at = eventTimeOf(observation);
  for (std::size_t i = 0; i < program.absences.size(); ++i) {
    if ((program.absences[i].signals & bit) == 0) continue;
    state.newestValid[i] = at;
    state.absencesFired &= ~(1U << i);
    isChanged = true;
  }
  if ((program.scheduled & bit) != 0) {
    state.newestScheduled = at;
    state.missed = 0;
    isChanged = true;
  }
  return isChanged;
}

}  // namespace vardnav::rules
