// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/registry/registry.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace vardnav::cloud::registry {
namespace {

using Json = nlohmann::json;

Json good() {
  return Json::parse(R"({"version":1,
    "care_givers":[{"id":"cg-r","kind":"region","code":"01","name":"Region Stockholm"},
                   {"id":"cg-k","kind":"municipality","code":"0380","name":"Uppsala kommun"}],
    "teams":[{"id":"copd","care_giver":"cg-r","name":"KOL","role":"team"},
             {"id":"home","care_giver":"cg-k","name":"Hem","role":"team"},
             {"id":"duty","care_giver":"cg-k","name":"Jour","role":"duty"},
             {"id":"desk","care_giver":null,"name":"Desk","role":"service_owner"}],
    "patients":[{"person":"p-1","name":"Test Testsson","birth_year":1948}],
    "hubs":[{"hub":"hub-1","persons":["p-1"]}],
    "enrolments":[{"id":"e-1","person":"p-1","condition":"copd","care_giver":"cg-r",
      "team":"copd","backup":null,"prescriber":"Dr Test","consent_basis":"samtycke",
      "from":"2026-01-01T00:00:00Z","until":null}]})");
}

std::string faultsOf(const std::string& text) {
  const auto parsed = parse(text);
  if (parsed) return "";
  std::string lines;
  for (const Fault& fault : parsed.error()) lines += toLine("r", fault) + "\n";
  return lines;
}

std::string faultsAfter(void (*change)(Json&)) {
  Json json = good();
  change(json);
  return faultsOf(json.dump());
}

TEST(Registry, ReadsAGoodOne) {
  const auto parsed = parse(good().dump());
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->careGivers[1].kind, CareGiver::Kind::kMunicipality);
  EXPECT_EQ(parsed->teams[3].role, Team::Role::kServiceOwner);
  EXPECT_TRUE(parsed->teams[3].careGiver.isEmpty());
  EXPECT_EQ(parsed->patients[0].birthYear, 1948);
  EXPECT_EQ(parsed->hubs[0].persons, (std::vector<PersonId>{PersonId("p-1")}));
  EXPECT_EQ(parsed->enrolments[0].from, *parseRfc3339("2026-01-01T00:00:00Z"));
  EXPECT_FALSE(parsed->enrolments[0].until.has_value());
  EXPECT_FALSE(parsed->enrolments[0].backup.has_value());
}

TEST(Registry, SaysThatItIsNoJson) {
  EXPECT_EQ(faultsOf("{,}"), "r: is not JSON: check commas and quotes\n");
  EXPECT_NE(faultsOf("[]").find("must be an object"), std::string::npos);
}

TEST(Registry, ListsAllFaultsWithTheirPlaces) {
  EXPECT_EQ(faultsAfter([](Json& json) {
              json["version"] = 2;
              json["teams"][0]["role"] = "boss";
              json["patients"][0]["birth_year"] = 48;
              json["enrolments"][0]["from"] = "yesterday";
              json["hubs"][0]["colour"] = "red";
            }),
            "r: /version: must be 1\n"
            "r: /teams/0/role: must be team, duty, technicians or service_owner\n"
            "r: /patients/0/birth_year: must be a year from 1890 to 2100, or null\n"
            "r: /hubs/0/colour: unknown field: remove it\n"
            "r: /enrolments/0/from: must be a time such as 2026-01-01T00:00:00Z\n");
}

struct Row {
  std::string name;
  void (*change)(Json&);
  std::string fault;
};

class Refuses : public testing::TestWithParam<Row> {};

