// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/routing/route.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace vardnav::cloud::routing {
namespace {

UtcTime at(std::string_view text) { return *parseRfc3339(text); }

Enrolment enrolment(std::string id, std::string condition, std::string careGiver,
                    std::string team) {
  Enrolment made;
  made.id = EnrolmentId(std::move(id));
  made.person = PersonId("p-1");
  made.condition = ConditionId(std::move(condition));
  made.careGiver = CareGiverId(std::move(careGiver));
  made.team = TeamId(std::move(team));
  made.from = at("2026-01-01T00:00:00Z");
  return made;
}

/// A patient whose COPD belongs to a region and whose diabetes belongs to a municipality.
Directory directory() {
  Directory made;
  made.careGivers = {{CareGiverId("region"), CareGiver::Kind::kRegion, "01", "Region Stockholm"},
                     {CareGiverId("kommun"), CareGiver::Kind::kMunicipality, "0380", "Uppsala"}};
  made.teams = {
      {TeamId("copd"), CareGiverId("region"), "KOL-mottagningen", Team::Role::kTeam},
      {TeamId("copd-2"), CareGiverId("region"), "Lungenheten", Team::Role::kTeam},
      {TeamId("home"), CareGiverId("kommun"), "Hemsjukvården", Team::Role::kTeam},
      {TeamId("duty-k"), CareGiverId("kommun"), "Kommunens jour", Team::Role::kDuty},
      {TeamId("desk"), {}, "Service desk", Team::Role::kServiceOwner},
  };
  Enrolment copd = enrolment("e-copd", "copd", "region", "copd");
  copd.backup = TeamId("copd-2");
  made.enrolments = {copd, enrolment("e-diabetes", "diabetes", "kommun", "home")};
  return made;
}

Question question(std::string condition, std::string moment = "2026-06-01T12:00:00Z") {
  return {PersonId("p-1"), ConditionId(std::move(condition)), Priority::kP1, at(moment)};
}

/// "team chosen copd, backup next copd-2, …"
std::string told(const Decision& decision) {
  std::string text;
  for (const Step& step : decision.steps) {
    if (!text.empty()) text += ", ";
    text += std::string(nameOf(step.level)) + " " + std::string(nameOf(step.outcome));
    if (!step.team.isEmpty()) text += " " + step.team.value;
  }
  return text;
}

struct Row {
  std::string name;
  Question question;
  void (*change)(Directory&);
  std::string expected;
  std::string explained;  ///< part of the English explanation
};

void unchanged(Directory&) {}

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"Region", question("copd"), unchanged,
       "team chosen copd, backup next copd-2, duty not_named, partner not_named, "
       "service_owner next desk",
       "KOL-mottagningen by enrolment e-copd for COPD"},
      {"Municipality", question("diabetes"), unchanged,
       "team chosen home, backup not_named, duty next duty-k, partner not_named, "
       "service_owner next desk",
       "Hemsjukvården by enrolment e-diabetes for diabetes"},
      {"OtherConditionGivesNoRight", question("heart-failure"), unchanged,
       "team not_applicable, backup not_applicable, duty not_applicable, partner not_applicable, "
       "service_owner chosen desk",
       "other enrolments give no right to this. The alert therefore goes to Service desk"},
      {"FirstInstantIsIncluded", question("copd", "2026-01-01T00:00:00Z"), unchanged,
       "team chosen copd, backup next copd-2, duty not_named, partner not_named, "
       "service_owner next desk",
       "e-copd"},
      {"BeforeTheFirstInstant", question("copd", "2025-12-31T23:59:59.999Z"), unchanged,
       "team not_applicable, backup not_applicable, duty not_applicable, partner not_applicable, "
       "service_owner chosen desk",
       "has not begun"},
      {"LastInstantIsExcluded", question("copd"),
       [](Directory& d) { d.enrolments[0].until = at("2026-06-01T12:00:00Z"); },
       "team not_applicable, backup not_applicable, duty not_applicable, partner not_applicable, "
       "service_owner chosen desk",
       "has ended"},
      {"JustBeforeTheEnd", question("copd"),
       [](Directory& d) { d.enrolments[0].until = at("2026-06-01T12:00:00.001Z"); },
       "team chosen copd, backup next copd-2, duty not_named, partner not_named, "
       "service_owner next desk",
       "e-copd"},
      {"TeamOfAnotherCareGiverIsPassedBy", question("diabetes"),
       [](Directory& d) { d.enrolments[1].team = TeamId("copd"); },
       "team not_applicable, backup not_named, duty chosen duty-k, partner not_named, "
       "service_owner next desk",
       "Kommunens jour by enrolment e-diabetes"},
      {"UnknownTeamFallsToTheNextLevel", question("copd"),
       [](Directory& d) { d.enrolments[0].team = TeamId("gone"); },
       "team not_named, backup chosen copd-2, duty not_named, partner not_named, "
       "service_owner next desk",
       "Lungenheten"},
      {"OneTeamTwiceIsToldOnce", question("copd"),
       [](Directory& d) { d.enrolments[0].backup = TeamId("copd"); },
       "team chosen copd, backup not_applicable, duty not_named, partner not_named, "
       "service_owner next desk",
       "KOL-mottagningen"},
      {"EmptyRegistryHasTheBuiltInDesk", question("copd"), [](Directory& d) { d = {}; },
       "team not_applicable, backup not_applicable, duty not_applicable, partner not_applicable, "
       "service_owner chosen service-owner",
       "No enrolment for COPD."},
      {"TheLatestOfTwoEnrolments", question("copd"),
       [](Directory& d) {
         Enrolment later = enrolment("e-new", "copd", "region", "copd-2");
         later.from = at("2026-05-01T00:00:00Z");
         d.enrolments.insert(d.enrolments.begin(), later);
       },
       "team chosen copd-2, backup not_named, duty not_named, partner not_named, "
       "service_owner next desk",
       "e-new"},
      {"AnotherPersonsEnrolmentIsIgnored", question("copd"),
       [](Directory& d) { d.enrolments[0].person = PersonId("p-2"); },
       "team not_applicable, backup not_applicable, duty not_applicable, partner not_applicable, "
       "service_owner chosen desk",
       "No enrolment for COPD"},
  };
  return kRows;
}

