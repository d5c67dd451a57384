// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Measures against an oracle that goes over the whole list each time, in whole numbers, and shares
// nothing with the engine but the calendar: readings, counts, runs, windows, baselines, slopes and
// z-scores over days of 23 and 25 hours, with readings taken back and clock faults, of meters in
// either unit and of both in one series.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "rules/speech/sentence.h"
#include "tests/rules/property_cases.h"
#include "tests/rules/rule_watch.h"

namespace vardnav::rules {
namespace {

using std::chrono::hours;
__extension__ using Big = __int128;

[[maybe_unused]] const bool kTried = tryCases(5000);

/// In hundred-thousandths of a mg/dL, of which 18.0156 are a mmol/L: both units' values are whole.
constexpr Big kOfMilligram = 100'000;
constexpr Big kOfTenth = 180'156;

/// `value` in mg/dL, or in tenths of mmol/L; `minute` from the start.
struct Reading {
  int minute = 0;
  int value = 0;
  bool isMilligram = false;
  Value::Kind kind = Value::Kind::kNumber;
  bool isFault = false;

  Big common() const { return value * (isMilligram ? kOfMilligram : kOfTenth); }
};

enum class What {
  kValue,
  kRepeated,
  kConsecutive,
  kMean,
  kMedian,
  kLowest,
  kHighest,
  kRise,
  kFall,
  kPercent,
  kDifference,
  kZ,
  kSlope
};

struct Question {
  What what = What::kMean;
  int hours = 0;  ///< of the window; 0: none
  int days = 0;   ///< local
  int count = 0;  ///< of readings
  int leaveOut = 1;
  int least = 1;  ///< readings needed
  int limit = 0;  ///< tenths of mmol/L; of a share in %, of a z-score in tenths
  /// The limit for a newest reading in mg/dL, by no means the same; in hundred-thousandths.
  std::int64_t milligrams = 0;
  int spacing = 0;  ///< minutes between two that count
  int fromHour = 0;
  int untilHour = 24;
  bool isAbove = true;
};

struct Day {
  UtcTime start;
  explicit Day(UtcTime s) : start(s) {}
  std::int64_t of(const Reading& r) const {
    const auto local = toStockholm(start + std::chrono::minutes{r.minute});
    return std::chrono::floor<std::chrono::days>(local).time_since_epoch().count();
  }
  std::int64_t hourOf(const Reading& r) const {
    const auto local = toStockholm(start + std::chrono::minutes{r.minute});
    return std::chrono::duration_cast<hours>(local - std::chrono::floor<std::chrono::days>(local))
        .count();
  }
};

/// Of one reading in its own unit.
Truth heldBy(const Reading& r, const Question& q) {
  if (r.kind == Value::Kind::kNotANumber) return Truth::kUnknown;
  if (r.kind != Value::Kind::kNumber) {
    return (r.kind == Value::Kind::kHigh) == q.isAbove ? Truth::kTrue : Truth::kFalse;
  }
  const Big limit = r.isMilligram ? Big{q.milligrams} : q.limit * kOfTenth;
  return (q.isAbove ? r.common() > limit : r.common() < limit) ? Truth::kTrue : Truth::kFalse;
}

/// From the newest backwards, each at least the spacing before the one counted last.
int countOf(const std::vector<Reading>& window, const Question& q, bool isUnknownCounted) {
  int count = 0;
  int last = 0;
  for (std::size_t i = window.size(); i > 0; --i) {
    const Truth truth = heldBy(window[i - 1], q);
    if (truth == Truth::kFalse || (truth == Truth::kUnknown && !isUnknownCounted)) continue;
    if (count > 0 && last - window[i - 1].minute < q.spacing) continue;
    ++count;
    last = window[i - 1].minute;
  }
  return count;
}

/// The last `least` of all.
Truth runOf(const std::vector<Reading>& all, const Question& q) {
  const auto least = static_cast<std::size_t>(q.least);
  Truth truth = all.size() < least ? Truth::kFalse : Truth::kTrue;
  for (std::size_t i = all.size() - std::min(all.size(), least); i < all.size(); ++i) {
    const Truth one = heldBy(all[i], q);
    if (one == Truth::kFalse) return Truth::kFalse;
    if (one == Truth::kUnknown && truth == Truth::kTrue) truth = one;
  }
  return truth;
}

/// What the last of `all`, in event order, makes of the question.
Truth answer(std::vector<Reading> all, const Question& q, const Day& day) {
  std::erase_if(all, [&](const Reading& r) {
    return day.hourOf(r) < q.fromHour || day.hourOf(r) >= q.untilHour;
  });
  if (all.empty()) return Truth::kUnknown;
  const Reading newest = all.back();
  if (q.what == What::kValue) return heldBy(newest, q);
  if (newest.isFault) return Truth::kUnknown;
  std::vector<Reading> window;
  std::erase_if(all, [](const Reading& r) { return r.isFault; });
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Reading& r = all[i];
    if (q.hours > 0 && newest.minute - r.minute > q.hours * 60) continue;
    if (q.days > 0 && day.of(newest) - day.of(r) >= q.days) continue;
    if (q.count > 0 && all.size() - i > static_cast<std::size_t>(q.count)) continue;
    window.push_back(r);
  }
  if (q.what == What::kConsecutive) return runOf(all, q);
  if (q.what == What::kRepeated) {
    if (countOf(window, q, false) >= q.least) return Truth::kTrue;
    return countOf(window, q, true) >= q.least ? Truth::kUnknown : Truth::kFalse;
  }
  const Big limit = newest.isMilligram ? Big{q.milligrams} : q.limit * kOfTenth;
  const auto truth = [&](Big left, Big right) {
    return (q.isAbove ? left > right : left < right) ? Truth::kTrue : Truth::kFalse;
  };
  if (q.what == What::kLowest || q.what == What::kHighest) {
    const auto beyond = q.what == What::kLowest ? Value::Kind::kLow : Value::Kind::kHigh;
    const auto isKnown = [](const Reading& r) { return r.kind != Value::Kind::kNotANumber; };
    const bool isThere =
        std::ranges::any_of(window, [&](const Reading& r) { return r.kind == beyond; });
    if (isThere && std::ranges::count_if(window, isKnown) >= q.least) {
      return (beyond == Value::Kind::kHigh) == q.isAbove ? Truth::kTrue : Truth::kFalse;
    }
  }
  const bool isOfNewest =
      q.what == What::kPercent || q.what == What::kDifference || q.what == What::kZ;
  std::vector<Reading> used = window;
  if (isOfNewest)
    used.resize(used.size() -
                std::min<std::size_t>(used.size(), static_cast<std::size_t>(q.leaveOut)));
  if (q.what == What::kRise || q.what == What::kFall) used.pop_back();
  std::erase_if(used, [](const Reading& r) { return r.kind != Value::Kind::kNumber; });
  std::vector<Big> values;
  for (const Reading& r : used) values.push_back(r.common());
  std::ranges::sort(values);
  const auto n = static_cast<Big>(values.size());
  if (n < q.least || n == 0) return Truth::kUnknown;
  Big sum = 0;
  for (const Big v : values) sum += v;
  // Twice the median.
  const Big median2 = values[(values.size() - 1) / 2] + values[values.size() / 2];
  const Big x = newest.common();
  if (q.what == What::kMean) return truth(sum, limit * n);
  if (q.what == What::kMedian) return truth(median2, 2 * limit);
  if (q.what == What::kLowest) return truth(values.front(), limit);
  if (q.what == What::kHighest) return truth(values.back(), limit);
  if (q.what == What::kSlope) {
    // Slopes a day as fractions with positive denominators, compared crosswise.
    std::vector<std::pair<Big, Big>> slopes;
    for (std::size_t i = 0; i < used.size(); ++i) {
      for (std::size_t j = i + 1; j < used.size(); ++j) {
        const Big minutes = used[j].minute - used[i].minute;
        if (minutes > 0) slopes.push_back({(used[j].common() - used[i].common()) * 1440, minutes});
      }
    }
    if (slopes.empty()) return Truth::kUnknown;
    std::ranges::sort(slopes, [](const auto& a, const auto& b) {
      return a.first * b.second < b.first * a.second;
    });
    const auto& a = slopes[(slopes.size() - 1) / 2];
    const auto& b = slopes[slopes.size() / 2];
    return truth(a.first * b.second + b.first * a.second, 2 * limit * a.second * b.second);
  }
  // A deviation of 0 says nothing, also of HI and LO.
  Big squares = 0;
  for (const Big v : values) squares += v * v;
  const Big spread = n * squares - sum * sum;
  if (q.what == What::kZ && (n < 2 || spread == 0)) return Truth::kUnknown;
  if (newest.kind == Value::Kind::kNotANumber) return Truth::kUnknown;
  if (newest.kind != Value::Kind::kNumber) {
    if (!isOfNewest) return Truth::kUnknown;
    return (newest.kind == Value::Kind::kHigh) == q.isAbove ? Truth::kTrue : Truth::kFalse;
  }
  if (q.what == What::kRise) return truth(x - values.front(), limit);
  if (q.what == What::kFall) return truth(values.back() - x, limit);
  if (q.what == What::kPercent) return truth(2 * x * 100, q.limit * median2);
  if (q.what == What::kDifference) return truth(2 * x - median2, 2 * limit);
  // z = (x − mean) / s; with D = n x − sum and S = n Σv² − sum²: z² = D² (n − 1) / (n S).
  const Big d = n * x - sum;
  const Big left = (d < 0 ? -1 : 1) * d * d * (n - 1) * 100;
  const Big score = q.limit;
  const Big right = (score < 0 ? -1 : 1) * score * score * n * spread;
  return truth(left, right);
}

Rule ruleOf(const Question& q) {
  Window window{hours{q.hours}, static_cast<std::uint16_t>(q.days),
                static_cast<std::uint16_t>(q.count)};
  RollingBaseline baseline;
  baseline.window = window;
  baseline.leaveOutNewest = static_cast<std::uint16_t>(q.leaveOut);
  baseline.minimumCount = static_cast<std::uint16_t>(q.least);
  Compare test = compare(Code::kGlucose, q.isAbove ? Comparison::kAbove : Comparison::kBelow, {});
  test.limits = {{Decimal(q.limit, -1), Unit::kMillimolePerLitre},
                 {Decimal(q.milligrams, -5), Unit::kMilligramPerDecilitre}};
  const auto least = static_cast<std::uint16_t>(q.least);
  switch (q.what) {
    case What::kValue:
    case What::kRepeated:
    case What::kConsecutive:
      break;
    case What::kMean:
      test.measure = WindowStatistic{Statistic::kMean, window, least};
      break;
    case What::kMedian:
      test.measure = WindowStatistic{Statistic::kMedian, window, least};
      break;
    case What::kLowest:
      test.measure = WindowStatistic{Statistic::kLowest, window, least};
      break;
    case What::kHighest:
      test.measure = WindowStatistic{Statistic::kHighest, window, least};
      break;
    case What::kRise:
      test.measure = Rise{window, false};
      break;
    case What::kFall:
      test.measure = Fall{window, false};
      break;
    case What::kPercent:
      test.measure = PercentOf{baseline};
      test.limits = {{Decimal(q.limit, 0), Unit::kPercent}};
      break;
    case What::kDifference:
      test.measure = DifferenceFrom{baseline};
      break;
    case What::kZ:
      test.measure = ZScore{baseline};
      test.limits = {{Decimal(q.limit, -1), Unit::kOne}};
      break;
    case What::kSlope:
      test.measure = Slope{window, hours{24}, least};
      break;
  }
  test.series.part = {DayMinutes{q.fromHour * 60}, DayMinutes{q.untilHour * 60}};
  Condition condition{test};
  if (q.what == What::kRepeated) {
    condition = {Repeated{test, least, window, std::chrono::minutes{q.spacing}}};
  }
  if (q.what == What::kConsecutive) condition = {Consecutive{test, least}};
  return rules::ruleOf(Code::kGlucose, {level(Priority::kP3, condition)});
}

Question someQuestion() {
  Question q;
  q.what = *rc::gen::element(What::kValue, What::kRepeated, What::kConsecutive, What::kMean,
                             What::kMedian, What::kLowest, What::kHighest, What::kRise, What::kFall,
                             What::kPercent, What::kDifference, What::kZ, What::kSlope);
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      q.hours = *rc::gen::element(2, 23, 24, 25, 72);
      break;
    case 1:
      q.days = *rc::gen::element(1, 2, 4);
      break;
    case 2:
      q.count = *rc::gen::element(2, 5, 9);
      break;
    default:
      q.days = 3;
      q.count = 6;
  }
  q.leaveOut = *rc::gen::element(1, 1, 2);
  q.least = *rc::gen::element(1, 2, 3);
  if (q.what == What::kRise || q.what == What::kFall) q.least = 1;
  if (q.what == What::kZ) q.least = std::max(q.least, 2);
  if (q.what == What::kSlope) q.least = 3;
  q.limit = *rc::gen::element(-20, -5, 0, 5, 15, 40, 60, 90, 100);
  q.milligrams = 100'000 * *rc::gen::element(-36, -9, 0, 9, 27, 71, 108, 160, 180);
  if (q.what == What::kRepeated && q.count == 0) q.spacing = *rc::gen::element(0, 120);
  if (*rc::gen::inRange(0, 3) == 0) {
    q.fromHour = 2;
    q.untilHour = *rc::gen::element(3, 9);
  }
  q.isAbove = *rc::gen::arbitrary<bool>();
  return q;
}

