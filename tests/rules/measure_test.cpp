// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Windows, runs, baselines and statistics: which readings they take, and exactly what they come to.
#include <gtest/gtest.h>

#include "rules/engine/exact.h"
#include "tests/rules/rule_watch.h"

namespace vardnav::rules {
namespace {

using std::chrono::hours;

/// P2 where `measure` of weight is as compared.
RuleWatch weightWatch(Measure measure, Comparison is, const char* limit, Series series = {}) {
  Compare condition = compare(Code::kWeight, is, {limit}, std::move(measure));
  series.signal = Code::kWeight;
  condition.series = series;
  return RuleWatch(ruleOf(Code::kWeight, {level(Priority::kP2, {condition})}));
}

struct Row {
  const char* newest;
  const char* told;
};

/// Two before, and a newest one for each row.
void expectNewest(const Measure& measure, Comparison is, const char* limit,
                  std::initializer_list<const char*> before, std::initializer_list<Row> rows) {
  for (const auto& [newest, told] : rows) {
    RuleWatch watch = weightWatch(measure, is, limit);
    int hour = 1;
    for (const char* reading : before) watch.gives("0" + std::to_string(hour++) + ":00", reading);
    EXPECT_EQ(watch.gives("10:00", newest), told) << newest;
  }
}

TEST(Fall, IsAgainstTheHighestOtherReading) {
  expectNewest(Fall{{hours{72}, 0, 0}}, Comparison::kAtLeast, "2 kg",
               {"weight 80 kg", "weight 82 kg"},
               {{"weight 80.01 kg", ""}, {"weight 80 kg", "raised P2"}, {"weight 84 kg", ""}});
}

TEST(Delta, MayBeInPercentOfTheOther) {
  // 3 % of 80 kg is 2.4 kg.
  expectNewest(Rise{{hours{72}, 0, 0}, true}, Comparison::kAbove, "3 %", {"weight 80 kg"},
               {{"weight 82.4 kg", ""}, {"weight 82.401 kg", "raised P2"}});
  expectNewest(Fall{{hours{72}, 0, 0}, true}, Comparison::kAtLeast, "3 %", {"weight 80 kg"},
               {{"weight 77.601 kg", ""}, {"weight 77.6 kg", "raised P2"}});
}

TEST(Mean, IsNotRounded) {
  // (80 + 80 + x) / 3 above 80.1: x above 80.3.
  expectNewest(WindowStatistic{Statistic::kMean, {hours{72}, 0, 0}, 3}, Comparison::kAbove,
               "80.1 kg", {"weight 80 kg", "weight 80 kg"},
               {{"weight 80.3 kg", ""}, {"weight 80.3000000001 kg", "raised P2"}});
}

TEST(Mean, NeedsItsMinimumOfNumbers) {
  const WindowStatistic mean{Statistic::kMean, {hours{168}, 0, 0}, 3};
  expectNewest(mean, Comparison::kAtLeast, "80 kg", {"weight 90 kg"}, {{"weight 90 kg", ""}});
  expectNewest(mean, Comparison::kAtLeast, "80 kg", {"weight 90 kg", "weight HI kg"},
               {{"weight 90 kg", ""}});
  expectNewest(mean, Comparison::kAtLeast, "80 kg",
               {"weight 90 kg", "weight HI kg", "weight 90 kg"}, {{"weight 90 kg", "raised P2"}});
}

TEST(Median, IsTheMeanOfTheTwoInTheMiddle) {
  // Of 80, 81, 90 and x, x between 81 and 90: (81 + x) / 2.
  expectNewest(WindowStatistic{Statistic::kMedian, {hours{72}, 0, 0}, 1}, Comparison::kAbove,
               "82 kg", {"weight 90 kg", "weight 80 kg", "weight 81 kg"},
               {{"weight 83 kg", ""}, {"weight 83.001 kg", "raised P2"}});
}

TEST(Baseline, LeavesOutTheNewestAndNeedsItsMinimum) {
  const PercentOf share{RollingBaseline{Statistic::kMedian, {hours{168}, 0, 0}, 1, 0, 3}};
  expectNewest(share, Comparison::kBelow, "90 %",
               {"weight 100 kg", "weight 100 kg", "weight 100 kg"},
               {{"weight 90 kg", ""},
                {"weight 89.999 kg", "raised P2"},
                {"weight LO kg", "raised P2"},
                {"weight HI kg", ""},
                {"weight NaN kg", ""}});
  expectNewest(share, Comparison::kBelow, "90 %", {"weight 100 kg", "weight 100 kg"},
               {{"weight 1 kg", ""}});
}

TEST(Baseline, LeavesOutTheNewestLocalDays) {
  const DifferenceFrom from{RollingBaseline{Statistic::kMean, {hours{720}, 0, 0}, 1, 2, 1}};
  RuleWatch watch = weightWatch(from, Comparison::kAtLeast, "5 kg");
  // Local days change at 23:00 UTC.
  EXPECT_EQ(watch.gives("2026-11-22T22:59", "weight 80 kg"), "");
  EXPECT_EQ(watch.gives("2026-11-22T23:00", "weight 85 kg"), "");  // the 23rd: nothing before it
  EXPECT_EQ(watch.gives("2026-11-23T22:59", "weight 85 kg"), "");
  EXPECT_EQ(watch.gives("2026-11-23T23:00", "weight 85 kg"),
            "raised P2");  // the 24th against the 22nd
  EXPECT_EQ(watch.last.at(0).inputs.size(), 2U);
}

TEST(ZScore, UsesTheSampleDeviationAndIsExactAtItsLimit) {
  // 78, 80, 82: mean 80, sample deviation 2.
  const ZScore score{RollingBaseline{Statistic::kMean, {hours{168}, 0, 0}, 1, 0, 3}};
  expectNewest(score, Comparison::kBelow, "-1.5 1",
               {"weight 78 kg", "weight 80 kg", "weight 82 kg"},
               {{"weight 77 kg", ""}, {"weight 76.999999 kg", "raised P2"}, {"weight 90 kg", ""}});
  expectNewest(score, Comparison::kAtLeast, "1.645 1",
               {"weight 78 kg", "weight 80 kg", "weight 82 kg"},
               {{"weight 83.289 kg", ""}, {"weight 83.29 kg", "raised P2"}});
}

TEST(ZScore, IsUnknownWhereTheDeviationIsZero) {
  const ZScore score{RollingBaseline{Statistic::kMean, {hours{168}, 0, 0}, 1, 0, 3}};
  expectNewest(score, Comparison::kBelow, "-1.645 1",
               {"weight 80 kg", "weight 80.0 kg", "weight 80.00 kg"}, {{"weight 20 kg", ""}});
}

TEST(Slope, IsTheMedianOfAllPairsPerDay) {
  // Readings 24 h apart: 80, 81, 90 and 83 rise by 1, 5, 1, 9, 1 and -7 a day: the median is 1.
  const Slope slope{{hours{168}, 0, 0}, hours{24}, 4};
  struct Case {
    const char* limit;
    const char* told;
  };
  for (const auto& [limit, told] : {Case{"1 kg", "raised P2"}, Case{"1.000001 kg", ""}}) {
    RuleWatch watch = weightWatch(slope, Comparison::kAtLeast, limit);
    watch.gives("2026-11-21T08:00", "weight 80 kg");
    watch.gives("2026-11-22T08:00", "weight 81 kg");
    watch.gives("2026-11-23T08:00", "weight 90 kg");
    EXPECT_EQ(watch.gives("2026-11-24T08:00", "weight 83 kg"), told) << limit;
  }
}

TEST(Drift, IsOfAShortMeanFromALongOne) {
  // Of 80, 80, 80, x: (80 + x) / 2 − (240 + x) / 4 = (x − 80) / 4.
  expectNewest(MovingAverageDrift{{hours{168}, 0, 0}, 2, 4}, Comparison::kAbove, "0.5 kg",
               {"weight 80 kg", "weight 80 kg", "weight 80 kg"},
               {{"weight 82 kg", ""}, {"weight 82.01 kg", "raised P2"}});
}

TEST(Drift, MayBeExponentiallyWeighted) {
  // Weight 0.5: 80, 80, x gives 40 + x/2; less the mean (160 + x)/3: (x − 80) / 6.
  const EwmaDrift drift{{hours{168}, 0, 0}, {5, -1}, 3};
  expectNewest(drift, Comparison::kAtLeast, "0.5 kg", {"weight 80 kg", "weight 80 kg"},
               {{"weight 82.99 kg", ""}, {"weight 83 kg", "raised P2"}});
  expectNewest(drift, Comparison::kAtMost, "-0.5 kg", {"weight 80 kg", "weight 80 kg"},
               {{"weight 77.01 kg", ""}, {"weight 77 kg", "raised P2"}});
}

TEST(MixedUnits, AreComparedExactly) {
  // 180 lb = 81.6466266 kg.
  expectNewest(WindowStatistic{Statistic::kMean, {hours{72}, 0, 0}, 2}, Comparison::kAtLeast,
               "80.8233133 kg", {"weight 80 kg"},
               {{"weight 180 [lb_av]", "raised P2"}, {"weight 179.999 [lb_av]", ""}});
  // 1 mmol/L = 18.0156 mg/dL: 5.0 mmol/L = 90.078 mg/dL; a rise of at least 36 mg/dL or 2.0 mmol/L.
  for (const auto& [newest, told] :
       {Row{"glucose 126.078 mg/dL", "raised P2"}, Row{"glucose 126.077 mg/dL", ""},
        Row{"glucose 7.0 mmol/L", "raised P2"}, Row{"glucose 6.99 mmol/L", ""}}) {
    RuleWatch watch(ruleOf(
        Code::kGlucose,
        {level(Priority::kP2, {compare(Code::kGlucose, Comparison::kAtLeast,
                                       {"36 mg/dL", "2.0 mmol/L"}, Rise{{hours{24}, 0, 0}})})}));
    watch.gives("08:00", "glucose 5.0 mmol/L");
    EXPECT_EQ(watch.gives("10:00", newest), told) << newest;
  }
}

TEST(PublishedPairs, HoldInBothUnits) {
  struct Pair {
    Comparison is;
    const char* milligram;
    const char* millimole;
    std::initializer_list<Row> rows;
  };
  for (const Pair& pair : {
           Pair{Comparison::kBelow,
                "70 mg/dL",
                "3.9 mmol/L",
                {{"glucose 70 mg/dL", ""},
                 {"glucose 69 mg/dL", "raised P2"},
                 {"glucose 3.9 mmol/L", ""},
                 {"glucose 3.8 mmol/L", "raised P2"},
                 {"glucose 3.89 mmol/L", "raised P2"}}},
           Pair{Comparison::kBelow,
                "54 mg/dL",
                "3.0 mmol/L",
                {{"glucose 54 mg/dL", ""},
                 {"glucose 53 mg/dL", "raised P2"},
                 {"glucose 3.0 mmol/L", ""},
                 {"glucose 2.9 mmol/L", "raised P2"}}},
           Pair{Comparison::kAbove,
                "180 mg/dL",
                "10.0 mmol/L",
                {{"glucose 180 mg/dL", ""},
                 {"glucose 181 mg/dL", "raised P2"},
                 {"glucose 10.0 mmol/L", ""},
                 {"glucose 10.1 mmol/L", "raised P2"}}},
           Pair{Comparison::kAbove,
                "250 mg/dL",
                "13.9 mmol/L",
                {{"glucose 250 mg/dL", ""},
                 {"glucose 251 mg/dL", "raised P2"},
                 {"glucose 13.9 mmol/L", ""},
                 {"glucose 14.0 mmol/L", "raised P2"}}},
       }) {
    for (const auto& [newest, told] : pair.rows) {
      RuleWatch watch(ruleOf(Code::kGlucose,
                             {level(Priority::kP2, {compare(Code::kGlucose, pair.is,
                                                            {pair.milligram, pair.millimole})})}));
      EXPECT_EQ(watch.gives("10:00", newest), told) << newest;
    }
  }
}

TEST(Repeated, CountsOccasionsFromTheNewestBackwards) {
  const Compare high = compare(Code::kWeight, Comparison::kAbove, {"90 kg"});
  RuleWatch twice(ruleOf(Code::kWeight,
                         {level(Priority::kP2, {Repeated{high, 2, {hours{24}, 0, 0}, hours{2}}})}));
  twice.expect({{"08:00", "weight 91 kg", ""},
                {"09:59:59", "weight 91 kg", ""},
                {"10:00", "weight 91 kg", "raised P2"}});
  RuleWatch twoOfThree(
      ruleOf(Code::kWeight, {level(Priority::kP2, {Repeated{high, 2, {{}, 0, 3}, {}}})}));
  twoOfThree.expect({{"08:00", "weight 91 kg", ""},
                     {"09:00", "weight 80 kg", ""},
                     {"10:00", "weight 80 kg", ""},
                     {"11:00", "weight 91 kg", ""},
                     {"12:00", "weight NaN kg", "unknown"},
                     {"13:00", "weight 91 kg", "raised P2"}});
}

TEST(Consecutive, NeedsAllOfThem) {
  const Compare high = compare(Code::kWeight, Comparison::kAbove, {"90 kg"});
  RuleWatch watch(ruleOf(Code::kWeight, {level(Priority::kP2, {Consecutive{high, 3}})}));
  watch.expect({{"08:00", "weight 91 kg", ""},
                {"09:00", "weight 91 kg", ""},
                {"10:00", "weight NaN kg", "unknown"},
                {"11:00", "weight 91 kg", ""},
                {"12:00", "weight 91 kg", ""},
                {"13:00", "weight 91 kg", "raised P2"},
                {"14:00", "weight 90 kg", "cleared P2"}});
}

TEST(Picks, TakeOneReadingOfALocalDay) {
  struct Case {
    Pick pick;
    const char* told;  // of 82, 80, 84, 81 on one day, in this order
  };
  for (const auto& [pick, told] :
       {Case{Pick::kFirstOfDay, "raised P2"}, Case{Pick::kLastOfDay, "raised P2, cleared P2"},
        Case{Pick::kHighestOfDay, "raised P2"},
        Case{Pick::kLowestOfDay, "raised P2, cleared P2"}}) {
    Series series;
    series.pick = pick;
    RuleWatch watch = weightWatch(NewestValue{}, Comparison::kAbove, "81 kg", series);
    std::string all;
    for (const auto& [at, reading] :
         {std::pair{"08:00", "weight 82 kg"}, std::pair{"09:00", "weight 80 kg"},
          std::pair{"10:00", "weight 81 kg"}}) {
      const std::string one = watch.gives(at, reading);
      all += all.empty() || one.empty() ? one : ", " + one;
    }
    EXPECT_EQ(all, told) << static_cast<int>(pick);
  }
}

TEST(Picks, TakeTheHighestOfTheFirstSession) {
  Series series;
  series.pick = Pick::kFirstOfDay;
  series.session = std::chrono::minutes{30};
  RuleWatch watch = weightWatch(NewestValue{}, Comparison::kBelow, "81 kg", series);
  watch.expect({{"08:00", "weight 79 kg", "raised P2"},
                {"08:10", "weight 80 kg", ""},
                {"08:30", "weight 82 kg", "cleared P2"},
                {"08:31", "weight 70 kg", ""}});
}

TEST(Bands, SayWhichEndsAreInside) {
  Band band;
  band.series.signal = Code::kWeight;
  band.measure = NewestValue{};
  band.low = {quantity("80 kg")};
  band.high = {quantity("90 kg")};
  band.isHighInside = false;
  for (const auto& [newest, told] :
       {Row{"weight 79.9 kg", ""}, Row{"weight 80 kg", "raised P2"},
        Row{"weight 89.9 kg", "raised P2"}, Row{"weight 90 kg", ""}, Row{"weight HI kg", ""}}) {
    RuleWatch watch(ruleOf(Code::kWeight, {level(Priority::kP2, {band})}));
    EXPECT_EQ(watch.gives("10:00", newest), told) << newest;
  }
}

TEST(Age, MakesAnOldReadingUnknown) {
  Compare recent = compare(Code::kSpo2, Comparison::kAtMost, {"92 %"});
  recent.maximumAge = hours{24};
  Rule rule =
      ruleOf(Code::kWeight,
             {level(Priority::kP2,
                    {All{{{compare(Code::kWeight, Comparison::kAbove, {"90 kg"})}, {recent}}}})});
  rule.signals = {Code::kWeight, Code::kSpo2};
  RuleWatch watch(rule);
  EXPECT_EQ(watch.gives("2026-11-23T08:00", "spo2 90 %"), "");
  EXPECT_EQ(watch.gives("08:00", "weight 91 kg"), "raised P2");
  EXPECT_EQ(watch.gives("08:01", "weight 91 kg"), "unknown");
}

TEST(Exact, RefusesWhatDoesNotFitAndStaysRightAtTheEdge) {
  const Wide most = (Wide{1} << 126);
  EXPECT_EQ(times(most, Wide{2}), std::nullopt);
  EXPECT_EQ(compare({most, 1, 0}, {1, most, 0}), std::strong_ordering::greater);
  EXPECT_EQ(compare({most, 1, 30}, {most, 1, -30}), std::strong_ordering::greater);
  EXPECT_EQ(compare({-most, 1, 30}, {-1, 1, 0}), std::strong_ordering::less);
  EXPECT_EQ(compare({most, 3, 0}, {most, most, 0}), std::nullopt);
  EXPECT_EQ(shown({2, 3, 0}, 6), Decimal(666667, -6));
  EXPECT_EQ(shown({1, 8, 0}, 2), Decimal(12, -2));
  EXPECT_EQ(shownRoot({2, 1, 0}), Decimal(141, -2));
}

TEST(Exact, KeepsHugeNumbersFromBeingAnything) {
  RuleWatch watch =
      weightWatch(ZScore{RollingBaseline{Statistic::kMean, {hours{168}, 0, 0}, 1, 0, 2}},
                  Comparison::kAbove, "1 1");
  for (const char* at : {"08:00", "08:10", "08:20", "08:30"}) {
    EXPECT_EQ(watch.gives(at, "weight 999999999999999999 kg"), "") << at;
  }
}

}  // namespace
}  // namespace vardnav::rules
