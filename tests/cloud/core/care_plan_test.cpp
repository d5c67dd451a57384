// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Whether anybody watches a person, and who may pause what, by table.
#include "cloud/core/care_plan.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "cloud/core/rule_shelf.h"
#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud {
namespace {

using namespace testing;

PlannedRule ruleFrom(const std::string& name, UtcTime from, bool isFloor = false) {
  return {RuleId(name), 1, name + toRfc3339(from), "{}", isFloor, from};
}

/// Watched: two enrolments with rules, and a hub that was heard and has a device.
CarePlan watchedPlan() {
  CarePlan plan;
  plan.patient.id = PersonId("p-1");
  PlannedEnrolment diabetes;
  diabetes.teams = {TeamId("home"), TeamId("night")};
  diabetes.rules = {ruleFrom("glucose-high", at(-600)), ruleFrom("glucose-low", at(-600), true)};
  PlannedEnrolment copd;
  copd.teams = {TeamId("copd")};
  copd.rules = {ruleFrom("pef-fall", at(-600))};
  plan.enrolments = {diabetes, copd};
  plan.hubs = {{HubId("hub-1"), 1, at(-1), std::nullopt}};
  return plan;
}

std::string gapsIn(const CarePlan& plan) {
  std::string names;
  for (const Gap gap : gapsOf(plan, plan.enrolments.front(), at(0))) {
    names += std::string(nameOf(gap)) + " ";
  }
  return names;
}

TEST(CarePlan, NamesEachReasonWhyNobodyWatches) {
  struct Row {
    std::string what;
    void (*change)(CarePlan&);
    std::string gaps;
  };
  const Row rows[] = {
      {"all is there", [](CarePlan&) {}, ""},
      {"no rules", [](CarePlan& plan) { plan.enrolments[0].rules.clear(); }, "no-rules "},
      {"rules of tomorrow",
       [](CarePlan& plan) { plan.enrolments[0].rules = {ruleFrom("x", at(1))}; }, "no-rules "},
      {"rules from now on",
       [](CarePlan& plan) { plan.enrolments[0].rules = {ruleFrom("x", at(0))}; }, ""},
      {"rules that never run",
       [](CarePlan& plan) {
         for (PlannedRule& rule : plan.enrolments[0].rules) rule.lack = "no spo2-target";
       },
       "rules-idle "},
      {"one of them runs",
       [](CarePlan& plan) { plan.enrolments[0].rules[0].lack = "no spo2-target"; }, ""},
      {"another enrolment's rules do not count",
       [](CarePlan& plan) {
         plan.enrolments[0].rules.clear();
         plan.enrolments[1].rules.push_back(ruleFrom("glucose-high", at(-1)));
       },
       "no-rules "},
      {"no hub", [](CarePlan& plan) { plan.hubs.clear(); }, "no-hub "},
      {"no device", [](CarePlan& plan) { plan.hubs[0].devices = 0; }, "no-device "},
      {"never heard", [](CarePlan& plan) { plan.hubs[0].heardAt.reset(); }, "hub-never-heard "},
      {"away", [](CarePlan& plan) { plan.hubs[0].exposedSince = at(-20); }, "hub-away "},
      {"no rules and no hub",
       [](CarePlan& plan) {
         plan.enrolments[0].rules.clear();
         plan.hubs.clear();
       },
       "no-rules no-hub "},
      {"a second hub works",
       [](CarePlan& plan) {
         plan.hubs[0].exposedSince = at(-20);
         plan.hubs.push_back({HubId("hub-2"), 2, at(-3), std::nullopt});
       },
       ""},
      {"a hub with the device is away, another has none",
       [](CarePlan& plan) {
         plan.hubs[0].exposedSince = at(-20);
         plan.hubs.push_back({HubId("hub-2"), 0, at(-3), std::nullopt});
       },
       "hub-away "},
  };
  for (const Row& row : rows) {
    CarePlan plan = watchedPlan();
    row.change(plan);
    EXPECT_EQ(gapsIn(plan), row.gaps) << row.what;
  }
}

std::string shipped(const std::string& name) {
  std::ifstream file(VARDNAV_SOURCE_DIR "/rules/templates/" + name + ".json");
  std::stringstream document;
  document << file.rdbuf();
  return document.str();
}

TEST(RuleShelf, SaysWhichRulesNeverRunForThePerson) {
  CarePlan plan = watchedPlan();
  plan.enrolments[0].rules = {
      {RuleId("spo2-ordinary"), 1, "a", shipped("spo2-ordinary"), false, at(-1)},
      {RuleId("broken"), 1, "b", "{}", false, at(-1)}};
  RuleShelf shelf;
  shelf.judge(plan);
  const auto& rules = plan.enrolments[0].rules;
  EXPECT_THAT(*rules[0].lack, ::testing::HasSubstr("spo2-target"));
  EXPECT_THAT(*rules[1].lack, ::testing::HasSubstr("cannot read the rule"));
  EXPECT_EQ(gapsIn(plan), "rules-idle ");
  plan.context =
      R"({"format":1,"prescribed":{"spo2-target":[{"from":"2026-01-01T00:00:00Z","value":"94","unit":"%"}]}})";
  shelf.judge(plan);
  EXPECT_FALSE(rules[0].lack.has_value());
  EXPECT_EQ(gapsIn(plan), "");
  plan.context = "no JSON";
  shelf.judge(plan);
  EXPECT_EQ(gapsIn(plan), "rules-idle ");
}

/// As RuleShelf judges a diabetes enrolment that has these templates.
std::string gapsWith(const std::vector<std::string>& templates, const std::string& condition) {
  CarePlan plan = watchedPlan();
  plan.enrolments[0].view.condition = ConditionId(condition);
  plan.enrolments[0].rules.clear();
  for (const std::string& name : templates) {
    plan.enrolments[0].rules.push_back({RuleId(name), 1, name, shipped(name), false, at(-1)});
  }
  RuleShelf shelf;
  shelf.judge(plan);
  return gapsIn(plan);
}

/// DESIGN section 5: active only with the floor rules of its condition.
TEST(RuleShelf, SaysThatNobodyWatchesWithoutTheFloor) {
  EXPECT_EQ(gapsWith({"glucose-low", "glucose-above-range", "ketones"}, "diabetes"), "");
  EXPECT_EQ(gapsWith({"glucose-low", "glucose-above-range"}, "diabetes"), "no-floor ");
  EXPECT_EQ(gapsWith({"glucose-low", "ketones"}, "diabetes"), "no-floor ");
  EXPECT_EQ(gapsWith({"glucose-above-range", "ketones", "glucose-high"}, "diabetes"), "no-floor ");
  EXPECT_EQ(gapsWith({"weight-gain"}, "heart-failure"), "");
  EXPECT_EQ(gapsWith({"weight-gain", "glucose-high"}, "heart-failure"), "no-floor ")
      << "whoever reads glucose tells its floor";
  EXPECT_EQ(gapsWith({"weight-gain", "ketones"}, "heart-failure"), "");

  CarePlan plan = watchedPlan();
  for (const char* name : {"glucose-low", "glucose-above-range"}) {
    plan.enrolments[1].rules.push_back({RuleId(name), 1, name, shipped(name), false, at(-1)});
  }
  plan.enrolments[0].rules = {
      {RuleId("glucose-high"), 1, "high", shipped("glucose-high"), false, at(-1)}};
  RuleShelf().judge(plan);
  EXPECT_EQ(gapsIn(plan), "") << "another enrolment's rules tell the floor of what is read";
  plan.enrolments[0].view.condition = ConditionId("diabetes");
  EXPECT_EQ(gapsIn(plan), "no-floor ") << "but not of the condition";
}

TEST(RuleShelf, MakesAFloorRuleOfWhatWasImportedAsNone) {
  CarePlan plan = watchedPlan();
  plan.enrolments[0].rules = {
      {RuleId("glucose-low"), 1, "a", shipped("glucose-low"), false, at(-1)},
      {RuleId("glucose-high"), 1, "b", shipped("glucose-high"), false, at(-1)}};
  RuleShelf().judge(plan);
  EXPECT_TRUE(plan.enrolments[0].rules[0].isFloor);
  EXPECT_FALSE(plan.enrolments[0].rules[1].isFloor);
}

TEST(CarePlan, IsMonitoredOnlyWhereEveryEnrolmentIs) {
  CarePlan plan = watchedPlan();
  EXPECT_TRUE(isMonitored(plan, at(0)));
  plan.enrolments[1].rules.clear();
  EXPECT_FALSE(isMonitored(plan, at(0)));
  plan.enrolments.clear();
  EXPECT_FALSE(isMonitored(plan, at(0)));
}

TEST(CarePlan, TakesTheNewestVersionInForce) {
  PlannedEnrolment enrolment;
  enrolment.rules = {ruleFrom("a", at(-9)), ruleFrom("a", at(-5)), ruleFrom("a", at(5)),
                     ruleFrom("b", at(-1))};
  const auto rules = inForce(enrolment, at(0));
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0]->from, at(-5));
  EXPECT_EQ(rules[1]->rule, RuleId("b"));
}