std::vector<Reading> someReadings() {
  std::vector<Reading> readings;
  // Of ten meters: how many say mg/dL.
  const int milligramMeters = *rc::gen::element(0, 3, 5, 8, 10);
  int minute = 0;
  for (int left = *rc::gen::inRange(1, 30); left > 0; --left) {
    minute += *rc::gen::element(1, 30, 60, 119, 120, 121, 300, 480, 1379, 1380, 1440, 1500, 3000);
    Reading r{minute, 0, *rc::gen::inRange(0, 10) < milligramMeters};
    r.value = r.isMilligram ? *rc::gen::element(52, 70, 71, 72, 108, 109, 144, 180, 250)
                            : *rc::gen::element(29, 39, 40, 55, 60, 61, 80, 99, 100, 140);
    r.kind = *rc::gen::weightedElement<Value::Kind>({{14, Value::Kind::kNumber},
                                                     {1, Value::Kind::kHigh},
                                                     {1, Value::Kind::kLow},
                                                     {1, Value::Kind::kNotANumber}});
    r.isFault = *rc::gen::inRange(0, 15) == 0;
    readings.push_back(r);
  }
  return readings;
}

/// What one of them is in mg/dL, of the other unit's if there are, or what lies between two, or the
/// least bit beside it.
std::int64_t closeTo(const std::vector<Reading>& readings) {
  std::vector<Reading> others = readings;
  std::erase_if(others, [](const Reading& r) {
    return r.isMilligram || r.isFault || r.kind != Value::Kind::kNumber;
  });
  Big limit = (*rc::gen::elementOf(others.empty() ? readings : others)).common();
  if (*rc::gen::inRange(0, 3) == 0) limit -= (*rc::gen::elementOf(readings)).common();
  return static_cast<std::int64_t>(limit) + *rc::gen::inRange(-1, 2);
}

