// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/enrolled.h"

#include <fstream>
#include <sstream>
#include <string>

#include "rules/document/document.h"

namespace vardnav::simulation {
namespace {

rules::Rule shipped(const std::string& name) {
  std::ifstream file(VARDNAV_SOURCE_DIR "/rules/templates/" + name + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  return rules::compile(text.str()).value();
}

}  // namespace

UtcTime utc(std::string_view text) { return parseRfc3339(text).value(); }

hub::Household householdOf() {
  hub::Household household;
  household.hub = kHub;
  for (const DeviceId& device : {kMeter, kScale}) {
    household.bindings.push_back(
        {device, std::nullopt, kPerson, utc("2019-01-01T00:00:00Z"), std::nullopt});
  }
  hub::Patient patient;
  patient.context.person = kPerson;
  for (const char* name : {"glucose-low", "weight-gain"}) patient.rules.push_back(shipped(name));
  household.patients = {patient};
  return household;
}

cloud::registry::Registry registryOf() {
  cloud::registry::Registry registry;
  registry.careGivers = {
      {cloud::CareGiverId("region"), cloud::CareGiver::Kind::kRegion, "03", "Region Uppsala"}};
  registry.teams = {{cloud::TeamId("team"), cloud::CareGiverId("region"), "Mottagningen",
                     cloud::Team::Role::kTeam},
                    {cloud::TeamId("desk"), {}, "Service desk", cloud::Team::Role::kServiceOwner}};
  registry.patients = {{kPerson, "Test Testsson", 1948}};
  registry.hubs = {{kHub, {kPerson}}};
  for (const char* condition : {"diabetes", "heart-failure"}) {
    cloud::Enrolment enrolment;
    enrolment.id = cloud::EnrolmentId(std::string("e-") + condition);
    enrolment.person = kPerson;
    enrolment.condition = ConditionId(condition);
    enrolment.careGiver = cloud::CareGiverId("region");
    enrolment.team = cloud::TeamId("team");
    enrolment.prescriber = "Dr Test";
    enrolment.consentBasis = "samtycke";
    enrolment.from = utc("2019-01-01T00:00:00Z");
    registry.enrolments.push_back(enrolment);
  }
  return registry;
}

}  // namespace vardnav::simulation