TEST_P(Refuses, ItWithOneLine) {
  EXPECT_EQ(faultsAfter(GetParam().change), "r: " + GetParam().fault + "\n");
}

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"NoDesk", [](Json& json) { json["teams"].erase(3); },
       "/teams: there are 0 teams with role service_owner: there must be one, which takes what no "
       "other team takes"},
      {"DeskOfACareGiver", [](Json& json) { json["teams"][3]["care_giver"] = "cg-r"; },
       "/teams/3/care_giver: must be null: the service owner's desk belongs to no care giver"},
      {"TeamWithoutCareGiver", [](Json& json) { json["teams"][1]["care_giver"] = nullptr; },
       "/teams/1/care_giver: is missing"},
      {"TeamOfNobody", [](Json& json) { json["teams"][2]["care_giver"] = "cg-x"; },
       "/teams/2/care_giver: no care giver 'cg-x' in this file"},
      {"HubOfAStranger", [](Json& json) { json["hubs"][0]["persons"].push_back("p-9"); },
       "/hubs/0/persons/1: no patient 'p-9' in this file"},
      {"UpperCaseHub", [](Json& json) { json["hubs"][0]["hub"] = "Hub_1"; },
       "/hubs/0/hub: must be 1 to 64 of a-z, 0-9 and -"},
      {"PatientTwice", [](Json& json) { json["patients"].push_back(json["patients"][0]); },
       "/patients/1/person: 'p-1' stands here twice: keep one"},
      {"MisspeltCondition", [](Json& json) { json["enrolments"][0]["condition"] = "kol"; },
       "/enrolments/0/condition: must be copd, diabetes or heart-failure"},
      {"TeamOfAnotherCareGiver", [](Json& json) { json["enrolments"][0]["team"] = "home"; },
       "/enrolments/0/team: 'home' belongs to another care giver than the enrolment's"},
      {"UnknownTeam", [](Json& json) { json["enrolments"][0]["team"] = "none"; },
       "/enrolments/0/team: no team 'none' in this file"},
      {"DutyAsTeam", [](Json& json) { json["enrolments"][0]["backup"] = "duty"; },
       "/enrolments/0/backup: 'duty' has another role than team: duty and desk are reached by "
       "routing"},
      {"BackupIsTheTeam", [](Json& json) { json["enrolments"][0]["backup"] = "copd"; },
       "/enrolments/0/backup: is the team itself: name another team or null"},
      {"EndBeforeItsBeginning",
       [](Json& json) { json["enrolments"][0]["until"] = "2025-01-01T00:00:00Z"; },
       "/enrolments/0/until: must be after from"},
      {"PauseWithoutAName",
       [](Json& json) {
         json["patients"][0]["context"] = {
             {"format", 1},
             {"pauses", {{{"from", "2026-01-01T00:00:00Z"}, {"until", "2027-01-01T00:00:00Z"}}}}};
       },
       "/patients/0/context/pauses: pause a rule in the console, where it has an end and a reason"},
      {"RuleFromAnotherTime",
       [](Json& json) {
         json["patients"][0]["context"] = {{"format", 1},
                                           {"versions",
                                            {{{"rule", "glucose-low"},
                                              {"version", 1},
                                              {"effective_from", "2099-01-01T00:00:00Z"}}}}};
       },
       "/patients/0/context/versions: say with \"from\" of an enrolment's rules since when they "
       "judge"},
      {"TooManyPrescribedValues",
       [](Json& json) {
         Json values = Json::array();
         for (int i = 0; i < 501; ++i) {
           const UtcTime from = *parseRfc3339("2026-01-01T00:00:00Z") + std::chrono::hours{i};
           values.push_back({{"from", toRfc3339(from)}, {"value", "94"}, {"unit", "%"}});
         }
         json["patients"][0]["context"] = {{"format", 1},
                                           {"prescribed", {{"spo2-target", values}}}};
       },
       "/patients/0/context: has more than 500 facts and prescribed values: leave out the oldest"},
      {"BlankWords",
       [](Json& json) {
         json["patients"][0]["when_unreached"] = {{"sv", "Ring Anna."}, {"en", " \n"}};
       },
       "/patients/0/when_unreached/en: must be a non-empty text"},
      {"WordsInOneLanguage",
       [](Json& json) { json["patients"][0]["when_unreached"] = {{"sv", "Ring Anna."}}; },
       "/patients/0/when_unreached/en: is missing"},
      {"Overlap",
       [](Json& json) {
         json["enrolments"].push_back(json["enrolments"][0]);
         json["enrolments"][1]["id"] = "e-2";
       },
       "/enrolments/1/from: overlaps enrolment 'e-1' of the same person and condition: end one "
       "before the other begins"},
  };
  return kRows;
}

INSTANTIATE_TEST_SUITE_P(Table, Refuses, testing::ValuesIn(rows()),
                         [](const auto& row) { return row.param.name; });

