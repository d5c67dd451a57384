// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a request for a replay may say, and what is refused. That its lines are those of vardnavctl
// is replay_test.py's.
#include "cloud/api/replay_answer.h"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "rules/replay/readings_export.h"
#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

std::string documentOf(const std::string& name) {
  std::stringstream text;
  text << std::ifstream(std::string(VARDNAV_SOURCE_DIR) + "/rules/templates/" + name + ".json")
              .rdbuf();
  return text.str();
}

const std::string kContext = R"({"format":1,"can_remeasure":false})";

api::Response ask(const std::string& body, const PersonRules& own = {kContext, {}}) {
  return api::replayAnswer(body, {glucose(1, 0, 61), glucose(2, 10, 27)}, own, nullptr);
}

Json requestWith(const char* name, const Json& value) {
  Json request = {{"rules", Json::parse(documentOf("glucose-low"))}};
  request[name] = value;
  return request;
}

TEST(ReplayAnswer, ReplaysTheRulesInForceFromWhenTheyAreInForce) {
  const std::string document = documentOf("glucose-low");
  const auto before = ask(R"({"rules":"in-force"})", {kContext, {{"", document, at(0)}}});
  ASSERT_EQ(before.status, 200U) << before.body;
  EXPECT_THAT(before.body, HasSubstr(R"("transition":"raised","priority":"P1")"));
  const auto after = ask(R"({"rules":"in-force"})", {kContext, {{"", document, at(11)}}});
  EXPECT_EQ(after.body, "");
  const auto difference =
      ask(requestWith("against", "in-force").dump(), {kContext, {{"", document, at(11)}}});
  EXPECT_THAT(difference.body, HasSubstr("2026-11-24T09:10:00"));
}

TEST(ReplayAnswer, NamesRulesThatNeverRunForThisPerson) {
  const auto answer = ask(Json{{"rules", Json::parse(documentOf("spo2-ordinary"))}}.dump());
  ASSERT_EQ(answer.status, 200U) << answer.body;
  const auto& [name, value] = answer.headers.back();
  EXPECT_EQ(name + ": " + value, "Vardnav-Idle-Rules: spo2-ordinary");
}

TEST(ReplayAnswer, NamesThePlaceOfEachFault) {
  Json wrong = Json::parse(documentOf("glucose-low"));
  wrong["levels"][0]["priority"] = "P9";
  const std::pair<std::string, std::string> faults[] = {
      {Json{{"rules", wrong}}.dump(), R"("place":"/rules/levels/0/priority")"},
      {Json::object().dump(), R"("place":"/rules")"},
      {requestWith("against", Json{{"rules", 1}}).dump(), R"("place":"/against)"},
      {requestWith("until", "soon").dump(), R"("place":"/until")"},
      {requestWith("from", 5).dump(), R"("place":"/from")"},
      {requestWith("language", "de").dump(), R"("place":"/language")"},
      {requestWith("context", Json{{"format", 1}, {"fact", 1}}).dump(),
       R"("place":"/context/fact")"},
      {requestWith("form", "x").dump(), R"("place":"/form")"},
      {R"({"rules":"in-force","from":"2026-01-02T00:00:00Z","until":"2026-01-01T00:00:00Z"})",
       R"("place":"/until")"},
      {R"({"rules":"in-force","rules":"in-force"})", R"("place":"/rules")"},
      {"", R"("status":400)"},
      {"[]", R"("status":400)"},
      {std::string(60'000, '['), R"("status":400)"},
      {R"({"rules":{"format":1e999}})", R"("status":400)"},
      {"{\"rules\":\"\xff\"}", R"("status":400)"},
  };
  for (const auto& [body, expected] : faults) {
    const auto answer = ask(body);
    EXPECT_EQ(answer.status, 400U) << body.substr(0, 200);
    EXPECT_THAT(answer.body, HasSubstr(expected)) << body.substr(0, 200);
  }
}

TEST(ReplayAnswer, RefusesAPauseOfAFloorRule) {
  const auto answer = ask(requestWith("context", {{"format", 1},
                                                  {"pauses",
                                                   {{{"from", "2026-01-01T00:00:00Z"},
                                                     {"until", "2026-02-01T00:00:00Z"},
                                                     {"rules", {"glucose-low"}}}}}})
                              .dump());
  EXPECT_EQ(answer.status, 400U) << answer.body;
}

TEST(ReplayAnswer, EndsWhenItsTimeIsUp) {
  const auto answer = api::replayAnswer(requestWith("language", "sv").dump(), {glucose(1, 0, 61)},
                                        {kContext, {}}, [] { return true; });
  EXPECT_EQ(answer.status, 422U);
  EXPECT_THAT(answer.body, HasSubstr("takes too long"));
}

TEST(ReplayAnswer, HasAnEndWhereTheClockWouldTellForEver) {
  const auto answer = ask(
      Json{{"rules", Json::parse(documentOf("readings-missing"))}, {"from", "1950-01-01T00:00:00Z"}}
          .dump());
  EXPECT_EQ(answer.status, 422U) << answer.body.substr(0, 500);
  EXPECT_THAT(answer.body, HasSubstr("more than 20000 lines"));
}

TEST(ReadingsExport, PutsARevisionBehindWhatItReplacesWhateverItsTimes) {
  Observation first = glucose(1, 0, 61);
  Observation second = first;
  second.revision = 2;
  second.receivedAt = at(-60);  // the hub's clock was an hour ahead
  second.at = at(-60);
  Observation other = glucose(2, -30, 70);
  std::vector<Observation> revisions = {second, first, other};
  rules::sortByArrival(revisions);
  std::string order;
  for (const Observation& one : revisions) {
    order += toString(one.value) + "/" + std::to_string(one.revision) + " ";
  }
  EXPECT_EQ(order, "7.0/1 6.1/1 6.1/2 ");
}

TEST(ReadingsExport, DependsOnNothingButTheReadings) {
  const std::vector<Observation> some = {glucose(1, 0, 61), glucose(2, 0, 62), glucose(3, -9, 63)};
  const std::vector<Observation> turned(some.rbegin(), some.rend());
  EXPECT_EQ(rules::exportReadings(some), rules::exportReadings(turned));
  EXPECT_EQ(rules::exportReadings({}), "");
}

}  // namespace
}  // namespace vardnav::cloud::testing
