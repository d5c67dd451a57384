// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "pipelines/model/digest.h"
#include "tests/rules/patient.h"

namespace vardnav::rules {
namespace {

using Json = nlohmann::json;

Json document(const std::string& name = "glucose-low") { return Json::parse(templateText(name)); }

DocumentFault faultOf(const std::string& text) {
  const auto rule = compile(text);
  return rule ? DocumentFault{"accepted", ""} : rule.error();
}

TEST(Document, CompilesTheTemplates) {
  const Rule glucose = shipped("glucose-low");
  EXPECT_EQ(glucose.signal, Code::kGlucose);
  ASSERT_EQ(glucose.levels.size(), 2U);
  EXPECT_EQ(glucose.levels[0].priority, Priority::kP1);  // the highest first
  const Rule weight = shipped("weight-gain");
  const auto& rise = std::get<Compare>(weight.levels.at(0).when.is);
  EXPECT_EQ(std::get<Rise>(rise.measure).window.elapsed, std::chrono::hours{72});
  EXPECT_EQ(rise.series.pick, Pick::kFirstOfDay);
  EXPECT_EQ(rise.series.part.until, std::chrono::hours{12});
  const Rule fev1 = shipped("fev1-fall");
  const auto& share = std::get<Compare>(fev1.levels.at(0).when.is);
  EXPECT_EQ(std::get<PrescribedBaseline>(std::get<PercentOf>(share.measure).baseline).name,
            "fev1-personal-best");
}

TEST(Document, HashIsOfTheCanonicalFormOnly) {
  const Json json = document();
  const std::string hash = compile(json.dump(4))->hash;
  EXPECT_EQ(hash, compile(templateText("glucose-low"))->hash);
  EXPECT_EQ(hash, sha256Hex(json.dump()));
  const nlohmann::ordered_json other = nlohmann::ordered_json::parse(templateText("glucose-low"));
  nlohmann::ordered_json turned;
  for (auto it = other.rbegin(); it != other.rend(); ++it) turned[it.key()] = it.value();
  EXPECT_NE(turned.dump(), other.dump());
  EXPECT_EQ(hash, compile(turned.dump())->hash);
  Json changed = json;
  changed["levels"][0]["when"]["limits"][0]["value"] = "71";
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
    json[pointer.parent_pointer()].erase(pointer.back());
  } else {
    json[pointer] = row.value;
  }
  const DocumentFault fault = faultOf(json.dump());
  EXPECT_EQ(fault.place, row.place);
  EXPECT_EQ(fault.reason, row.reason);
}

const std::string kLong(1001, 'x');
const Json kLimit = {{"value", "1"}, {"unit", "kg"}};

INSTANTIATE_TEST_SUITE_P(
    All, Faults,
    ::testing::Values(
        Row{"NoFormat", "glucose-low", "/format", nullptr, "/format", "missing"},
        Row{"OtherFormat", "glucose-low", "/format", 2, "/format", "unknown format: 1 is known"},
        Row{"NoId", "glucose-low", "/id", nullptr, "/id", "missing"},
        Row{"WildId", "glucose-low", "/id", "Glucose Low", "/id",
            "not an id of 1 to 64 of a-z, 0-9 and -"},
        Row{"VersionZero", "glucose-low", "/version", 0, "/version", "not a whole number above 0"},
        Row{"VersionText", "glucose-low", "/version", "1", "/version",
            "not a whole number above 0"},
        Row{"Misspelt", "glucose-low", "/cleer", "x", "/cleer", "unknown member"},
        Row{"OneLanguage", "glucose-low", "/title/sv", nullptr, "/title/sv", "missing"},
        Row{"LongText", "glucose-low", "/title/en", kLong, "/title/en",
            "not a text of 1 to 1000 octets"},
        Row{"NoSource", "glucose-low", "/source", Json::array(), "/source",
            "not an array of 1 to 20"},
        Row{"UnknownCode", "glucose-low", "/signal", "sugar", "/signal", "unknown code"},
        Row{"NoLevels", "glucose-low", "/levels", Json::array(), "/levels",
            "not an array of 1 to 3"},
        Row{"TwoOfOnePriority", "glucose-low", "/levels/1/priority", "P3", "/levels/1/priority",
            "a second level of it"},
        Row{"UnknownPriority", "glucose-low", "/levels/0/priority", "P4", "/levels/0/priority",
            "unknown priority"},
        Row{"UnknownMeasure", "glucose-low", "/levels/0/when/measure", "slope",
            "/levels/0/when/measure", "unknown measure"},
        Row{"UnknownComparison", "glucose-low", "/levels/0/when/is", "<", "/levels/0/when/is",
            "unknown comparison"},
        Row{"NoComparison", "glucose-low", "/levels/0/when/is", nullptr, "/levels/0/when/is",
            "missing"},
        Row{"LimitWithoutUnit", "glucose-low", "/levels/0/when/limits/1/unit", nullptr,
            "/levels/0/when/limits/1/unit", "missing"},
        Row{"UnknownUnit", "glucose-low", "/levels/0/when/limits/1/unit", "mg/dl",
            "/levels/0/when/limits/1/unit", "unknown unit"},
        Row{"UnitOfAnotherSignal", "glucose-low", "/levels/0/when/limits/1/unit", "mL",
            "/levels/0/when/limits/1/unit", "mL does not measure glucose"},
        Row{"OneUnitTwice", "glucose-low", "/levels/0/when/limits/1/unit", "mg/dL",
            "/levels/0/when/limits/1/unit", "a second limit in this unit"},
        Row{"HalfThePair", "glucose-low", "/levels/0/when/limits",
            Json::array({{{"value", "70"}, {"unit", "mg/dL"}}}), "/levels/0/when/limits",
            "glucose needs a limit in mg/dL and one in mmol/L"},
        Row{"FloatLimit", "glucose-low", "/levels/0/when/limits/1/value", 3.9,
            "/levels/0/when/limits/1/value", "not a whole number: decimals are written as strings"},
        Row{"ExponentLimit", "glucose-low", "/levels/0/when/limits/1/value", "39e-1",
            "/levels/0/when/limits/1/value", "unknown decimal"},
        Row{"ZeroLimit", "glucose-low", "/levels/0/when/limits/1/value", "0.0",
            "/levels/0/when/limits/1/value",
            "not above 0 and up to 1000000 with at most 6 decimals"},
        Row{"HugeLimit", "glucose-low", "/levels/0/when/limits/1/value", "1000001",
            "/levels/0/when/limits/1/value",
            "not above 0 and up to 1000000 with at most 6 decimals"},
        Row{"FineLimit", "glucose-low", "/levels/0/when/limits/1/value", "3.9000001",
            "/levels/0/when/limits/1/value",
            "not above 0 and up to 1000000 with at most 6 decimals"},
        Row{"UnknownPlaceholder", "glucose-low", "/levels/0/why/sv", "{rise}", "/levels/0/why/sv",
            "unknown placeholder {rise}"},
        Row{"OpenPlaceholder", "glucose-low", "/levels/0/why/en", "a {value", "/levels/0/why/en",
            "unknown placeholder {value"},
        Row{"PlaceholderOfNoClear", "glucose-low", "/clear/why/sv", "{limit}", "/clear/why/sv",
            "unknown placeholder {limit}"},
        Row{"ClearOverlaps", "glucose-low", "/clear/when/limits/1/value", "3.8", "/clear/when",
            "can hold together with level P3"},
        Row{"ClearOnTheSameSide", "glucose-low", "/clear/when/is", "at-most", "/clear/when",
            "can hold together with level P1"},
        Row{"NoClear", "glucose-low", "/clear", nullptr, "/clear", "missing"},
        Row{"NoWindow", "weight-gain", "/levels/0/when/within", nullptr, "/levels/0/when/within",
            "missing"},
        Row{"WindowInDays", "weight-gain", "/levels/0/when/within/unit", "d",
            "/levels/0/when/within/unit", "not h, in which windows are given"},
        Row{"WindowOfYears", "weight-gain", "/levels/0/when/within/value", "8785",
            "/levels/0/when/within/value", "not whole hours above 0 and up to 8784"},
        Row{"WindowOfAPart", "weight-gain", "/levels/0/when/within/value", "0.5",
            "/levels/0/when/within/value", "not whole hours above 0 and up to 8784"},
        Row{"WindowOfAThird", "weight-gain", "/levels/0/when/within/value", "999999999999999999",
            "/levels/0/when/within/value", "not whole hours above 0 and up to 8784"},
        Row{"NoonAsWord", "weight-gain", "/levels/0/when/first_of_day_before", "noon",
            "/levels/0/when/first_of_day_before", "unknown time of day: write 12:00"},
        Row{"MemberOfAnotherMeasure", "weight-gain", "/levels/0/when/prescribed", "x",
            "/levels/0/when/prescribed", "unknown member"},
        Row{"ShareInLitres", "fev1-fall", "/levels/0/when/limits/0/unit", "L",
            "/levels/0/when/limits/0/unit", "a share is limited in %"},
        Row{"TooManyLimits", "weight-gain", "/levels/0/when/limits",
            Json::array({kLimit, kLimit, kLimit, kLimit, kLimit}), "/levels/0/when/limits",
            "not an array of 1 to 4"},
        Row{"NotAnObject", "weight-gain", "/levels/0/when", "above", "/levels/0/when",
            "not an object"}),
    [](const auto& row) { return row.param.name; });

TEST(Document, RefusesTextThatIsNoCleanJson) {
  struct Bad {
    std::string text;
    const char* place;
    const char* reason;
  };
  const std::string deep = "{\"levels\":" + std::string(60000, '[');
  for (const auto& [text, place, reason] : {
           Bad{"", "", "not JSON at octet 1"},
           Bad{"[]", "", "not an object"},
           Bad{"{\"id\":\"a\",\"id\":\"b\"}", "/id", "twice in one object"},
           Bad{"{\"clear\":{\"why\":{\"sv\":\"a\",\"sv\":\"a\"}}}", "/clear/why/sv",
               "twice in one object"},
           Bad{deep, "/levels/0/0/0/0/0/0/0", "nested too deeply"},
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
  const std::string text = document("weight-gain").dump();
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(compile(text.substr(0, size)).has_value()) << size;
  }
}

}  // namespace
}  // namespace vardnav::rules
