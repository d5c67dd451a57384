// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/rule_shelf.h"

#include "rules/document/context_file.h"
#include "rules/document/document.h"

namespace vardnav::cloud {

const rules::Rule* RuleShelf::find(const PlannedRule& planned) {
  auto found = rules_.find(planned.hash);
  if (found == rules_.end()) {
    if (rules_.size() >= kMostRules) rules_.clear();
    auto compiled = rules::compile(planned.document);
    std::optional<rules::Rule> rule;
    if (compiled) rule = *std::move(compiled);
    found = rules_.emplace(planned.hash, std::move(rule)).first;
  }
  return found->second ? &*found->second : nullptr;
}

void RuleShelf::judge(CarePlan& plan) {
  const auto context = rules::parseContext(plan.context);
  for (PlannedEnrolment& enrolment : plan.enrolments) {
    for (PlannedRule& planned : enrolment.rules) {
      const rules::Rule* rule = find(planned);
      if (rule != nullptr) {
        planned.isFloor = planned.isFloor || rule->isFloor;
        planned.cover = rules::coverOf(*rule);
      }
      if (rule == nullptr) {
        planned.lack = "this version cannot read the rule";
      } else if (!context) {
        planned.lack = "the patient's context cannot be read: " + context.error().reason;
      } else {
        planned.lack = rules::lackOf(*rule, context->context);
      }
    }
  }
}

}  // namespace vardnav::cloud