TEST(Registry, AllowsOneEnrolmentToFollowAnother) {
  EXPECT_EQ(faultsAfter([](Json& json) {
              json["enrolments"].push_back(json["enrolments"][0]);
              json["enrolments"][0]["until"] = "2026-06-01T00:00:00Z";
              json["enrolments"][1]["id"] = "e-2";
              json["enrolments"][1]["from"] = "2026-06-01T00:00:00Z";
            }),
            "");
}

TEST(Registry, SurvivesAnyTypeAnywhere) {
  const Json wrong[] = {nullptr, 1, "x", Json::array({1}), Json::object({{"id", 1}}), true};
  for (const char* list : {"care_givers", "teams", "patients", "hubs", "enrolments"}) {
    for (const Json& value : wrong) {
      Json json = good();
      json[list] = value;
      EXPECT_NE(faultsOf(json.dump()), "") << list << " " << value;
      json = good();
      json[list][0] = value;
      EXPECT_NE(faultsOf(json.dump()), "") << list << "/0 " << value;
      const Json fields = good()[list][0];
      for (const auto& [key, field] : fields.items()) {
        json = good();
        json[list][0][key] = value;
        faultsOf(json.dump());
      }
    }
  }
}

TEST(Registry, ReadsBindingsContextsRulesAndMessages) {
  Json json = good();
  json["patients"][0]["language"] = "en";
  json["patients"][0]["context"] = {{"format", 1}};
  json["patients"][0]["when_unreached"] = {{"sv", "Ring Anna."}, {"en", "Call Anna."}};
  json["hubs"][0]["bindings"] = {{{"device", "C0:FF:EE:00:00:02"},
                                  {"slot", 5},
                                  {"consent_code", 1234},
                                  {"person", "p-1"},
                                  {"from", "2026-01-01T00:00:00Z"}}};
  json["enrolments"][0]["rules"] = {
      {{"set", "copd-basic"}, {"version", 2}, {"from", "2026-01-01T00:00:00Z"}}};
  json["messages"] = {{{"id", "m-1"},
                       {"person", "p-1"},
                       {"sv", "Hej"},
                       {"en", "Hello"},
                       {"from", "2026-01-01T00:00:00Z"},
                       {"until", "2026-02-01T00:00:00Z"}}};
  const auto parsed = parse(json.dump());
  ASSERT_TRUE(parsed) << faultsOf(json.dump());
  EXPECT_EQ(parsed->patients[0].language, "en");
  EXPECT_EQ(parsed->patients[0].whenUnreached, (Text{"Ring Anna.", "Call Anna."}));
  EXPECT_EQ(parsed->hubs[0].bindings.at(0).slot, 5);
  EXPECT_EQ(parsed->hubs[0].bindings.at(0).consentCode, 1234);
  EXPECT_EQ(parsed->rules.at(0).enrolment, EnrolmentId("e-1"));
  EXPECT_EQ(parsed->rules.at(0).version, 2U);
  EXPECT_EQ(parsed->messages.at(0).text.sv, "Hej");
}

TEST(Registry, RefusesAContextThatTheRulesCannotRead) {
  Json json = good();
  json["patients"][0]["context"] = {{"format", 1}, {"fakts", Json::object()}};
  EXPECT_NE(faultsOf(json.dump()).find("/patients/0/context"), std::string::npos);
}

TEST(Registry, RefusesABindingOfAStrangerOrOfASlotThatIsTaken) {
  const auto bound = [](Json& json, const char* person) {
    json["hubs"][0]["bindings"].push_back(
        {{"device", "C0:FF:EE:00:00:02"}, {"person", person}, {"from", "2026-01-01T00:00:00Z"}});
  };
  Json stranger = good();
  bound(stranger, "p-9");
  EXPECT_NE(faultsOf(stranger.dump()).find("/hubs/0/bindings/0/person"), std::string::npos);
  Json twice = good();
  bound(twice, "p-1");
  bound(twice, "p-1");
  EXPECT_NE(faultsOf(twice.dump()).find("/hubs/0/bindings/1: overlaps"), std::string::npos);
}

}  // namespace
}  // namespace vardnav::cloud::registry
