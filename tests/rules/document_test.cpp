// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/document.h"

#include <gmock/gmock.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "pipelines/model/digest.h"
#include "tests/rules/documents.h"

namespace vardnav::rules {
namespace {

using Json = nlohmann::json;

DocumentFault faultOf(const std::string& text) {
  const auto rule = compile(text);
  return rule ? DocumentFault{"accepted", ""} : rule.error().front();
}

TEST(Document, CompilesEveryTemplate) {
  for (const std::string& name : templateNames()) {
    const auto rule = compile(templateText(name));
    ASSERT_TRUE(rule.has_value()) << name << rule.error().front().place << ": "
                                  << rule.error().front().reason;
    EXPECT_EQ(rule->id.value, name);
  }
}

TEST(Document, ARuleOnSaturationNeedsTheTargetThoughItDoesNotSaySo) {
  Json text = Json::parse(templateText("spo2-ordinary"));
  text.erase("needs");
  EXPECT_EQ(compile(text.dump()).value().needs, std::vector<std::string>{"spo2-target"});
  text["floor"] = true;
  EXPECT_TRUE(compile(text.dump()).value().needs.empty())
      << "the prescriber wants it for everybody";
  EXPECT_TRUE(compile(templateText("weight-gain")).value().needs.empty());
}

TEST(Document, CompilesWhatIsWritten) {
  const Rule rule = compile(templateText("weight-loss")).value();
  EXPECT_EQ(rule.signals, std::vector{Code::kWeight});
  const auto& fall = std::get<Compare>(rule.levels.at(0).when.is);
  EXPECT_EQ(std::get<Fall>(fall.measure).window.elapsed, std::chrono::hours{72});
  EXPECT_EQ(fall.series.pick, Pick::kFirstOfDay);
  EXPECT_EQ(fall.series.part.until, std::chrono::hours{12});
  EXPECT_EQ(fall.is, Comparison::kAbove);

  const Rule pef = compile(templateText("pef-fall")).value();
  ASSERT_EQ(pef.levels.size(), 3U);
  EXPECT_EQ(pef.levels[0].priority, Priority::kP1);  // the highest first
  EXPECT_EQ(pef.signals, (std::vector{Code::kPef, Code::kBreathless, Code::kSputum}));
  const auto& share = std::get<Compare>(pef.levels[1].when.is);
  const auto& median = std::get<RollingBaseline>(std::get<PercentOf>(share.measure).baseline);
  EXPECT_EQ(median.window.localDays, 30);
  EXPECT_EQ(median.leaveOutDays, 2);
  EXPECT_EQ(median.minimumCount, 7);
  EXPECT_EQ(share.series.session, std::chrono::minutes{30});
}

TEST(Document, ADeadBandIsAClearConditionThatMovesEveryLimitTowardsNormal) {
  const Rule rule = compile(templateText("pulse")).value();
  const auto& none = std::get<Not>(rule.clear.when.value().is);
  const auto& levels = std::get<Any>(none.of.front().is).of;
  const auto limitOf = [](const Condition& condition) {
    return std::get<Compare>(condition.is).limits.front().value.toString();
  };
  EXPECT_EQ(limitOf(levels.at(0)), "106");
  EXPECT_EQ(limitOf(std::get<Any>(levels.at(1).is).of.at(0)), "46");
  EXPECT_EQ(limitOf(std::get<Any>(levels.at(1).is).of.at(1)), "126");
}

TEST(Document, HashIsOfTheCanonicalFormOnly) {
  const Json json = document("ketones");
  const std::string hash = compile(json.dump(4))->hash;
  EXPECT_EQ(hash, compile(templateText("ketones"))->hash);
  EXPECT_EQ(hash, sha256Hex(json.dump()));
  const nlohmann::ordered_json other = nlohmann::ordered_json::parse(templateText("ketones"));
  nlohmann::ordered_json turned;
  for (auto it = other.rbegin(); it != other.rend(); ++it) turned[it.key()] = it.value();
  EXPECT_NE(turned.dump(), other.dump());
  EXPECT_EQ(hash, compile(turned.dump())->hash);
  Json changed = json;
  changed["levels"][0]["when"]["limits"][0]["value"] = "0.7";
  EXPECT_NE(hash, compile(changed.dump())->hash);
}

TEST(Document, SetHashDoesNotDependOnTheOrder) {
  const std::vector<std::string> one = {"aa", "bb"};
  const std::vector<std::string> two = {"bb", "aa"};
  EXPECT_EQ(setHash(one), setHash(two));
  EXPECT_NE(setHash(one), setHash(std::vector<std::string>{"aa"}));
}

struct Row {
  const char* name;
  const char* base;
  const char* pointer;  ///< what is replaced, added or (value null) removed
  Json value;
  const char* place;
  const char* reason;
};

class Faults : public ::testing::TestWithParam<Row> {};

TEST_P(Faults, AreNamedWithTheirPlace) {
  const Row& row = GetParam();
  Json json = document(row.base);
  const Json::json_pointer pointer(row.pointer);
  if (row.value.is_null()) {
    Json& parent = json[pointer.parent_pointer()];
    if (parent.is_array()) {
      parent.erase(std::stoul(pointer.back()));
    } else {
      parent.erase(pointer.back());
    }
  } else {
    json[pointer] = row.value;
  }
  const DocumentFault fault = faultOf(json.dump());
  EXPECT_EQ(fault.place, row.place);
  EXPECT_EQ(fault.reason, row.reason);
}

const std::string kLong(1001, 'x');
const Json kLimit = {{"value", "1"}, {"unit", "kg"}};
const Json kDay = {{"value", "24"}, {"unit", "h"}};

Json lowGlucose(const char* milligram, const char* millimole, const char* is = "below") {
  return {
      {"measure", "value"},
      {"signal", "glucose"},
      {"is", is},
      {"limits",
       {{{"value", milligram}, {"unit", "mg/dL"}}, {{"value", millimole}, {"unit", "mmol/L"}}}}};
}

Json band(Json ends, const char* is = "inside") {
  ends["unit"] = "%";
  return {{"measure", "value"}, {"signal", "spo2"}, {"is", is}, {"bands", Json::array({ends})}};
}

const char* const kDecimal =
    "not a decimal of at most 6 places and at most 1000000: write 3.9 or -1.645";

INSTANTIATE_TEST_SUITE_P(
    OfTheRule, Faults,
    ::testing::Values(
        Row{"NoFormat", "ketones", "/format", nullptr, "/format", "missing"},
        Row{"OtherFormat", "ketones", "/format", 3, "/format", "not 2"},
        Row{"NoId", "ketones", "/id", nullptr, "/id", "missing"},
        Row{"WildId", "ketones", "/id", "Blood Ketones", "/id",
            "not an id of 1 to 64 of a-z, 0-9 and -"},
        Row{"VersionZero", "ketones", "/version", 0, "/version",
            "not a whole number from 1 to 1000000"},
        Row{"VersionText", "ketones", "/version", "1", "/version",
            "not a whole number from 1 to 1000000"},
        Row{"Misspelt", "ketones", "/cleer", "x", "/cleer", "unknown member"},
        Row{"OneLanguage", "ketones", "/title/sv", nullptr, "/title/sv", "missing"},
        Row{"LongText", "ketones", "/title/en", kLong, "/title/en",
            "not a text of 1 to 1000 octets"},
        Row{"NoSource", "ketones", "/source", Json::array(), "/source", "not an array of 1 to 20"},
        Row{"FloorAsText", "ketones", "/floor", "yes", "/floor", "neither true nor false"},
        Row{"FloorWithNeeds",
            "ketones",
            "/needs",
            {{"facts", {"sglt2-inhibitor"}}},
            "/needs",
            "a floor rule runs for everybody"},
        Row{"UnknownFact", "spo2-hypercapnia", "/needs/facts/0", "copd", "/needs/facts/0",
            "unknown fact"},
        Row{"EmptyNeeds", "spo2-ordinary", "/needs", Json::object(), "/needs",
            "needs prescribed or facts"},
        Row{"UnknownAudience", "ketones", "/audience", "family", "/audience", "unknown audience"},
        Row{"NoLevels", "ketones", "/levels", Json::array(), "/levels", "not an array of 1 to 3"},
        Row{"TwoOfOnePriority", "ketones", "/levels/1/priority", "P2", "/levels/1/priority",
            "a second level of it"},
        Row{"UnknownPriority", "ketones", "/levels/0/priority", "P4", "/levels/0/priority",
            "unknown priority"},
        Row{"NoGate", "ketones", "/levels/0/gate", nullptr, "/levels/0/gate", "missing"},
        Row{"UnknownGate", "ketones", "/levels/0/gate", "yes", "/levels/0/gate",
            "neither remeasure nor none"},
        Row{"NoPatientText", "ketones", "/levels/0/text/patient", nullptr, "/levels/0/text/patient",
            "missing"},
        Row{"CoolDownInWeeks", "glucose-high", "/cool_down/unit", "wk", "/cool_down/unit",
            "not min, h or d, in which durations are given"},
        Row{"CoolDownOfNothing", "glucose-high", "/cool_down/value", "0", "/cool_down/value",
            "not whole, above 0 and up to 400 days"},
        Row{"CoolDownOfYears", "glucose-high", "/cool_down/value", "9601", "/cool_down/value",
            "not whole, above 0 and up to 400 days"},
        Row{"CoolDownOfHalves", "glucose-high", "/cool_down/value", "0.5", "/cool_down/value",
            "not whole, above 0 and up to 400 days"},
        Row{"ClearOfTwoKinds", "glucose-high", "/clear/when", lowGlucose("200", "11.1"), "/clear",
            "needs either when or dead_band"},
        Row{"DeadBandOfZero", "ketones", "/clear/dead_band/0/value", "0",
            "/clear/dead_band/0/value", "not above zero"},
        Row{"DeadBandOfHalfThePair", "glucose-high", "/clear/dead_band/0", nullptr,
            "/clear/dead_band", "no distance in mg/dL"},
        Row{"DeadBandOfAnotherUnit", "ketones", "/clear/dead_band/0/unit", "kg", "/clear/dead_band",
            "no limit of a level is in these units"},
        Row{"ScheduleForNobody", "ketones", "/schedule", document("readings-missing")["schedule"],
            "/schedule", "no level asks for missed_slots"},
        Row{"MissedWithoutSchedule", "readings-missing", "/schedule", nullptr, "/schedule",
            "missing: a condition asks for missed_slots"},
        Row{"SlotTwice",
            "readings-missing",
            "/schedule/slots/1",
            {{"from", "06:00"}, {"until", "12:00"}},
            "/schedule/slots/1",
            "a second time this slot"},
        Row{"SlotAtNoTime", "readings-missing", "/schedule/slots/0/from", "24:00",
            "/schedule/slots/0/from", "not a time of day: write 12:00"},
        Row{"UnknownWeekday",
            "readings-missing",
            "/schedule/weekdays",
            {"mon", "Tue"},
            "/schedule/weekdays/1",
            "not mon, tue, wed, thu, fri, sat, sun"},
        Row{"WeekdayTwice",
            "readings-missing",
            "/schedule/weekdays",
            {"mon", "mon"},
            "/schedule/weekdays/1",
            "twice in one list"},
        Row{"UnknownDueSignal", "readings-missing", "/schedule/signals/2", "sugar",
            "/schedule/signals/2", "unknown code"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    OfConditions, Faults,
    ::testing::Values(
        Row{"UnknownCode", "ketones", "/levels/0/when/signal", "sugar", "/levels/0/when/signal",
            "unknown code"},
        Row{"UnknownMeasure", "ketones", "/levels/0/when/measure", "speed",
            "/levels/0/when/measure", "unknown measure"},
        Row{"UnknownComparison", "ketones", "/levels/0/when/is", "<", "/levels/0/when/is",
            "unknown comparison"},
        Row{"NoComparison", "ketones", "/levels/0/when/is", nullptr, "/levels/0/when/is",
            "missing"},
        Row{"LimitWithoutUnit", "ketones", "/levels/0/when/limits/0/unit", nullptr,
            "/levels/0/when/limits/0/unit", "missing"},
        Row{"UnknownUnit", "ketones", "/levels/0/when/limits/0/unit", "mmol/l",
            "/levels/0/when/limits/0/unit", "unknown unit"},
        Row{"UnitOfAnotherSignal", "weight-loss", "/levels/0/when/limits/0/unit", "mL",
            "/levels/0/when/limits/0/unit", "mL does not measure weight"},
        Row{"OneUnitTwice",
            "weight-loss",
            "/levels/0/when/limits",
            {kLimit, kLimit},
            "/levels/0/when/limits/1/unit",
            "a second time this unit"},
        Row{"HalfThePair", "glucose-high", "/levels/0/when/all/0/limits/0", nullptr,
            "/levels/0/when/all/0/limits", "glucose needs mg/dL and mmol/L"},
        Row{"SwappedPair", "glucose-high", "/levels/0/when/all/0", lowGlucose("3.0", "54"),
            "/levels/0/when/all/0/limits",
            "3.0 mg/dL and 54 mmol/L are not one concentration: 18 mg/dL are 1 mmol/L"},
        Row{"OtherPair", "glucose-high", "/levels/0/when/all/0", lowGlucose("54", "3.9"),
            "/levels/0/when/all/0/limits",
            "54 mg/dL and 3.9 mmol/L are not one concentration: 18 mg/dL are 1 mmol/L"},
        Row{"SlippedPair", "glucose-high", "/levels/0/when/all/0", lowGlucose("700", "3.9"),
            "/levels/0/when/all/0/limits",
            "700 mg/dL and 3.9 mmol/L are not one concentration: 18 mg/dL are 1 mmol/L"},
        Row{"NoPairOfABand",
            "glucose-high",
            "/clear/dead_band",
            {{{"value", "38"}, {"unit", "mg/dL"}}, {{"value", "0.9"}, {"unit", "mmol/L"}}},
            "/clear/dead_band",
            "38 mg/dL and 0.9 mmol/L are not one concentration: 18 mg/dL are 1 mmol/L"},
        Row{"FloatLimit", "ketones", "/levels/0/when/limits/0/value", 0.6,
            "/levels/0/when/limits/0/value", "not a whole number: decimals are written as strings"},
        Row{"ExponentLimit", "ketones", "/levels/0/when/limits/0/value", "6e-1",
            "/levels/0/when/limits/0/value", kDecimal},
        Row{"CommaLimit", "ketones", "/levels/0/when/limits/0/value", "0,6",
            "/levels/0/when/limits/0/value", kDecimal},
        Row{"PaddedLimit", "ketones", "/levels/0/when/limits/0/value", "00.6",
            "/levels/0/when/limits/0/value", kDecimal},
        Row{"HugeLimit", "ketones", "/levels/0/when/limits/0/value", "1000000.1",
            "/levels/0/when/limits/0/value", kDecimal},
        Row{"FineLimit", "ketones", "/levels/0/when/limits/0/value", "0.6000001",
            "/levels/0/when/limits/0/value", kDecimal},
        Row{"NegativeLimit", "ketones", "/levels/0/when/limits/0/value", "-0.6",
            "/levels/0/when/limits/0/value", "below zero"},
        Row{"NoWindow", "weight-loss", "/levels/0/when/window", nullptr, "/levels/0/when/window",
            "missing"},
        Row{"EmptyWindow", "weight-loss", "/levels/0/when/window", Json::object(),
            "/levels/0/when/window", "no window: needs elapsed, local_days or readings"},
        Row{"WindowOfOne",
            "weight-loss",
            "/levels/0/when/window",
            {{"readings", 1}},
            "/levels/0/when/window/readings",
            "no other reading in it"},
        Row{"NoonAsWord", "weight-loss", "/levels/0/when/part/until", "noon",
            "/levels/0/when/part/until", "not a time of day: write 12:00"},
        Row{"PartOfNothing", "weight-loss", "/levels/0/when/part/until", "00:00",
            "/levels/0/when/part/until", "not after from"},
        Row{"UnknownPick", "weight-loss", "/levels/0/when/pick", "best", "/levels/0/when/pick",
            "unknown pick"},
        Row{"MemberOfAnotherMeasure", "weight-loss", "/levels/0/when/baseline", "x",
            "/levels/0/when/baseline", "unknown member"},
        Row{"BandsOfAComparison", "weight-loss", "/levels/0/when/bands", Json::array(),
            "/levels/0/when/bands", "unknown member"},
        Row{"ShareInLitres", "pef-fall", "/levels/1/when/limits/0/unit", "L/min",
            "/levels/1/when/limits/0/unit", "a share is limited in %"},
        Row{"ScoreInLitres", "fev1-week", "/levels/0/when/limits/0/unit", "L",
            "/levels/0/when/limits/0/unit", "a z-score is limited in 1"},
        Row{"ScoreOfOne", "fev1-week", "/levels/0/when/baseline/minimum", 1,
            "/levels/0/when/baseline/minimum", "a standard deviation needs at least 2"},
        Row{"BaselineWithTheNewest", "fev1-week", "/levels/0/when/baseline/leave_out/readings", 0,
            "/levels/0/when/baseline/leave_out/readings", "not a whole number from 1 to 1000"},
        Row{"BaselineOfNothing", "pef-fall", "/levels/1/when/baseline/leave_out/local_days", 30,
            "/levels/1/when/baseline/leave_out/local_days", "the whole window"},
        Row{"BaselineThatNeverFills",
            "pef-fall",
            "/levels/1/when/baseline/window",
            {{"readings", 7}},
            "/levels/1/when/baseline/minimum",
            "more than the window holds without what is left out"},
        Row{"SessionOfWeight", "weight-loss", "/levels/0/when/session", kDay,
            "/levels/0/when/session", "only with first-of-day of fev1, fev6, fvc or pef"},
        Row{"EmptyBand", "spo2-above-target", "/levels/0/when",
            band({{"from", "92"}, {"to", "88"}}), "/levels/0/when/bands/0", "an empty band"},
        Row{"BandOfAPointOutside", "spo2-above-target", "/levels/0/when",
            band({{"from", "92"}, {"below", "92"}}), "/levels/0/when/bands/0", "an empty band"},
        Row{"BandWithoutAnEnd", "spo2-above-target", "/levels/0/when", band({{"from", "92"}}),
            "/levels/0/when/bands/0", "needs either to or below"},
        Row{"BandWithTwoStarts", "spo2-above-target", "/levels/0/when",
            band({{"from", "92"}, {"above", "92"}, {"to", "94"}}), "/levels/0/when/bands/0",
            "needs either from or above"},
        Row{"NoKind",
            "ketones",
            "/levels/0/when",
            {{"signal", "ketone"}},
            "/levels/0/when",
            "no kind of condition: needs measure, meter_says, repeated, consecutive, absent, "
            "missed_slots, fact, all, any or not"},
        Row{"TwoKinds", "ketones", "/levels/0/when/fact", "on-oxygen", "/levels/0/when/fact",
            "a second kind of condition besides measure"},
        Row{"AllOfOne", "glucose-high", "/levels/0/when/all/1", nullptr, "/levels/0/when/all",
            "not an array of 2 to 16"},
        Row{"MoreThanTheWindow", "glucose-high", "/levels/0/when/all/1/repeated/at_least", 4,
            "/levels/0/when/all/1/repeated/at_least", "more than the window holds"},
        Row{"SpacingBeyondTheWindow",
            "glucose-high",
            "/levels/0/when/all/1/repeated/window",
            {{"elapsed", {{"value", "1"}, {"unit", "h"}}}},
            "/levels/0/when/all/1/repeated/spacing",
            "so many readings so far apart do not fit in the window"},
        Row{"RunOfOne", "pef-fall", "/levels/0/when/consecutive/count", 1,
            "/levels/0/when/consecutive/count", "not a whole number from 2 to 1000"},
        Row{"UnknownEvent", "glucose-above-range", "/levels/0/when/meter_says/0", "OL",
            "/levels/0/when/meter_says/0", "not HI, LO or NaN"},
        Row{"WeightOfTwo", "weight-drift", "/levels/0/when/weight", "2", "/levels/0/when/weight",
            "not above 0 and up to 1 with at most 3 decimals"},
        Row{"NotAnObject", "weight-loss", "/levels/0/when", "above", "/levels/0/when",
            "not an object"}),
    [](const auto& row) { return row.param.name; });

Json always(const char* is, const char* limit) {
  return {{"measure", "value"},
          {"signal", "ketone"},
          {"is", is},
          {"limits", Json::array({{{"value", limit}, {"unit", "mmol/L"}}})}};
}

Json both(Json one, Json two) { return {{"all", {std::move(one), std::move(two)}}}; }
Json clearWhen(Json when) { return {{"when", std::move(when)}}; }

INSTANTIATE_TEST_SUITE_P(
    Contradictions, Faults,
    ::testing::Values(
        Row{"ClearOverlaps",
            "glucose-above-range",
            "/clear/when",
            {{"not", {{"meter_says", {"LO"}}, {"signal", "glucose"}}}},
            "/clear/when",
            "can hold together with level P1"},
        Row{"ClearMeetsALevel", "ketones", "/clear", clearWhen(always("at-most", "0.6")),
            "/clear/when", "can hold together with level P2"},
        Row{"ClearIsNextToALevel", "ketones", "/clear", clearWhen(always("below", "0.6")),
            "accepted", ""},
        Row{"ClearOfAnotherMeasure", "weight-loss", "/clear",
            clearWhen({{"measure", "value"},
                       {"signal", "weight"},
                       {"is", "above"},
                       {"limits", Json::array({kLimit})}}),
            "/clear/when", "can hold together with level P2"},
        Row{"ClearOfAnotherWindow", "weight-loss", "/levels/0/when/window/elapsed/value", "48",
            "accepted", ""},
        Row{"ClearThatNeverHolds", "ketones", "/clear",
            clearWhen(both(always("below", "0.3"), always("above", "0.4"))), "/clear/when",
            "can never hold: the rule would never clear"},
        Row{"ClearOfTheSameFact", "glucose-above-range", "/clear/when",
            both({{"not", {{"meter_says", {"HI"}}, {"signal", "glucose"}}}},
                 {{"fact", "on-oxygen"}}),
            "accepted", ""},
        Row{"LevelThatNeverHolds", "ketones", "/levels/0/when",
            both(always("below", "0.6"), always("above", "0.6")), "/levels/0/when",
            "can never hold"},
        Row{"LevelThatNeverCounts", "ketones", "/levels/0/when", always("at-least", "1.7"),
            "/levels/0/when", "never counts: level P1 holds whenever this one does"},
        Row{"LevelOfTheSameLimit", "ketones", "/levels/0/when", always("at-least", "1.6"),
            "/levels/0/when", "never counts: level P1 holds whenever this one does"},
        Row{"LevelJustWider", "ketones", "/levels/0/when", always("above", "1.5"), "accepted", ""},
        Row{"GateOnKetones", "ketones", "/levels/0/gate", "remeasure", "/levels/0/gate",
            "a gate on ketones"},
        Row{"GateOnHigh", "glucose-above-range", "/levels/0/gate", "remeasure", "/levels/0/gate",
            "a gate on glucose HI"},
        Row{"GateOnHighPattern", "glucose-high", "/levels/0/gate", "remeasure", "/levels/0/gate",
            "a gate on glucose HI"},
        Row{"GateOnVeryLow",
            "glucose-above-range",
            "/levels/0",
            {{"priority", "P3"},
             {"gate", "remeasure"},
             {"when", lowGlucose("70", "3.9")},
             {"text", document("ketones")["levels"][0]["text"]}},
            "/clear/when",
            "can hold together with level P3"}),
    [](const auto& row) { return row.param.name; });

/// A gate waits where a level without one takes what must not.
TEST(Document, RefusesAGateOnVeryLowGlucoseUnlessAHigherLevelTakesIt) {
  Json json = document("glucose-high");
  Json& level = json["levels"][0];
  json.erase("clear");
  level["priority"] = "P3";
  level["when"] = lowGlucose("70", "3.9");
  level["gate"] = "remeasure";
  const DocumentFault refused = {"/levels/0/gate",
                                 "a gate on glucose below 3.0 mmol/L (54 mg/dL) or LO"};
  EXPECT_EQ(faultOf(json.dump()), refused);

  Json higher = level;
  higher["priority"] = "P1";
  higher["gate"] = "none";
  higher["when"] = lowGlucose("54", "3.0");
  json["levels"].push_back(higher);
  EXPECT_TRUE(compile(json.dump()).has_value());

  json["levels"][1]["gate"] = "remeasure";
  EXPECT_EQ(compile(json.dump()).error().size(), 2U);
  json["levels"][1]["gate"] = "none";
  json["levels"][1]["persists_for"] = kDay;
  EXPECT_THAT(compile(json.dump()).error(), ::testing::Contains(refused));
  json["levels"][1].erase("persists_for");
  // Each unit by itself: 53.9 mg/dL would wait.
  json["levels"][1]["when"] = lowGlucose("53", "3.0");
  EXPECT_EQ(faultOf(json.dump()), refused);
  // So would a reading that is too old for the higher level.
  json["levels"][1]["when"] = lowGlucose("54", "3.0");
  json["levels"][1]["when"]["no_older_than"] = kDay;
  EXPECT_EQ(faultOf(json.dump()), refused);
}

TEST(Document, TellsAllFaultsAtOnceUpToTwenty) {
  Json json = document("ketones");
  json["levels"][0]["when"]["signal"] = "sugar";
  json["levels"][1]["priority"] = "P9";
  json["cleer"] = 1;
  json.erase("title");
  const auto rule = compile(json.dump());
  ASSERT_FALSE(rule.has_value());
  EXPECT_EQ(rule.error(), (DocumentFaults{{"/cleer", "unknown member"},
                                          {"/title", "missing"},
                                          {"/levels/0/when/signal", "unknown code"},
                                          {"/levels/1/priority", "unknown priority"}}));
  for (int i = 0; i < 100; ++i) json["x" + std::to_string(i)] = i;
  EXPECT_EQ(compile(json.dump()).error().size(), kMaxFaults);
  EXPECT_EQ(compile("[" + std::string(200, ' ') + "1.5,1.5,null,-1]").error().size(), 4U);
}

Json nested(std::size_t depth) {
  Json condition = always("above", "5");
  for (std::size_t i = 1; i < depth; ++i) condition = {{"not", condition}};
  return condition;
}

TEST(Document, BoundsDepthAndNumberOfConditions) {
  Json json = document("ketones");
  json.erase("clear");
  json["levels"].erase(1);
  json["levels"][0]["when"] = nested(kMaxConditionDepth);
  EXPECT_TRUE(compile(json.dump()).has_value());
  json["levels"][0]["when"] = nested(kMaxConditionDepth + 1);
  EXPECT_EQ(faultOf(json.dump()),
            (DocumentFault{"/levels/0/when/not/not/not/not/not/not",
                           "conditions within conditions, more than 6 deep"}));

  // One and sixteen, thrice, are 51.
  Json many = Json::array();
  for (int i = 0; i < 16; ++i) many.push_back(always("above", "5"));
  json["levels"][0]["when"] = {{"any", {{{"any", many}}, {{"any", many}}, {{"any", many}}}}};
  EXPECT_EQ(faultOf(json.dump()),
            (DocumentFault{"/levels/0/when/any/2/any/12", "more than 48 conditions in one rule"}));
  // What would take ages to reason about is refused.
  Json pairs = Json::array();
  for (const char* limit : {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}) {
    pairs.push_back(
        {{"any", {always("above", limit), always("below", limit), always("above", "0")}}});
  }
  json["levels"][0]["when"] = {{"all", pairs}};
  EXPECT_EQ(faultOf(json.dump()),
            (DocumentFault{"/levels/0/when", "too many combinations to check"}));
}

TEST(Document, RefusesAMillionConditionsInATwinkling) {
  std::string text = R"({"format":2,"levels":[{"when":{"any":[)";
  for (int i = 0; i < 1'000'000; ++i) text += R"({"fact":"on-oxygen"},)";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(faultOf(text), (DocumentFault{"", "longer than 64 KiB"}));
  std::string small = R"({"format":2,"levels":[{"when":{"any":[)";
  while (small.size() < kMaxDocumentBytes - 80) small += R"({"fact":"on-oxygen"},)";
  small += R"({"fact":"on-oxygen"}]}}]})";
  const auto rule = compile(small);
  ASSERT_FALSE(rule.has_value());
  EXPECT_EQ(rule.error().back().place, "/levels/0/text");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{5});
}

TEST(Document, RefusesTextThatIsNoCleanJson) {
  struct Bad {
    std::string text;
    const char* place;
    const char* reason;
  };
  // Root and 23 lists.
  std::string zeros = "/levels";
  for (int i = 0; i < 23; ++i) zeros += "/0";
  const std::string deep = "{\"levels\":" + std::string(60000, '[');
  for (const auto& [text, place, reason] : {
           Bad{"", "", "not JSON at octet 1"},
           Bad{"[]", "", "not an object"},
           Bad{"{\"id\":\"a\",\"id\":\"b\"}", "/id", "twice in one object"},
           Bad{"{\"clear\":{\"why\":{\"sv\":\"a\",\"sv\":\"a\"}}}", "/clear/why/sv",
               "twice in one object"},
           Bad{deep, zeros.c_str(), "nested too deeply"},
           Bad{"{\"version\":1e999}", "/version", "not JSON at octet 16"},
           Bad{"{\"version\":123456789012345678901234567890}", "/version",
               "not a whole number: decimals are written as strings"},
           Bad{"{\"version\":1000001}", "/version", "more than 1000000"},
           Bad{"{\"version\":-1}", "/version", "below zero"},
           Bad{"{\"id\":null}", "/id", "null says nothing"},
           Bad{"{\"a/b\\n\":1}", "/a~1b?", "unknown member"},
           Bad{"{\"id\":\"\xff\"}", "/id", "not JSON at octet 8"},
           Bad{"{} {}", "", "not JSON at octet 4"},
           Bad{std::string(kMaxDocumentBytes + 1, ' '), "", "longer than 64 KiB"},
       }) {
    const DocumentFault fault = faultOf(text);
    EXPECT_EQ(fault.place, place) << text.substr(0, 60);
    EXPECT_EQ(fault.reason, reason) << text.substr(0, 60);
  }
}

TEST(Document, RefusesEveryTruncation) {
  const std::string text = document("weight-loss").dump();
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(compile(text.substr(0, size)).has_value()) << size;
  }
}

}  // namespace
}  // namespace vardnav::rules