Observation observationOf(const Reading& r, std::size_t place, UtcTime start) {
  Observation o;
  o.reading.octets[15] = static_cast<std::uint8_t>(place);
  o.unit = r.isMilligram ? Unit::kMilligramPerDecilitre : Unit::kMillimolePerLitre;
  o.value.kind = r.kind;
  if (r.kind == Value::Kind::kNumber) o.value.number = Decimal(r.value, r.isMilligram ? 0 : -1);
  o.person = PersonId("p-1");
  o.at = start + std::chrono::minutes{r.minute};
  o.receivedAt = o.at;
  if (r.isFault) o.flags.set(Flag::kClockFault);
  return o;
}

/// For whoever looks at a failing case.
std::string story(const Lineage& lineage, const std::vector<Reading>& readings, UtcTime start) {
  std::string text = sentence(lineage.versions().front()->rule).en;
  for (const Reading& r : readings) {
    const Observation o = observationOf(r, 0, start);
    text += "\n" + toRfc3339(o.at) + " " + toString(o.value) + " " + std::string(ucumOf(o.unit)) +
            (r.isFault ? " clock-fault" : "");
  }
  return text;
}

RC_GTEST_PROP(Measure, IsWhatTheWholeListSays, ()) {
  // Two nights before 23 hours, before 25 hours, and an ordinary one.
  const UtcTime start = utc(
      *rc::gen::element("2026-03-27T22:00:00Z", "2026-10-23T21:00:00Z", "2026-06-10T05:00:00Z"));
  std::vector<Reading> readings = someReadings();
  Question question = someQuestion();
  if (*rc::gen::arbitrary<bool>()) question.milligrams = closeTo(readings);
  const Lineage lineage(ruleOf(question));
  Context context;
  context.person = PersonId("p-1");
  FakeHistory history;
  RuleState state = begin(start);
  const Day day(start);
  std::vector<Reading> known;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const Observation o = observationOf(readings[i], i, start);
    history.all.push_back(o);
    RC_ASSERT(arrive(lineage, context, state, {std::span(&o, 1), {}}, history, o.at).has_value());
    state = decodeState(encode(state)).value();
    known.push_back(readings[i]);
    if (state.status != answer(known, question, day)) RC_FAIL(story(lineage, known, start));
  }
  // One is taken back.
  const auto gone = *rc::gen::inRange<std::size_t>(0, readings.size());
  const Observation was = history.all[gone];
  history.all.erase(history.all.begin() + static_cast<std::ptrdiff_t>(gone));
  known.erase(known.begin() + static_cast<std::ptrdiff_t>(gone));
  RC_ASSERT(arrive(lineage, context, state, {{}, std::span(&was, 1)}, history,
                   start + std::chrono::minutes{readings.back().minute})
                .has_value());
  if (state.status != answer(known, question, day)) {
    RC_FAIL(story(lineage, known, start) + "\none was taken back");
  }
}

}  // namespace
}  // namespace vardnav::rules
