// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/core/household.h"

#include <algorithm>

#include "rules/document/document.h"
#include "rules/engine/reach.h"

namespace vardnav::hub {

std::set<DeviceId> Household::devices() const {
  std::set<DeviceId> all;
  for (const intake::Binding& binding : bindings) all.insert(binding.device);
  return all;
}

Milliseconds Household::ruleReach() const {
  Milliseconds reach{0};
  for (const Patient& patient : patients) {
    for (const rules::Rule& rule : patient.rules) reach = std::max(reach, rules::reachOf(rule));
  }
  return reach;
}

std::string Household::ruleHash() const {
  std::vector<std::string> hashes;
  for (const Patient& patient : patients) {
    for (const rules::Rule& rule : patient.rules) hashes.push_back(rule.hash);
  }
  return rules::setHash(hashes);
}

}  // namespace vardnav::hub
