// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Rule documents compiled once, to say of many persons which rules can run for them. One thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "cloud/core/care_plan.h"
#include "rules/document/rule.h"

namespace vardnav::cloud {

class RuleShelf {
 public:
  /// A region has some hundreds of documents; beyond this many all are forgotten.
  static constexpr std::size_t kMostRules = 2'000;

  /// nullptr: this version cannot read it. Stays until the next call.
  const rules::Rule* find(const PlannedRule& planned);
  /// Writes into each rule of the plan why it never runs for the person, and what of the floor it
  /// tells; a rule that its document makes one of the floor is one, however it was imported.
  void judge(CarePlan& plan);

 private:
  std::map<std::string, std::optional<rules::Rule>> rules_;  ///< by hash
};

}  // namespace vardnav::cloud
