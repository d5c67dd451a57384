// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the floor is, by semantics ("a floor rule: glucose below 3.0, LO, HI, ketones from 1.6"),
// marked in the document or not.
#include "rules/document/floor.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "rules/document/document.h"
#include "tests/rules/documents.h"

namespace vardnav::rules {
namespace {

using Json = nlohmann::json;

/// The template `name` with one level, at this condition, and no clear.
Json ruleOf(const std::string& name, const std::string& when) {
  Json document = Json::parse(templateText(name));
  for (const char* member : {"floor", "clear", "cool_down", "needs"}) document.erase(member);
  document["levels"] = Json::array({document["levels"].back()});
  document["levels"][0]["gate"] = "none";
  document["levels"][0]["when"] = Json::parse(when);
  return document;
}

std::string value(const std::string& signal, const std::string& is, const std::string& limits) {
  return R"({"measure":"value","signal":")" + signal + R"(","is":")" + is + R"(","limits":[)" +
         limits + "]}";
}
std::string glucose(const std::string& is, const std::string& mg, const std::string& mmol) {
  return value(
      "glucose", is,
      R"({"value":")" + mg + R"(","unit":"mg/dL"},{"value":")" + mmol + R"(","unit":"mmol/L"})");
}
std::string ketones(const std::string& is, const std::string& mmol) {
  return value("ketone", is, R"({"value":")" + mmol + R"(","unit":"mmol/L"})");
}

TEST(Floor, IsWhatARuleSaysMarkedOrNot) {
  const std::string veryLow = glucose("below", "54", "3.0");
  const std::string high = R"({"meter_says":["HI"],"signal":"glucose"})";
  const std::string low = R"({"meter_says":["LO"],"signal":"glucose"})";
  const std::pair<std::string, bool> rows[] = {
      {veryLow, true},
      {glucose("below", "45", "2.5"), true},
      {low, true},
      {high, true},
      {R"({"meter_says":["HI","LO"],"signal":"glucose"})", true},
      {ketones("at-least", "1.6"), true},
      {ketones("above", "3.0"), true},
      {R"({"any":[)" + veryLow + "," + high + "]}", true},
      {R"({"all":[)" + veryLow + R"(,{"fact":"insulin-or-sulphonylurea"}]})", true},
      {R"({"measure":"value","signal":"glucose","part":{"from":"00:00","until":"07:00"},"is":"below",)"
       R"("limits":[{"value":"54","unit":"mg/dL"},{"value":"3.0","unit":"mmol/L"}]})",
       true},
      {glucose("below", "70", "3.9"), false},
      {glucose("above", "250", "13.9"), false},
      {R"({"any":[)" + veryLow + "," + glucose("above", "250", "13.9") + "]}", false},
      {ketones("at-least", "1.5"), false},
      {ketones("at-least", "0.6"), false},
      {R"({"meter_says":["HI"],"signal":"ketone"})", true},
      {R"({"meter_says":["LO"],"signal":"ketone"})", false},
  };
  for (const auto& [when, isFloor] : rows) {
    const auto rule = compile(ruleOf("ketones", when).dump());
    ASSERT_TRUE(rule.has_value()) << when << rule.error().front().reason;
    EXPECT_EQ(rule->isFloor, isFloor) << when;
  }
}

TEST(Floor, OfTheTemplatesIsWhatTheyMark) {
  for (const std::string& name : templateNames()) {
    const bool isMarked = Json::parse(templateText(name)).value("floor", false);
    EXPECT_EQ(compile(templateText(name))->isFloor, isMarked) << name;
  }
}

TEST(Floor, NeitherWaitsNorAsksWhoseItIs) {
  Json late = ruleOf("ketones", ketones("at-least", "1.6"));
  late["levels"][0]["persists_for"] = {{"value", "1"}, {"unit", "h"}};
  ASSERT_FALSE(compile(late.dump()).has_value());
  EXPECT_EQ(compile(late.dump()).error().front().place, "/levels/0/persists_for");
  late["levels"][0]["when"] = Json::parse(ketones("at-least", "0.6"));
  EXPECT_TRUE(compile(late.dump()).has_value()) << "what is not of the floor may wait";

  Json forSome = ruleOf("ketones", ketones("at-least", "1.6"));
  forSome["needs"] = {{"facts", {"sglt2-inhibitor"}}};
  ASSERT_FALSE(compile(forSome.dump()).has_value());
  EXPECT_EQ(compile(forSome.dump()).error().front().place, "/needs");
}

std::string coverOf(const Json& document) {
  const auto rule = compile(document.dump());
  if (!rule) return rule.error().front().place + ": " + rule.error().front().reason;
  const FloorCover cover = coverOf(*rule);
  return cover.asked.to_string() + " " + cover.told.to_string();
}

/// Bits from the right: glucose below 3.0 or LO, glucose HI, ketones.
TEST(Floor, IsCoveredByWhatTellsAllOfItAtOnce) {
  const auto shipped = [](const std::string& name) { return Json::parse(templateText(name)); };
  EXPECT_EQ(coverOf(shipped("glucose-low")), "011 001");
  EXPECT_EQ(coverOf(shipped("glucose-above-range")), "011 010");
  EXPECT_EQ(coverOf(shipped("ketones")), "100 100");
  EXPECT_EQ(coverOf(shipped("glucose-high")), "011 000") << "can be paused";
  EXPECT_EQ(coverOf(shipped("weight-gain")), "000 000");
  EXPECT_EQ(coverOf(shipped("glucose-unconfirmed")), "011 000") << "of others' readings";

  EXPECT_EQ(coverOf(ruleOf("ketones", glucose("below", "54", "3.0"))), "011 001");
  EXPECT_EQ(coverOf(ruleOf("ketones", glucose("below", "53", "3.0"))), "011 000")
      << "each unit by itself";
  EXPECT_EQ(coverOf(ruleOf("ketones", R"({"meter_says":["LO"],"signal":"glucose"})")), "011 000");
  EXPECT_EQ(coverOf(ruleOf("ketones", ketones("above", "1.6"))), "100 000");
  Json heldBack = ruleOf("ketones", ketones("at-least", "1.6"));
  heldBack["cool_down"] = {{"value", "4"}, {"unit", "h"}};
  EXPECT_EQ(coverOf(heldBack), "100 100") << "P1 is never held";
  heldBack["levels"][0]["priority"] = "P2";
  EXPECT_EQ(coverOf(heldBack), "100 000");
  heldBack.erase("cool_down");
  EXPECT_EQ(coverOf(heldBack), "100 100");
  heldBack["levels"][0]["priority"] = "P3";
  EXPECT_EQ(coverOf(heldBack), "100 000") << "P3 waits for the team's hours";
}

TEST(Floor, IsPublishedForDiabetes) {
  EXPECT_TRUE(floorsOf(ConditionId("diabetes")).all());
  EXPECT_TRUE(floorsOf(ConditionId("copd")).none());
}

}  // namespace
}  // namespace vardnav::rules
