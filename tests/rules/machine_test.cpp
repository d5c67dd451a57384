// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Levels, clearing, cool-downs, persistence, pauses, versions, doubtful readings.
#include <gtest/gtest.h>

#include "tests/rules/rule_watch.h"

namespace vardnav::rules {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Compare systolic(Comparison is, const char* limit) { return compare(Code::kSystolic, is, {limit}); }

/// P2 from 180, P3 from 160, P1 from 220 mm[Hg]; nothing gated.
Rule pressure() {
  return ruleOf(Code::kSystolic,
                {level(Priority::kP1, {systolic(Comparison::kAtLeast, "220 mm[Hg]")}),
                 level(Priority::kP2, {systolic(Comparison::kAtLeast, "180 mm[Hg]")}),
                 level(Priority::kP3, {systolic(Comparison::kAtLeast, "160 mm[Hg]")})});
}

Rule withClear(const char* below) {
  Rule rule = pressure();
  rule.clear.when = Condition{systolic(Comparison::kBelow, below)};
  return rule;
}

TEST(Levels, TellTheHighestThatHoldsAndNoEasing) {
  RuleWatch watch(pressure());
  watch.expect({{"10:00", "systolic 150 mm[Hg]", ""},
                {"10:10", "systolic 165 mm[Hg]", "raised P3"},
                {"10:20", "systolic 170 mm[Hg]", ""},
                {"10:30", "systolic 185 mm[Hg]", "worsened P2"},
                {"10:40", "systolic 165 mm[Hg]", ""},
                {"10:50", "systolic 181 mm[Hg]", ""},
                {"11:00", "systolic 159 mm[Hg]", "cleared P2"},
                {"11:10", "systolic 165 mm[Hg]", "raised P3"}});
}

TEST(Levels, TellEveryFurtherP1Reading) {
  RuleWatch watch(pressure());
  watch.expect({{"10:00", "systolic 220 mm[Hg]", "raised P1"},
                {"10:10", "systolic 221 mm[Hg]", "raised P1"},
                {"10:20", "systolic 190 mm[Hg]", ""},
                {"10:30", "systolic 230 mm[Hg]", "raised P1"},
                {"10:40", "systolic 120 mm[Hg]", "cleared P1"},
                {"10:50", "systolic 230 mm[Hg]", "raised P1"}});
}

TEST(Levels, CountAlsoWhileAHigherOneIsUnknown) {
  Rule rule = pressure();
  rule.signals = {Code::kSystolic, Code::kPulse};
  rule.levels[0].when = {All{{{systolic(Comparison::kAtLeast, "180 mm[Hg]")},
                              {compare(Code::kPulse, Comparison::kAtLeast, {"131 /min"})}}}};
  RuleWatch watch(rule);
  watch.expect(
      {{"10:00", "systolic 185 mm[Hg]", "raised P2"}, {"10:10", "pulse 140 /min", "worsened P1"}});
}

TEST(Levels, JudgeTheObservationsOfOneReadingTogether) {
  Rule rule = pressure();
  rule.signals = {Code::kSystolic, Code::kPulse};
  rule.levels = {
      level(Priority::kP2, {All{{{systolic(Comparison::kAtLeast, "180 mm[Hg]")},
                                 {compare(Code::kPulse, Comparison::kAtLeast, {"111 /min"})}}}})};
  RuleWatch watch(rule);
  watch.expect({{"10:00", "systolic 185 mm[Hg],pulse 115 /min", "raised P2"},
                {"10:10", "systolic 170 mm[Hg],pulse 115 /min", "cleared P2"}});
  EXPECT_EQ(watch.last.size(), 1U);
}

TEST(Levels, JudgeTwinsOfOneSignalOneAfterTheOther) {
  RuleWatch watch(pressure());
  EXPECT_EQ(watch.gives("10:00", "systolic 230 mm[Hg],systolic 120 mm[Hg]"),
            "raised P1, cleared P1");
}

TEST(Clear, NeedsItsOwnConditionWhereThereIsOne) {
  RuleWatch watch(withClear("150 mm[Hg]"));
  watch.expect({{"10:00", "systolic 165 mm[Hg]", "raised P3"},
                {"10:10", "systolic 150 mm[Hg]", ""},  // the dead band
                {"10:20", "systolic 165 mm[Hg]", ""},
                {"10:30", "systolic 149 mm[Hg]", "cleared P3"},
                {"10:40", "systolic 140 mm[Hg]", ""}});
}

TEST(Unknown, NeitherRaisesNorClearsAndIsToldWhenItBegins) {
  RuleWatch watch(pressure());
  watch.expect({{"09:00", "systolic NaN mm[Hg]", ""},  // rules begin unknown
                {"10:00", "systolic 120 mm[Hg]", ""},
                {"10:10", "systolic NaN mm[Hg]", "unknown"},
                {"10:20", "systolic NaN mm[Hg]", ""},
                {"10:30", "systolic 185 mm[Hg]", "raised P2"},
                {"10:40", "systolic NaN mm[Hg]", "unknown"},
                {"10:50", "systolic 120 mm[Hg]", "cleared P2"}});
}

TEST(Unknown, IsAReadingInAUnitThatDoesNotMeasureTheSignal) {
  RuleWatch watch(pressure());
  watch.expect({{"10:00", "systolic 120 mm[Hg]", ""}, {"10:10", "systolic 300 kg", "unknown"}});
}

Rule cooling() {
  Rule rule = pressure();
  rule.coolDown = hours{4};
  return rule;
}

TEST(CoolDown, HoldsTheSamePriorityAndRaisesAtItsEndIfItHoldsThen) {
  RuleWatch watch(cooling());
  watch.expect({{"10:00", "systolic 185 mm[Hg]", "raised P2"},
                {"11:00", "systolic 150 mm[Hg]", "cleared P2"},
                {"12:00", "systolic 185 mm[Hg]", "held P2"},
                {"12:30", "systolic 190 mm[Hg]", ""},
                {"13:59:59", "", ""},
                {"14:00", "", "raised P2"}});
}

TEST(CoolDown, RaisesNothingAtItsEndIfItHoldsNoLonger) {
  RuleWatch watch(cooling());
  watch.expect({{"10:00", "systolic 185 mm[Hg]", "raised P2"},
                {"11:00", "systolic 150 mm[Hg]", "cleared P2"},
                {"12:00", "systolic 185 mm[Hg]", "held P2"},
                {"13:00", "systolic 150 mm[Hg]", ""},
                {"15:00", "", ""},
                {"15:10", "systolic 185 mm[Hg]", "raised P2"}});
  RuleWatch unknown(cooling());
  unknown.expect({{"10:00", "systolic 185 mm[Hg]", "raised P2"},
                  {"11:00", "systolic 150 mm[Hg]", "cleared P2"},
                  {"12:00", "systolic 185 mm[Hg]", "held P2"},
                  {"13:00", "systolic NaN mm[Hg]", "unknown"},
                  {"14:00", "", ""}});
}

TEST(CoolDown, HoldsLowerPrioritiesButNoHigherOneAndNeverP1) {
  RuleWatch watch(cooling());
  watch.expect({{"10:00", "systolic 185 mm[Hg]", "raised P2"},
                {"10:30", "systolic 150 mm[Hg]", "cleared P2"},
                {"11:00", "systolic 165 mm[Hg]", "held P3"},
                {"11:30", "systolic 225 mm[Hg]", "raised P1"}});
  RuleWatch higher(cooling());
  higher.expect({{"10:00", "systolic 165 mm[Hg]", "raised P3"},
                 {"10:30", "systolic 150 mm[Hg]", "cleared P3"},
                 {"11:00", "systolic 185 mm[Hg]", "raised P2"}});
}

TEST(CoolDown, RunsFromTheLatestRaiseOrWorsening) {
  RuleWatch watch(cooling());
  watch.expect({{"10:00", "systolic 165 mm[Hg]", "raised P3"},
                {"12:00", "systolic 185 mm[Hg]", "worsened P2"},
                {"13:00", "systolic 150 mm[Hg]", "cleared P2"},
                {"14:30", "systolic 185 mm[Hg]", "held P2"},
                {"16:00", "", "raised P2"}});
}

TEST(CoolDown, IsOverAtItsEnd) {
  RuleWatch watch(cooling());
  watch.expect({{"10:00", "systolic 185 mm[Hg]", "raised P2"},
                {"11:00", "systolic 150 mm[Hg]", "cleared P2"},
                {"14:00", "systolic 185 mm[Hg]", "raised P2"}});
}

Rule persisting() {
  Rule rule = pressure();
  rule.levels = {rule.levels[1]};
  rule.levels[0].persistence = hours{2};
  return rule;
}

TEST(Persistence, IsDecidedByAReadingAtOrAfterIt) {
  RuleWatch watch(persisting());
  watch.expect({{"10:00", "systolic 185 mm[Hg]", ""},
                {"11:59:59", "systolic 185 mm[Hg]", ""},
                {"12:00", "systolic 185 mm[Hg]", "raised P2"}});
  RuleWatch byClock(persisting());
  byClock.expect({{"10:00", "systolic 185 mm[Hg]", ""},
                  {"18:00", "", ""},
                  {"18:01", "systolic 185 mm[Hg]", "raised P2"}});
}

TEST(Persistence, StartsAnewAfterAFalseReadingButNotAfterAnUnknownOne) {
  RuleWatch watch(persisting());
  watch.expect({{"10:00", "systolic 185 mm[Hg]", ""},
                {"11:00", "systolic 150 mm[Hg]", ""},
                {"12:00", "systolic 185 mm[Hg]", ""},
                {"13:00", "systolic NaN mm[Hg]", "unknown"},
                {"14:00", "systolic 185 mm[Hg]", "raised P2"}});
}

Pause pause(const char* from, const char* until) { return {{}, moment(from), moment(until)}; }

TEST(PauseOfARule, TellsNothingFromItsStartUntilItsEnd) {
  RuleWatch watch(pressure());
  watch.context.pauses = {pause("11:00", "12:00")};
  watch.expect({{"10:59:59", "systolic 165 mm[Hg]", "raised P3"},
                {"11:00", "systolic 185 mm[Hg]", "paused"},
                {"11:30", "systolic 120 mm[Hg]", ""},
                {"11:40", "systolic 120 mm[Hg] +bad-blow", ""},
                {"11:59:59", "systolic NaN mm[Hg]", ""},
                {"12:00", "systolic 165 mm[Hg]", "resumed, unknown"}});
}

TEST(PauseOfARule, IsJudgedAtItsEndOnWhatIsKnown) {
  RuleWatch raised(pressure());
  raised.context.pauses = {pause("11:00", "12:00")};
  raised.expect({{"11:30", "systolic 185 mm[Hg]", "paused"}, {"12:00", "", "resumed, raised P2"}});
  RuleWatch cleared(pressure());
  cleared.context.pauses = {pause("11:00", "12:00")};
  cleared.expect({{"10:00", "systolic 185 mm[Hg]", "raised P2"},
                  {"11:00", "", "paused"},
                  {"11:30", "systolic 120 mm[Hg]", ""},
                  {"12:00", "", "resumed, cleared P2"}});
}

TEST(PauseOfARule, TellsWhatCameLateInsideAtItsEndAlsoIfThatIsSooner) {
  RuleWatch watch(pressure());
  watch.context.pauses = {pause("11:00", "14:00")};
  watch.expect({{"10:00", "systolic 120 mm[Hg]", ""}});
  EXPECT_EQ(watch.gives("10:30", "systolic 185 mm[Hg]", "11:30"), "paused");
  watch.context.pauses = {pause("11:00", "12:00")};
  EXPECT_EQ(watch.until("13:00"), "resumed, raised P2 at 10:30 late");
}

TEST(PauseOfARule, TellsWhatCameLateInsideAlsoIfItIsTakenOutOfTheContext) {
  RuleWatch watch(pressure());
  watch.context.pauses = {pause("11:00", "14:00")};
  watch.expect({{"10:00", "systolic 120 mm[Hg]", ""}});
  // The clock has not run since: the pause has not begun for the rule.
  Observation late = watch.history.all.front();
  late.reading.octets[0] = 1;
  late.value = Value::of(Decimal(185, 0));
  late.at = moment("10:30");
  watch.history.all.push_back(late);
  EXPECT_TRUE(arrive(watch.lineage(), watch.context, watch.state, {std::span(&late, 1), {}},
                     watch.history, moment("11:30"))
                  ->empty());
  watch.context.pauses.clear();
  EXPECT_EQ(watch.until("11:40"), "raised P2 at 10:30");
}

TEST(PauseOfARule, KeepsNoMoreThanItMayAndTellsTheRestTooSoon) {
  RuleWatch watch(pressure());
  watch.context.pauses = {pause("11:00", "14:00")};
  watch.expect({{"05:00", "systolic 120 mm[Hg]", ""}, {"11:00", "", "paused"}});
  std::size_t tooSoon = 0;
  constexpr int kLines = 74;
  for (int i = 0; i < kLines; ++i) {
    const std::string at = toRfc3339(moment("06:00") + minutes{4 * i}).substr(11, 5);
    const char* reading = i % 2 == 0 ? "systolic 185 mm[Hg]" : "systolic 100 mm[Hg]";
    if (!watch.gives(at, reading, "12:00").empty()) ++tooSoon;
  }
  EXPECT_EQ(watch.state.unspoken.size(), kMostUnspoken);
  EXPECT_EQ(tooSoon, kLines - kMostUnspoken);
}

TEST(PauseOfARule, TakesPausesThatMeetForOne) {
  RuleWatch watch(pressure());
  watch.context.pauses = {pause("12:00", "13:00"), pause("11:00", "12:00"),
                          pause("11:10", "11:20")};
  watch.expect({{"11:00", "", "paused"}, {"12:59:59", "", ""}, {"13:00", "", "resumed"}});
}

TEST(PauseOfARule, HoldsNoOtherRuleAndNoFloorRule) {
  RuleWatch other(pressure());
  other.context.pauses = {pause("11:00", "12:00")};
  other.context.pauses[0].rules = {RuleId("weight-gain")};
  other.expect({{"11:30", "systolic 185 mm[Hg]", "raised P2"}});
  Rule rule = pressure();
  rule.isFloor = true;
  RuleWatch floor(rule);
  floor.context.pauses = {pause("11:00", "12:00")};
  floor.expect({{"11:30", "systolic 185 mm[Hg]", "raised P2"}});
  Pause naming = pause("11:00", "12:00");
  EXPECT_EQ(refusalOf(naming, rule), std::nullopt);
  naming.rules = {rule.id};
  EXPECT_EQ(refusalOf(naming, rule), "rule is a floor rule and cannot be paused");
  rule.isFloor = false;
  EXPECT_EQ(refusalOf(naming, rule), std::nullopt);
}

TEST(PauseOfARule, TakesAwayAGateAndAsksAnewWhereASecondReadingWouldCount) {
  Rule rule = pressure();
  rule.levels[1].isGated = true;
  rule.levels.pop_back();
  RuleWatch soon(rule);
  soon.context.pauses = {pause("10:05", "10:10")};
  soon.expect({{"10:00", "systolic 185 mm[Hg]", "candidate P2"},
               {"10:05", "", "paused"},
               {"10:10", "", "resumed, candidate P2"},
               {"10:15", "", "raised P2 unconfirmed at 10:00"}});
  RuleWatch later(rule);
  later.context.pauses = {pause("10:05", "10:30")};
  later.expect({{"10:00", "systolic 185 mm[Hg]", "candidate P2"},
                {"10:30", "", "paused, resumed, raised P2 unconfirmed"}});
}

TEST(Versions, JudgeFromTheirTimeAndTakeOverOpenAlerts) {
  Rule second = pressure();
  second.version = 2;
  second.hash = "2";
  second.levels = {level(Priority::kP2, {systolic(Comparison::kAtLeast, "170 mm[Hg]")})};
  RuleWatch watch({{pressure()}, {second, moment("12:00")}});
  watch.expect({{"10:00", "systolic 175 mm[Hg]", "raised P3"},
                {"12:00", "", ""},  // activating judges nothing
                {"13:00", "systolic 175 mm[Hg]", "worsened P2"},
                {"14:00", "systolic 165 mm[Hg]", "cleared P2"}});
  EXPECT_EQ(watch.last.at(0).ruleHash, "2");
  // Late data is judged by the version of its own time.
  EXPECT_EQ(watch.gives("11:00", "systolic 185 mm[Hg]", "14:30"),
            "withdrawn worsened P2 at 13:00 late, worsened P2 at 11:00 late");
  EXPECT_EQ(watch.last.at(1).ruleHash, "1");
}

TEST(Versions, SeeInTheirWindowsWhatCameBeforeThem) {
  Rule second = pressure();
  second.hash = "2";
  second.levels = {
      level(Priority::kP2,
            {Repeated{systolic(Comparison::kAtLeast, "160 mm[Hg]"), 2, {hours{24}, 0, 0}, {}}})};
  RuleWatch watch({{pressure()}, {second, moment("12:00")}});
  watch.expect({{"10:00", "systolic 150 mm[Hg]", ""},
                {"11:00", "systolic 165 mm[Hg]", "raised P3"},
                {"13:00", "systolic 165 mm[Hg]", "worsened P2"}});
}

/// A hub that was out of reach learns of a version after its time.
TEST(Versions, SeeTheNewestReadingOfThoseThatCameBeforeTheyWereKnown) {
  Rule second = pressure();
  second.hash = "2";
  second.levels = {level(
      Priority::kP2, {Repeated{systolic(Comparison::kAtLeast, "160 mm[Hg]"), 2, {{}, 0, 2}, {}}})};
  const std::vector<RuleVersion> both = {{pressure()}, {second, moment("10:30")}};
  RuleWatch early(both);
  RuleWatch late(pressure());
  for (RuleWatch* watch : {&early, &late}) {
    watch->expect({{"10:00", "systolic 165 mm[Hg]", "raised P3"}});
    EXPECT_EQ(watch->gives("11:00", "systolic 150 mm[Hg]"), "cleared P3");
  }
  late.knows(both);
  EXPECT_EQ(late.until("11:30"), "");
  for (RuleWatch* watch : {&early, &late}) {
    watch->expect(
        {{"12:00", "systolic 165 mm[Hg]", ""}, {"13:00", "systolic 170 mm[Hg]", "raised P2"}});
  }
}

TEST(Versions, JudgeNothingBeforeTheFirst) {
  RuleWatch watch({{pressure(), moment("12:00")}});
  watch.expect(
      {{"10:00", "systolic 250 mm[Hg]", ""}, {"12:00", "systolic 165 mm[Hg]", "raised P3"}});
}

TEST(Needs, KeepARuleFromRunning) {
  Rule rule = pressure();
  rule.needs = {"systolic-target"};
  rule.needsFacts = {Fact::kOnOxygen};
  RuleWatch watch(rule);
  EXPECT_EQ(watch.gives("10:00", "systolic 250 mm[Hg]"), "");
  watch.context.prescribed["systolic-target"] = {{quantity("130 mm[Hg]"), moment("11:00")}};
  watch.context.facts[Fact::kOnOxygen] = {{true, moment("12:00")}, {false, moment("14:00")}};
  watch.expect({{"11:30", "systolic 185 mm[Hg]", ""},
                {"12:30", "systolic 185 mm[Hg]", "raised P2"},
                {"14:00", "systolic 250 mm[Hg]", ""}});
}

TEST(Facts, AreFalseWhereNotMarked) {
  Rule rule = pressure();
  rule.levels = {level(Priority::kP2, {All{{{systolic(Comparison::kAtLeast, "160 mm[Hg]")},
                                            {PatientFact{Fact::kOnOxygen}}}}}),
                 level(Priority::kP3, {All{{{systolic(Comparison::kAtLeast, "160 mm[Hg]")},
                                            {Not{{{PatientFact{Fact::kOnOxygen}}}}}}}})};
  RuleWatch watch(rule);
  watch.context.facts[Fact::kOnOxygen] = {{true, moment("12:00")}};
  watch.expect({{"10:00", "systolic 165 mm[Hg]", "raised P3"},
                {"12:00", "systolic 165 mm[Hg]", "worsened P2"}});
}

TEST(Doubt, CountsNowhereAndSaysWhy) {
  for (const char* flag : {"control-solution", "bad-blow", "person-other", "person-unconfirmed"}) {
    RuleWatch watch(pressure());
    const std::string doubtful = std::string("systolic 120 mm[Hg] +") + flag;
    watch.expect(
        {{"10:00", "systolic 185 mm[Hg]", "raised P2"}, {"10:10", doubtful.c_str(), "gated"}});
    const std::string& why = watch.last.at(0).why.en;
    EXPECT_TRUE(why.ends_with("(" + std::string(flag) + ").")) << why;
    EXPECT_EQ(watch.last.at(0).inputs, std::vector{Patient::keyOf(2)});
    EXPECT_EQ(watch.gives("10:20", "pulse 120 /min +bad-blow"), "");  // of no concern
  }
}

TEST(Doubt, DoesNotLieInASuspectedRepeatOrAManualReading) {
  RuleWatch watch(pressure());
  watch.expect({{"10:00", "systolic 185 mm[Hg] +suspected-repeat", "raised P2"},
                {"10:01", "systolic 120 mm[Hg] +manual", "cleared P2"}});
}

TEST(ClockFault, CountsAtItsReceiveTimeForASingleValueOnly) {
  RuleWatch watch(pressure());
  EXPECT_EQ(watch.gives("03:00", "systolic 185 mm[Hg] +clock-fault", "10:00"), "raised P2");
  EXPECT_EQ(watch.gives("10:10", "systolic 120 mm[Hg]"), "cleared P2");
  Rule rule = pressure();
  rule.levels = {level(Priority::kP2, {compare(Code::kSystolic, Comparison::kAtLeast, {"30 mm[Hg]"},
                                               Rise{{hours{72}, 0, 0}})})};
  RuleWatch windowed(rule);
  windowed.expect({{"08:00", "systolic 120 mm[Hg]", ""},
                   {"09:00", "systolic 130 mm[Hg]", ""},
                   {"10:00", "systolic 200 mm[Hg] +clock-fault", "unknown"},
                   // and it is in nobody's window
                   {"11:00", "systolic 130 mm[Hg]", ""},
                   {"12:00", "systolic 155 mm[Hg]", "raised P2"}});
}

TEST(WhoMeasuredThis, IsRaisedForEachUnconfirmedReadingAndNeverClears) {
  Rule rule =
      ruleOf(Code::kGlucose,
             {level(Priority::kP2,
                    {Any{{{compare(Code::kGlucose, Comparison::kBelow, {"3.0 mmol/L", "54 mg/dL"})},
                          {MeterSays{{Code::kGlucose, {}, {}, {}}, true, false, false}}}}})});
  rule.audience = Audience::kUnconfirmed;
  rule.isFloor = true;
  RuleWatch watch(rule);
  watch.expect({{"10:00", "glucose 2.0 mmol/L", ""},
                {"10:10", "glucose 2.9 mmol/L +person-unconfirmed", "raised P2"},
                {"10:20", "glucose 3.0 mmol/L +person-unconfirmed", ""},
                {"10:30", "glucose LO mmol/L +person-unconfirmed", "raised P2"},
                {"10:40", "glucose HI mg/dL +person-unconfirmed", "raised P2"},
                {"10:50", "glucose 53 mg/dL +person-other", ""},
                {"11:00", "glucose 53 mg/dL +person-unconfirmed +control-solution", ""}});
  // Known to be another's: the ground is gone.
  EXPECT_EQ(watch.corrects(2, "glucose 2.9 mmol/L +person-other", "12:00"),
            "withdrawn raised P2 at 10:10 late");
}

TEST(Verdict, CarriesWhatIsNeededToJudgeItAgain) {
  RuleWatch watch(withClear("150 mm[Hg]"));
  watch.context.version = "7";
  watch.gives("10:00", "systolic 185 mm[Hg]");
  const Verdict verdict = watch.last.at(0);
  EXPECT_EQ(verdict.ruleHash, "1");
  EXPECT_EQ(verdict.contextVersion, "7");
  EXPECT_EQ(verdict.engineVersion, kEngineVersion);
  EXPECT_EQ(verdict.truths,
            (std::vector{Truth::kFalse, Truth::kTrue, Truth::kTrue, Truth::kFalse}));
}

TEST(Verdict, IsAnotherWhenToldAgainAfterBeingWithdrawn) {
  RuleWatch watch(pressure());
  watch.gives("10:00", "systolic 185 mm[Hg]");
  const Key128 first = watch.last.at(0).key;
  EXPECT_EQ(watch.corrects(1, "systolic 120 mm[Hg]", "10:10"), "withdrawn raised P2 at 10:00");
  EXPECT_EQ(watch.corrects(1, "systolic 185 mm[Hg]", "10:20"), "raised P2 at 10:00");
  EXPECT_NE(watch.last.at(0).key, first);
}

}  // namespace
}  // namespace vardnav::rules
