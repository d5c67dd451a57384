// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Rule sets of shipped templates, and two persons who sign them.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cloud/registry/rule_library.h"
#include "pipelines/model/digest.h"

namespace vardnav::cloud::test {

inline nlohmann::json ruleTemplate(const std::string& name) {
  std::ifstream file(std::string(VARDNAV_SOURCE_DIR "/rules/templates/") + name + ".json");
  return nlohmann::json::parse(file);
}

inline std::string ruleSet(const std::string& id, int version,
                           const std::vector<std::string>& templates = {"glucose-low"}) {
  nlohmann::json rules = nlohmann::json::array();
  for (const std::string& name : templates) rules.push_back(ruleTemplate(name));
  return nlohmann::json{{"format", 1},
                        {"id", id},
                        {"version", version},
                        {"title", {{"sv", "Diabetes"}, {"en", "Diabetes"}}},
                        {"effective_from", "2026-01-01T00:00:00Z"},
                        {"review_by", "2027-01-01T00:00:00Z"},
                        {"rules", rules}}
      .dump();
}

inline const UtcTime kSigned = *parseRfc3339("2026-01-01T00:00:00Z");

struct Signers {
  SigningKey author = SigningKey::generate().value();
  SigningKey approver = SigningKey::generate().value();

  std::vector<registry::Signer> trusted() const {
    return {{author.publicKey(), "Dr A", true, false}, {approver.publicKey(), "Dr B", false, true}};
  }
  std::string sign(const std::string& set) const {
    const auto half = registry::signRuleSet(set, author, rules::Signatory::kAuthor, kSigned);
    return registry::signRuleSet(half.value(), approver, rules::Signatory::kApprover, kSigned)
        .value();
  }
};

}  // namespace vardnav::cloud::test