struct Wish {
  std::string rule = "glucose-high";
  Milliseconds ahead = std::chrono::hours{24};
  std::string reason = "Inlagd på sjukhus";
  std::string team = "home";
};

std::string outcomeOf(const CarePlan& plan, const Wish& wish) {
  const TeamId teams[] = {TeamId(wish.team)};
  const auto pause = pauseOf(plan, {RuleId(wish.rule), at(0) + wish.ahead, wish.reason}, teams,
                             {"karin", "Karin Kommun"}, at(0));
  return pause ? "set" : std::string(nameOf(pause.error()));
}

TEST(Pause, IsSetByATeamThatTheRuleWatchesForAndHasAnEnd) {
  using namespace std::chrono_literals;
  const std::pair<Wish, std::string> rows[] = {
      {{}, "set"},
      {{.team = "night"}, "set"},
      {{.team = "copd"}, "other-team"},
      {{.rule = "glucose-low"}, "floor"},
      {{.rule = "glucose-low", .team = "copd"}, "floor"},
      {{.rule = "weight-gain"}, "unknown"},
      {{.ahead = kLongestPause}, "set"},
      {{.ahead = kLongestPause + 1ms}, "expiry"},
      {{.ahead = kPauseTakesEffect + 1ms}, "set"},
      {{.ahead = kPauseTakesEffect}, "expiry"},
      {{.ahead = -1h}, "expiry"},
      {{.reason = ""}, "reason"},
      {{.reason = " \n"}, "reason"},
      {{.reason = std::string(kLongestPauseReason, 'x')}, "set"},
      {{.reason = std::string(kLongestPauseReason + 1, 'x')}, "reason"},
  };
  for (const auto& [wish, expected] : rows) {
    EXPECT_EQ(outcomeOf(watchedPlan(), wish), expected)
        << wish.rule << " " << wish.ahead.count() << " " << wish.team;
  }
}

