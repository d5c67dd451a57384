// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a rule may ask: a tree of conditions over series of readings. Each is true, false or unknown
// (Kleene's three values: `All` with a false part is false whatever the rest). Plain data, any
// thread.
//
// Every condition looks at a *series*: the readings of one signal that count, in event order. Its
// newest reading, windows, runs and baselines are of that series. Windows end at its newest reading
// and include both ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pipelines/model/code.h"
#include "pipelines/model/time.h"
#include "pipelines/model/unit.h"

namespace vardnav::rules {

/// Strict or inclusive is said by the name.
enum class Comparison : std::uint8_t {
  kBelow,    // below
  kAtMost,   // at-most
  kAbove,    // above
  kAtLeast,  // at-least
};

/// Within a day; small, as tables of rules are to be.
using DayMinutes = std::chrono::duration<std::int16_t, std::ratio<60>>;

/// Local time of day in Europe/Stockholm: `from` included, `until` excluded.
struct DayPart {
  DayMinutes from{0};
  DayMinutes until{24 * 60};
  friend bool operator==(const DayPart&, const DayPart&) = default;
};

/// One reading a local day, or every one. A day without a value has none; the day in progress is
/// taken as it stands.
enum class Pick : std::uint8_t {
  kEvery,
  kFirstOfDay,
  kLastOfDay,
  kLowestOfDay,
  kHighestOfDay,
};

struct Series {
  Code signal = Code::kGlucose;
  DayPart part;  ///< readings outside it are not of the series
  Pick pick = Pick::kEvery;
  /// With kFirstOfDay: the highest reading of those within this time after the day's first, which
  /// are one session of blows; 0: the first itself.
  DayMinutes session{0};
  friend bool operator==(const Series&, const Series&) = default;
};

/// Every bound that is not 0 holds; at least one is not 0, unless said otherwise.
struct Window {
  Milliseconds elapsed{0};
  std::uint16_t localDays = 0;  ///< the newest reading's day is the first
  std::uint16_t count = 0;      ///< readings, the newest included
  friend bool operator==(const Window&, const Window&) = default;
};

/// HI, LO and NaN enter none of them.
enum class Statistic : std::uint8_t { kMean, kMedian, kLowest, kHighest };

/// A value of the person's context, with its date; see context.h.
struct PrescribedBaseline {
  std::string name;  ///< "fev1-personal-best"
  friend bool operator==(const PrescribedBaseline&, const PrescribedBaseline&) = default;
};

/// A personal best that is not prescribed is kHighest over a long window.
struct RollingBaseline {
  Statistic statistic = Statistic::kMedian;
  Window window;                     ///< ends at the newest reading; what is left out stands in it
  std::uint16_t leaveOutNewest = 1;  ///< readings, before the days below are left out
  std::uint16_t leaveOutDays = 0;    ///< newest local days, the newest reading's day the first
  std::uint16_t minimumCount = 1;    ///< of the rest; fewer: unknown
  friend bool operator==(const RollingBaseline&, const RollingBaseline&) = default;
};

using Baseline = std::variant<PrescribedBaseline, RollingBaseline>;

/// The newest reading itself; HI is above and LO below any limit, NaN is unknown.
struct NewestValue {
  friend bool operator==(const NewestValue&, const NewestValue&) = default;
};

/// The newest reading minus the lowest other one of the window.
struct Rise {
  Window window;
  bool isPercent = false;  ///< of that lowest one; limits in %
  friend bool operator==(const Rise&, const Rise&) = default;
};

/// The highest other reading of the window minus the newest: above 0 where it fell.
struct Fall {
  Window window;
  bool isPercent = false;  ///< of that highest one; limits in %
  friend bool operator==(const Fall&, const Fall&) = default;
};

/// A statistic of the window, the newest reading included.
struct WindowStatistic {
  Statistic statistic = Statistic::kMean;
  Window window;
  std::uint16_t minimumCount = 1;
  friend bool operator==(const WindowStatistic&, const WindowStatistic&) = default;
};

/// The newest reading as a share of its baseline; limits in %.
struct PercentOf {
  Baseline baseline;
  friend bool operator==(const PercentOf&, const PercentOf&) = default;
};

/// The newest reading minus its baseline.
struct DifferenceFrom {
  Baseline baseline;
  friend bool operator==(const DifferenceFrom&, const DifferenceFrom&) = default;
};

/// (newest − mean) / sample standard deviation of the baseline's readings; its statistic is not
/// looked at. Limits are numbers (unit 1), and may be below 0. A deviation of 0 is unknown.
struct ZScore {
  RollingBaseline baseline;
  friend bool operator==(const ZScore&, const ZScore&) = default;
};

/// Theil–Sen: the median of the slopes between all pairs of the window's readings, newest
/// included; positive where they rise. Limits in the signal's unit per `per`, may be below 0.
struct Slope {
  Window window;
  Milliseconds per{std::chrono::hours{24}};
  std::uint16_t minimumCount = 3;
  friend bool operator==(const Slope&, const Slope&) = default;
};

/// Mean of the last `shortCount` readings minus mean of the last `longCount`, both of `window` and
/// with the newest included. Fewer than longCount: unknown.
struct MovingAverageDrift {
  Window window;
  std::uint16_t shortCount = 0;
  std::uint16_t longCount = 0;
  friend bool operator==(const MovingAverageDrift&, const MovingAverageDrift&) = default;
};

/// The newest exponentially weighted mean of the window's readings (the oldest is its first value,
/// each later one enters with the weight) minus the mean of all readings of the window.
struct EwmaDrift {
  Window window;
  Decimal weight;  ///< above 0, at most 1, at most 3 decimals
  std::uint16_t minimumCount = 2;
  friend bool operator==(const EwmaDrift&, const EwmaDrift&) = default;
};

using Measure = std::variant<NewestValue, Rise, Fall, WindowStatistic, PercentOf, DifferenceFrom,
                             ZScore, Slope, MovingAverageDrift, EwmaDrift>;

/// A measure of a series against a limit.
struct Compare {
  Series series;
  Measure measure;
  Comparison is = Comparison::kBelow;
  /// One for each unit: a reading is compared in its own unit where a limit has it, else exactly
  /// converted; glucose always has both of its units.
  std::vector<Quantity> limits;
  /// The series' newest reading may be no older when the rule is judged, else unknown; 0: any age.
  Milliseconds maximumAge{0};
  friend bool operator==(const Compare&, const Compare&) = default;
};

/// Inside, or outside, of a band; the comparisons say which ends are included.
struct Band {
  Series series;
  Measure measure;
  bool isInside = true;
  std::vector<Quantity> low;  ///< one for each unit
  std::vector<Quantity> high;
  bool isLowInside = true;
  bool isHighInside = true;
  Milliseconds maximumAge{0};  ///< as in Compare
  friend bool operator==(const Band&, const Band&) = default;
};

/// The newest reading is one of the things that a meter says instead of a number.
struct MeterSays {
  Series series;
  bool isHigh = false;        ///< HI
  bool isLow = false;         ///< LO
  bool isNotANumber = false;  ///< NaN
  friend bool operator==(const MeterSays&, const MeterSays&) = default;
};

/// What one reading is asked in a run: each is the newest at its own time, with its own baseline.
using ReadingTest = std::variant<Compare, Band, MeterSays>;

/// At least so many readings of the window hold: N of M with window.count = M, a count without.
struct Repeated {
  ReadingTest each;
  std::uint16_t atLeast = 2;
  Window window;
  /// Readings closer than this are one occasion, taken from the newest backwards; 0: each its own.
  /// With window.count, occasions are counted, not readings.
  Milliseconds spacing{0};
  friend bool operator==(const Repeated&, const Repeated&) = default;
};

/// The newest `count` readings of the series all hold.
struct Consecutive {
  ReadingTest each;
  std::uint16_t count = 2;
  friend bool operator==(const Consecutive&, const Consecutive&) = default;
};

/// No valid reading of any of these signals for `duration`: true from the newest one's time plus
/// `duration` on, by the clock. Before the first reading the time runs from when the rule started.
struct AbsentFor {
  std::vector<Code> signals;
  Milliseconds duration{0};
  bool isFromTheFirst = false;  ///< true also before any reading: none has ever come
  friend bool operator==(const AbsentFor&, const AbsentFor&) = default;
};

/// So many slots of the rule's schedule in a row, each with its grace, have passed without a
/// reading; any valid reading makes it false.
struct MissedSlots {
  std::uint16_t atLeast = 1;
  friend bool operator==(const MissedSlots&, const MissedSlots&) = default;
};

/// What the prescriber marked about the patient. Not marked is false.
enum class Fact : std::uint8_t {
  kInsulinOrSulphonylurea,  // insulin-or-sulphonylurea
  kSglt2Inhibitor,          // sglt2-inhibitor
  kHypercapniaConfirmed,    // hypercapnia-confirmed
  kOnOxygen,                // on-oxygen
  kUnawareOfHypoglycaemia,  // unaware-of-hypoglycaemia
};

struct PatientFact {
  Fact fact = Fact::kInsulinOrSulphonylurea;
  friend bool operator==(const PatientFact&, const PatientFact&) = default;
};

struct Condition;

/// True if all are; of none: true.
struct All {
  std::vector<Condition> of;
};

/// True if one is; of none: false.
struct Any {
  std::vector<Condition> of;
};

struct Not {
  std::vector<Condition> of;  ///< exactly one
};

struct Condition {
  std::variant<Compare, Band, MeterSays, Repeated, Consecutive, AbsentFor, MissedSlots, PatientFact,
               All, Any, Not>
      is;
};

inline bool operator==(const Condition& a, const Condition& b);
inline bool operator==(const All& a, const All& b) { return a.of == b.of; }
inline bool operator==(const Any& a, const Any& b) { return a.of == b.of; }
inline bool operator==(const Not& a, const Not& b) { return a.of == b.of; }
inline bool operator==(const Condition& a, const Condition& b) { return a.is == b.is; }

}  // namespace vardnav::rules