class Route : public testing::TestWithParam<Row> {};

TEST_P(Route, GoesByEnrolment) {
  Directory made = directory();
  GetParam().change(made);
  const Decision decision = decide(GetParam().question, made);
  EXPECT_EQ(told(decision), GetParam().expected);
  EXPECT_NE(decision.explanation.en.find(GetParam().explained), std::string::npos)
      << decision.explanation.en;
}

INSTANTIATE_TEST_SUITE_P(Golden, Route, testing::ValuesIn(rows()),
                         [](const auto& row) { return row.param.name; });

TEST(Route, ExplainsEveryStepInBothLanguages) {
  const Decision decision = decide(question("copd"), directory());
  EXPECT_EQ(decision.steps[0].reason.sv,
            "Teamet i den gällande inskrivningen för KOL hos Region Stockholm.");
  EXPECT_EQ(decision.steps[2].reason.en, "Region Stockholm has no duty level in the registry.");
  EXPECT_EQ(decision.explanation.sv,
            "Larmet går till KOL-mottagningen enligt inskrivning e-copd för KOL. Teamet i den "
            "gällande inskrivningen för KOL hos Region Stockholm.");
}

Directory anyDirectory(std::mt19937& random) {
  const auto pick = [&](int n) { return std::uniform_int_distribution(0, n - 1)(random); };
  const auto name = [&](const char* prefix) { return prefix + std::to_string(pick(4)); };
  Directory made;
  for (int i = pick(4); i > 0; --i) {
    made.careGivers.push_back(
        {CareGiverId(name("cg")), static_cast<CareGiver::Kind>(pick(3)), "", name("giver")});
  }
  for (int i = pick(6); i > 0; --i) {
    const auto role = static_cast<Team::Role>(pick(3));
    const CareGiverId careGiver(role == Team::Role::kServiceOwner ? "" : name("cg"));
    made.teams.push_back({TeamId(name("t")), careGiver, name("team"), role});
  }
  for (int i = pick(4); i > 0; --i) {
    Enrolment one = enrolment(name("e"), pick(2) == 0 ? "copd" : "diabetes", name("cg"), name("t"));
    one.person = PersonId(pick(3) == 0 ? "p-2" : "p-1");
    if (pick(2) == 0) one.backup = TeamId(name("t"));
    one.from = at("2026-05-01T00:00:00Z") + std::chrono::days{pick(60)};
    if (pick(2) == 0) one.until = one.from + std::chrono::days{pick(30)};
    made.enrolments.push_back(one);
  }
  return made;
}

TEST(Route, EveryInputHasExactlyOneRecipientAndEveryStepAReason) {
  std::mt19937 random(20261124);
  for (int round = 0; round < 20000; ++round) {
    Directory made = anyDirectory(random);
    const Decision decision = decide(question("copd"), made);
    ASSERT_EQ(decision.steps.size(), 5U);
    ASSERT_EQ(std::ranges::count(decision.steps, Outcome::kChosen, &Step::outcome), 1);
    ASSERT_FALSE(decision.chosen().team.isEmpty());
    ASSERT_EQ(decision.recipients().front().team, decision.chosen().team);
    ASSERT_TRUE(std::ranges::all_of(decision.steps, [](const Step& step) {
      return !step.reason.sv.empty() && !step.reason.en.empty();
    }));
    ASSERT_FALSE(decision.explanation.sv.empty() || decision.explanation.en.empty());
  }
}

TEST(Route, NeverDependsOnTheOrderOfTheDirectory) {
  std::mt19937 random(7);
  Directory made = directory();
  made.teams.push_back({TeamId("duty-a"), CareGiverId("kommun"), "Natt", Team::Role::kDuty});
  const std::string expected = told(decide(question("diabetes"), made));
  for (int round = 0; round < 100; ++round) {
    std::ranges::shuffle(made.teams, random);
    std::ranges::shuffle(made.careGivers, random);
    std::ranges::shuffle(made.enrolments, random);
    ASSERT_EQ(told(decide(question("diabetes"), made)), expected);
  }
}

}  // namespace
}  // namespace vardnav::cloud::routing
