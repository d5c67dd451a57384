// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Rule states of one person as a store keeps them: by rule, as text.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "rules/engine/watch.h"

namespace vardnav::rules {

class KeptStates final : public States {
 public:
  Result<std::optional<std::string>> ruleState(const PersonId& /*person*/,
                                               const RuleId& rule) override {
    const auto found = all_.find(rule);
    return found == all_.end() ? std::nullopt : std::optional(found->second);
  }
  Result<void> setRuleState(const PersonId& /*person*/, const RuleId& rule,
                            const std::string& state) override {
    all_[rule] = state;
    return {};
  }

 private:
  std::map<RuleId, std::string> all_;
};

}  // namespace vardnav::rules
