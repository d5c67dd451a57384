// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Every row of the table of default limits, and what stands under it, through the shipped
// templates: both sides of every boundary, in every unit. Sources are in the templates.
#include <gtest/gtest.h>

#include "rules/document/rule_set.h"
#include "tests/rules/rule_watch.h"

namespace vardnav::rules {
namespace {

/// One reading of somebody who cannot be asked to measure again, so that all is told at once.
std::string first(const std::string& name, const std::string& reading) {
  RuleWatch watch(shipped(name));
  watch.context.canMeasureAgain = false;
  watch.context.prescribed["spo2-target"] = {{quantity("88 %"), UtcTime::min()}};
  watch.context.facts[Fact::kOnOxygen] = {{true, UtcTime::min()}};
  if (name != "spo2-ordinary") {
    watch.context.facts[Fact::kHypercapniaConfirmed] = {{true, UtcTime::min()}};
  }
  return watch.gives("10:00", reading);
}

struct Row {
  const char* rule;
  const char* reading;
  const char* told;  ///< without " unconfirmed", which says whether the level has a gate
  bool isGated = false;
};

class Table : public ::testing::TestWithParam<Row> {};

TEST_P(Table, IsTold) {
  const auto& [rule, reading, told, isGated] = GetParam();
  const std::string expected = std::string(told) + (isGated ? " unconfirmed" : "");
  EXPECT_EQ(first(rule, reading), expected) << rule << " " << reading;
}

constexpr bool kGated = true;

INSTANTIATE_TEST_SUITE_P(
    Glucose, Table,
    ::testing::Values(
        // Level 1 is below 3.9 (not at 3.9, as in texts of 2017), level 2 below 3.0: strict, each
        // unit against its own limit, without rounding. 54 mg/dL is 2.997 mmol/L and 70 mg/dL
        // 3.886, but neither is below its limit; 181 and 251 mg/dL are above theirs.
        Row{"glucose-low", "glucose 3.9 mmol/L", ""},
        Row{"glucose-low", "glucose 3.89 mmol/L", "raised P3", kGated},
        Row{"glucose-low", "glucose 3.8 mmol/L", "raised P3", kGated},
        Row{"glucose-low", "glucose 3.0 mmol/L", "raised P3", kGated},
        Row{"glucose-low", "glucose 2.99 mmol/L", "raised P1"},
        Row{"glucose-low", "glucose 70 mg/dL", ""},
        Row{"glucose-low", "glucose 69 mg/dL", "raised P3", kGated},
        Row{"glucose-low", "glucose 54 mg/dL", "raised P3", kGated},
        Row{"glucose-low", "glucose 53 mg/dL", "raised P1"},
        Row{"glucose-low", "glucose LO mg/dL", "raised P1"},
        Row{"glucose-low", "glucose LO mmol/L", "raised P1"},
        Row{"glucose-low", "glucose HI mg/dL", ""},
        Row{"glucose-above-range", "glucose HI mg/dL", "raised P1"},
        Row{"glucose-above-range", "glucose HI mmol/L", "raised P1"},
        Row{"glucose-above-range", "glucose 33.3 mmol/L", ""},
        Row{"glucose-above-range", "glucose LO mmol/L", ""},
        // One high value alone is nothing: 9.0 after a meal is an aim, not a limit.
        Row{"glucose-high", "glucose 25.0 mmol/L", ""},
        Row{"glucose-pattern", "glucose 25.0 mmol/L", ""}, Row{"ketones", "ketone 0.5 mmol/L", ""},
        Row{"ketones", "ketone 0.59 mmol/L", ""}, Row{"ketones", "ketone 0.6 mmol/L", "raised P2"},
        Row{"ketones", "ketone 1.5 mmol/L", "raised P2"},
        Row{"ketones", "ketone 1.55 mmol/L", "raised P2"},  // the gap closes upwards
        Row{"ketones", "ketone 1.6 mmol/L", "raised P1"},
        Row{"ketones", "ketone 3.1 mmol/L", "raised P1"},
        Row{"ketones", "ketone HI mmol/L", "raised P1"}));

INSTANTIATE_TEST_SUITE_P(
    Spo2, Table,
    ::testing::Values(Row{"spo2-ordinary", "spo2 96 %", ""}, Row{"spo2-ordinary", "spo2 95 %", ""},
                      Row{"spo2-ordinary", "spo2 94 %", ""},  // score 1 colours the chart
                      Row{"spo2-ordinary", "spo2 93.9 %", "raised P2", kGated},
                      Row{"spo2-ordinary", "spo2 93 %", "raised P2", kGated},
                      Row{"spo2-ordinary", "spo2 92 %", "raised P2", kGated},
                      Row{"spo2-ordinary", "spo2 91.5 %", "raised P1", kGated},
                      Row{"spo2-ordinary", "spo2 91 %", "raised P1", kGated},
                      Row{"spo2-hypercapnia", "spo2 88 %", ""},
                      Row{"spo2-hypercapnia", "spo2 87 %", ""},
                      Row{"spo2-hypercapnia", "spo2 86 %", ""},
                      Row{"spo2-hypercapnia", "spo2 85.5 %", "raised P2", kGated},
                      Row{"spo2-hypercapnia", "spo2 85 %", "raised P2", kGated},
                      Row{"spo2-hypercapnia", "spo2 84 %", "raised P2", kGated},
                      Row{"spo2-hypercapnia", "spo2 83.5 %", "raised P1", kGated},
                      Row{"spo2-hypercapnia", "spo2 83 %", "raised P1", kGated},
                      // Too much oxygen: NEWS2 scale 2 scores 1 at 93-94, 2 from 95.
                      Row{"spo2-above-target", "spo2 92 %", ""},
                      Row{"spo2-above-target", "spo2 94 %", ""},
                      Row{"spo2-above-target", "spo2 95 %", "raised P2", kGated},
                      Row{"spo2-above-target", "spo2 99 %", "raised P2", kGated}));

INSTANTIATE_TEST_SUITE_P(
    VitalSigns, Table,
    ::testing::Values(Row{"blood-pressure", "systolic 90 mm[Hg]", "raised P1", kGated},
                      Row{"blood-pressure", "systolic 90.5 mm[Hg]", "raised P1", kGated},
                      Row{"blood-pressure", "systolic 91 mm[Hg]", "raised P2", kGated},
                      Row{"blood-pressure", "systolic 100 mm[Hg]", "raised P2", kGated},
                      Row{"blood-pressure", "systolic 101 mm[Hg]", ""},
                      Row{"blood-pressure", "systolic 110 mm[Hg]", ""},  // score 1
                      Row{"blood-pressure", "systolic 179 mm[Hg]", ""},
                      Row{"blood-pressure", "systolic 180 mm[Hg]", "raised P2", kGated},
                      Row{"blood-pressure", "systolic 219 mm[Hg]", "raised P2", kGated},
                      Row{"blood-pressure", "systolic 220 mm[Hg]", "raised P1", kGated},
                      Row{"blood-pressure", "systolic 120 mm[Hg], diastolic 109 mm[Hg]", ""},
                      Row{"blood-pressure", "systolic 120 mm[Hg], diastolic 110 mm[Hg]",
                          "raised P2", kGated},
                      Row{"pulse", "pulse 40 /min", "raised P1", kGated},
                      Row{"pulse", "pulse 40.5 /min", "raised P1", kGated},
                      Row{"pulse", "pulse 41 /min", ""}, Row{"pulse", "pulse 50 /min", ""},
                      Row{"pulse", "pulse 91 /min", ""}, Row{"pulse", "pulse 110 /min", ""},
                      Row{"pulse", "pulse 110.5 /min", ""},
                      Row{"pulse", "pulse 111 /min", "raised P2", kGated},
                      Row{"pulse", "pulse 130 /min", "raised P2", kGated},
                      Row{"pulse", "pulse 131 /min", "raised P1", kGated},
                      Row{"temperature", "temperature 35.0 Cel", "raised P2", kGated},
                      Row{"temperature", "temperature 35.05 Cel", "raised P2", kGated},
                      Row{"temperature", "temperature 35.1 Cel", ""},
                      Row{"temperature", "temperature 38.1 Cel", ""},
                      Row{"temperature", "temperature 39.05 Cel", ""},
                      Row{"temperature", "temperature 39.1 Cel", "raised P2", kGated}));

RuleWatch watchOf(const std::string& name) {
  RuleWatch watch(shipped(name));
  watch.context.canMeasureAgain = false;
  return watch;
}

TEST(TemplateGlucoseLow, IsP2WhenItComesAgainAfterTwoHoursOrIsNotFelt) {
  RuleWatch watch = watchOf("glucose-low");
  watch.expect({{"08:00", "glucose 3.7 mmol/L", "raised P3 unconfirmed"},
                {"09:59:59", "glucose 3.7 mmol/L", ""},
                {"10:00", "glucose 69 mg/dL", "worsened P2 unconfirmed"}});
  // The confirming second measurement is not the second time.
  RuleWatch soon = watchOf("glucose-low");
  soon.expect({{"08:00", "glucose 3.7 mmol/L", "raised P3 unconfirmed"},
               {"08:15", "glucose 3.6 mmol/L", ""}});
  RuleWatch dayAfter = watchOf("glucose-low");
  dayAfter.expect({{"2026-11-23T08:00", "glucose 3.7 mmol/L", "raised P3 unconfirmed"},
                   {"2026-11-24T08:00", "glucose 3.7 mmol/L", "worsened P2 unconfirmed"}});
  RuleWatch later = watchOf("glucose-low");
  later.expect({{"2026-11-23T08:00", "glucose 3.7 mmol/L", "raised P3 unconfirmed"},
                {"2026-11-24T08:00:01", "glucose 3.7 mmol/L", ""}});
  RuleWatch unaware = watchOf("glucose-low");
  unaware.context.facts[Fact::kUnawareOfHypoglycaemia] = {{true, UtcTime::min()}};
  unaware.expect({{"08:00", "glucose 3.9 mmol/L", ""},
                  {"08:10", "glucose 3.8 mmol/L", "raised P2 unconfirmed"}});
  // Insulin alone does not make it P2.
  RuleWatch insulin = watchOf("glucose-low");
  insulin.context.facts[Fact::kInsulinOrSulphonylurea] = {{true, UtcTime::min()}};
  insulin.expect({{"08:00", "glucose 3.8 mmol/L", "raised P3 unconfirmed"}});
}

TEST(TemplateGlucoseHigh, IsP2InTwoOfThreeReadingsTwoHoursApart) {
  RuleWatch watch = watchOf("glucose-high");
  watch.expect({{"08:00", "glucose 14.0 mmol/L", ""},
                {"09:59", "glucose 14.0 mmol/L", ""},
                {"12:00", "glucose 8.0 mmol/L", ""},
                {"14:00", "glucose 251 mg/dL", "raised P2"},
                {"16:00", "glucose 13.9 mmol/L", ""},
                {"18:00", "glucose 11.8 mmol/L", "cleared P2"}});
  RuleWatch limit = watchOf("glucose-high");
  limit.expect({{"08:00", "glucose 13.9 mmol/L", ""},
                {"10:00", "glucose 250 mg/dL", ""},
                {"12:00", "glucose 13.91 mmol/L", ""},
                {"14:00", "glucose HI mmol/L", "raised P2"}});
}

TEST(TemplateGlucosePattern, IsP3AtTheSeventhHighReadingOfAWeek) {
  RuleWatch watch = watchOf("glucose-pattern");
  for (int hour = 8; hour < 20; hour += 2) {
    const std::string at = std::string(hour < 10 ? "0" : "") + std::to_string(hour) + ":00";
    EXPECT_EQ(watch.gives(at, "glucose 181 mg/dL"), "") << at;
  }
  EXPECT_EQ(watch.gives("20:00", "glucose 10.0 mmol/L"), "");
  EXPECT_EQ(watch.gives("22:00", "glucose 10.1 mmol/L"), "raised P3");
}

TEST(TemplateKetones, AreAskedForOnAnSglt2InhibitorWhateverTheGlucose) {
  RuleWatch watch = watchOf("ketone-question-sglt2");
  watch.context.facts[Fact::kSglt2Inhibitor] = {{true, UtcTime::min()}};
  watch.expect({{"2026-11-22T08:00", "ketone 0.1 mmol/L", ""},
                {"2026-11-25T00:00", "", "unknown"},  // no ketones for a day, and no answer
                {"2026-11-25T10:00", "breathless 0 1", ""},
                {"2026-11-25T11:00", "breathless 1 1", "raised P2"},
                {"2026-11-25T11:30", "ketone 0.2 mmol/L", "cleared P2"}});
  RuleWatch other = watchOf("ketone-question-sglt2");
  other.expect(
      {{"2026-11-22T08:00", "ketone 0.1 mmol/L", ""}, {"2026-11-25T11:00", "breathless 1 1", ""}});
}

TEST(TemplateUnconfirmed, IsNeverSilent) {
  for (const char* low :
       {"glucose 2.9 mmol/L", "glucose 53 mg/dL", "glucose LO mg/dL", "glucose HI mmol/L"}) {
    RuleWatch watch(builtInRules().front());
    EXPECT_EQ(watch.gives("10:00", std::string(low) + " +person-unconfirmed"), "raised P2") << low;
    EXPECT_EQ(watch.gives("10:01", std::string(low) + " +person-unconfirmed"), "raised P2") << low;
  }
  RuleWatch watch(builtInRules().front());
  watch.expect({{"10:00", "glucose 3.0 mmol/L +person-unconfirmed", ""},
                {"10:10", "glucose 2.5 mmol/L", ""}});
}

TEST(TemplateWeight, IsTwoKilogramsInSeventyTwoHoursBothWays) {
  RuleWatch gain = watchOf("weight-gain");
  gain.expect({{"2026-11-21T06:00", "weight 80.0 kg", ""},
               {"2026-11-23T06:00", "weight 82.0 kg", ""},
               {"2026-11-24T05:00", "weight 82.1 kg", "raised P2"},
               {"2026-11-24T06:00", "weight 90.0 kg", ""},  // not the day's first
               {"2026-11-25T06:00", "weight 83.6 kg", ""},
               {"2026-11-26T06:00", "weight 83.5 kg", "cleared P2"}});  // 1.5 above 82.0
  RuleWatch edge = watchOf("weight-gain");
  edge.expect({{"2026-11-21T06:00", "weight 80.0 kg", ""},
               {"2026-11-24T06:00", "weight 82.1 kg", "raised P2"}});
  RuleWatch beyond = watchOf("weight-gain");
  beyond.expect(
      {{"2026-11-21T06:00", "weight 80.0 kg", ""}, {"2026-11-24T06:00:01", "weight 82.1 kg", ""}});
  RuleWatch afternoon = watchOf("weight-gain");
  afternoon.expect({{"2026-11-23T06:00", "weight 80.0 kg", ""},
                    {"2026-11-24T11:00", "weight 83.0 kg", ""}});  // noon in Sweden
  RuleWatch loss = watchOf("weight-loss");
  loss.expect({{"2026-11-22T06:00", "weight 82.0 kg", ""},
               {"2026-11-23T06:00", "weight 80.0 kg", ""},
               {"2026-11-24T06:00", "weight 79.9 kg", "raised P2"}});
}

TEST(TemplateWeight, IsP1OnlyTogetherWithSymptomsSaturationOrPressure) {
  for (const char* with : {"breathless 1 1", "swelling 1 1", "systolic 100 mm[Hg]",
                           "systolic 180 mm[Hg]", "spo2 84 %"}) {
    RuleWatch watch = watchOf("weight-gain");
    watch.context.prescribed["spo2-target"] = {{quantity("88 %"), UtcTime::min()}};
    watch.expect({{"2026-11-22T06:00", "weight 80.0 kg", ""},
                  {"2026-11-24T06:00", "weight 82.5 kg", "raised P2"},
                  {"2026-11-24T06:30", with, "worsened P1"}});
  }
  for (const char* without : {"breathless 0 1", "systolic 101 mm[Hg]", "spo2 85 %"}) {
    RuleWatch watch = watchOf("weight-gain");
    watch.context.prescribed["spo2-target"] = {{quantity("88 %"), UtcTime::min()}};
    watch.expect({{"2026-11-22T06:00", "weight 80.0 kg", ""},
                  {"2026-11-24T06:00", "weight 82.5 kg", "raised P2"},
                  {"2026-11-24T06:30", without, ""}});
  }
  RuleWatch untargeted = watchOf("weight-gain");
  untargeted.expect({{"2026-11-22T06:00", "weight 80.0 kg", ""},
                     {"2026-11-24T06:00", "weight 82.5 kg", "raised P2"},
                     {"2026-11-24T06:30", "spo2 70 %", ""}});
}

TEST(TemplateWeight, DriftIsP3) {
  RuleWatch watch = watchOf("weight-drift");
  const char* days[] = {"10", "11", "12", "13", "14", "15", "16", "17", "18"};
  std::string told;
  for (const char* day : days) {
    const bool isLate = std::string_view(day) >= "15";
    told += watch.gives("2026-11-" + std::string(day) + "T06:00",
                        isLate ? "weight 84.0 kg" : "weight 80.0 kg");
  }
  EXPECT_EQ(told, "raised P3");
}

TEST(TemplatePef, FallsAgainstTheMedianOfThirtyDaysWithoutTheNewestTwo) {
  const auto baseline = [] {
    RuleWatch watch = watchOf("pef-fall");
    for (int day = 10; day < 17; ++day) {
      watch.gives("2026-11-" + std::to_string(day) + "T06:00", "pef 300 L/min");
    }
    return watch;
  };
  RuleWatch mild = baseline();
  mild.expect({{"2026-11-18T06:00", "pef 273 L/min", ""},             // 91 %
               {"2026-11-18T06:10", "pef 240 L/min", ""},             // of the first session
               {"2026-11-19T06:00", "pef 273 L/min", "raised P3"}});  // the second day
  RuleWatch above = baseline();
  above.expect(
      {{"2026-11-18T06:00", "pef 273 L/min", ""}, {"2026-11-19T06:00", "pef 274 L/min", ""}});
  RuleWatch severe = baseline();
  severe.expect({{"2026-11-18T06:00", "pef 250 L/min", ""},
                 {"2026-11-19T06:00", "pef 249 L/min", "raised P2"}});  // 83 %
  RuleWatch few = watchOf("pef-fall");
  few.expect(
      {{"2026-11-10T06:00", "pef 300 L/min", ""}, {"2026-11-18T06:00", "pef 100 L/min", ""}});
  RuleWatch best = watchOf("pef-fall");
  best.context.prescribed["pef-personal-best"] = {{quantity("400 L/min"), UtcTime::min()}};
  best.expect({{"2026-11-18T06:00", "pef 200 L/min", ""},
               {"2026-11-18T07:00", "breathless 1 1", ""},
               {"2026-11-19T06:00", "pef 199 L/min", "raised P1"}});
}

TEST(TemplateSpirometry, FallsBelowTheWeeksSpreadForFev1AndFvcEach) {
  for (const char* code : {"fev1", "fvc"}) {
    RuleWatch watch = watchOf(std::string(code) + "-week");
    const auto blow = [&](const char* at, const char* litres) {
      return watch.gives(at, std::string(code) + " " + litres + " L");
    };
    // Mean 2.00, sample standard deviation 0.10: the limit is 1.8355.
    for (const auto& [at, litres] : {std::pair{"2026-11-18T06:00", "1.90"},
                                     {"2026-11-19T06:00", "2.10"},
                                     {"2026-11-20T06:00", "1.90"},
                                     {"2026-11-21T06:00", "2.10"}}) {
      EXPECT_EQ(blow(at, litres), "");
    }
    EXPECT_EQ(blow("2026-11-21T12:00", "1.00"), "");  // four before it: too few
    EXPECT_EQ(watch.corrects(5, std::string(code) + " 2.00 L", "2026-11-21T12:01"), "");
    EXPECT_EQ(blow("2026-11-22T06:00", "1.84"), "");
    EXPECT_EQ(watch.corrects(6, std::string(code) + " 1.83 L", "2026-11-22T06:01"),
              "raised P3 at 2026-11-22T06:00");
    EXPECT_EQ(blow("2026-11-22T18:00", "1.50"), "worsened P2");
  }
}

TEST(TemplatePressureMean, IsP3FromAMeanOf135OfThreeReadings) {
  RuleWatch watch = watchOf("blood-pressure-mean");
  watch.expect({{"2026-11-20T06:00", "systolic 135 mm[Hg]", ""},
                {"2026-11-21T06:00", "systolic 136 mm[Hg]", ""},
                {"2026-11-22T06:00", "systolic 134 mm[Hg]", "raised P3 unconfirmed"}});
  RuleWatch below = watchOf("blood-pressure-mean");
  below.expect({{"2026-11-20T06:00", "systolic 135 mm[Hg]", ""},
                {"2026-11-21T06:00", "systolic 135 mm[Hg]", ""},
                {"2026-11-22T06:00", "systolic 134 mm[Hg]", ""}});
  RuleWatch old = watchOf("blood-pressure-mean");
  old.expect({{"2026-11-17T06:00", "systolic 150 mm[Hg]", ""},
              {"2026-11-23T06:00", "systolic 150 mm[Hg]", ""},
              {"2026-11-24T06:00", "systolic 150 mm[Hg]", ""}});
}

TEST(TemplateSpo2, DoesNotRunWithoutATargetNorOnTheOtherScale) {
  for (const char* name : {"spo2-ordinary", "spo2-hypercapnia", "spo2-above-target"}) {
    RuleWatch watch = watchOf(name);
    EXPECT_EQ(watch.gives("10:00", "spo2 70 %"), "") << name;
    EXPECT_EQ(watch.gives("10:10", "spo2 99 %"), "") << name;
  }
  RuleWatch ordinary = watchOf("spo2-ordinary");
  ordinary.context.prescribed["spo2-target"] = {{quantity("88 %"), UtcTime::min()}};
  ordinary.context.facts[Fact::kHypercapniaConfirmed] = {{true, UtcTime::min()}};
  EXPECT_EQ(ordinary.gives("10:00", "spo2 89 %"), "");
  RuleWatch hypercapnia = watchOf("spo2-hypercapnia");
  hypercapnia.context.prescribed["spo2-target"] = {{quantity("88 %"), UtcTime::min()}};
  EXPECT_EQ(hypercapnia.gives("10:00", "spo2 80 %"), "");
}

TEST(TemplateGate, IsDecidedByASecondMeasurement) {
  RuleWatch watch(shipped("blood-pressure"));
  watch.expect({{"10:00", "systolic 185 mm[Hg], diastolic 90 mm[Hg]", "candidate P2"},
                {"10:05", "systolic 170 mm[Hg], diastolic 90 mm[Hg]", "dismissed P2"},
                {"11:00", "systolic 88 mm[Hg], diastolic 60 mm[Hg]", "candidate P1"},
                {"11:15", "systolic 89 mm[Hg], diastolic 60 mm[Hg]", "raised P1 confirmed"}});
}

TEST(TemplateMissing, RemindsThePatientFirst) {
  RuleWatch watch = watchOf("readings-missing");
  watch.expect({{"06:00", "weight 80 kg", ""},
                {"2026-11-25T10:59", "", ""},
                {"2026-11-25T11:00", "", "reminder"},
                {"2026-11-25T18:59", "", ""},
                {"2026-11-25T19:00", "", "raised P3"},
                {"2026-11-25T19:10", "glucose NaN mmol/L", ""},
                {"2026-11-25T19:20", "glucose HI mmol/L", "cleared P3"}});
}

TEST(Templates, AreWholeAndNeverActiveByThemselves) {
  for (const std::string& name : templateNames()) {
    const Rule rule = shipped(name);
    for (const Level& level : rule.levels) {
      EXPECT_FALSE(level.clinician.sv.empty() || level.clinician.en.empty()) << name;
      EXPECT_FALSE(level.patient.sv.empty() || level.patient.en.empty()) << name;
    }
    const bool isBuiltIn = name == "glucose-unconfirmed";
    EXPECT_NE(templateText(name).find("not active until then"), std::string::npos) << name;
    EXPECT_EQ(builtInRules().front().id == rule.id, isBuiltIn);
  }
}

}  // namespace
}  // namespace vardnav::rules
