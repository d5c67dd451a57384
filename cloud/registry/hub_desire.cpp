// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/registry/hub_desire.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

namespace vardnav::cloud::registry {

std::string contextOf(const PatientDesire& patient) {
  auto json = nlohmann::json::parse(patient.context, nullptr, false);
  if (!json.is_object()) json = {{"format", 1}};
  // A gate stands only where the home can ask for a second measurement, which must be said.
  if (!json.contains("can_remeasure")) json["can_remeasure"] = false;
  std::vector<Pause> pauses = patient.pauses;
  std::erase_if(pauses, [](const Pause& one) { return one.end() <= one.from; });  // never began
  if (pauses.size() > kMostPauses) {
    std::ranges::stable_sort(pauses, std::ranges::greater{}, &Pause::end);
    pauses.resize(kMostPauses);
  }
  for (const Pause& pause : pauses) {
    json["pauses"].push_back({{"rules", {pause.rule.value}},
                              {"from", toRfc3339(pause.from)},
                              {"until", toRfc3339(pause.end())}});
  }
  return json.dump();
}

wire::Configuration configurationFrom(const HubDesire& desire) {
  wire::Configuration configuration;
  configuration.hub = desire.hub;
  configuration.bindings = desire.bindings;
  configuration.messages = desire.messages;
  std::set<std::string> carried;
  for (const PatientDesire& patient : desire.patients) {
    wire::ConfiguredPatient one{patient.person, patient.language, contextOf(patient), {}};
    one.whenUnreached = patient.whenUnreached;
    for (const DesiredRule& rule : patient.rules) {
      one.rules.push_back({rule.hash, rule.from});
      if (carried.insert(rule.hash).second) {
        configuration.rules.push_back({rule.hash, rule.document});
      }
    }
    configuration.patients.push_back(std::move(one));
  }
  return configuration;
}

}  // namespace vardnav::cloud::registry