TEST(Pause, IsOneAtATimeOfARule) {
  CarePlan plan = watchedPlan();
  Pause& running = plan.pauses.emplace_back();
  running.rule = RuleId("glucose-high");
  running.from = at(-60);
  running.until = at(60);
  EXPECT_EQ(outcomeOf(plan, {}), "paused");
  running.endedAt = at(-1);
  EXPECT_EQ(outcomeOf(plan, {}), "set");
}

TEST(Pause, EndsOnceAMinuteFromNowAndNeverLaterThanItWould) {
  const TeamId home[] = {TeamId("home")};
  const TeamId copd[] = {TeamId("copd")};
  const alerts::Actor anna{"anna", "Anna Berg"};
  CarePlan plan = watchedPlan();
  plan.pauses.push_back(*pauseOf(plan, {RuleId("glucose-high"), at(10), "resa"}, home,
                                 {"karin", "Karin Kommun"}, at(0)));
  const std::string id = plan.pauses[0].id;
  EXPECT_EQ(endedPauseOf(plan, "none", home, anna, at(5)).error(), PauseRefusal::kUnknown);
  EXPECT_EQ(endedPauseOf(plan, id, copd, anna, at(5)).error(), PauseRefusal::kOtherTeam);
  const auto ended = endedPauseOf(plan, id, home, anna, at(5));
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->end(), at(6));
  EXPECT_EQ(ended->until, at(10));
  EXPECT_EQ(ended->by.username + " " + ended->endedBy->username, "karin anna");
  EXPECT_EQ(endedPauseOf(plan, id, home, anna, at(10) - Milliseconds{1})->end(), at(10));
  EXPECT_EQ(endedPauseOf(plan, id, home, anna, at(10)).error(), PauseRefusal::kEnded);
  plan.pauses[0] = *ended;
  EXPECT_EQ(endedPauseOf(plan, id, home, anna, at(5)).error(), PauseRefusal::kEnded);
}

}  // namespace
}  // namespace vardnav::cloud
