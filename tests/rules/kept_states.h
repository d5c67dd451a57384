// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Rule states of one person as a store gives them back: by rule, through their text.
#pragma once

#include <map>
#include <optional>

#include "rules/engine/states.h"

namespace vardnav::rules {

class KeptStates final : public States {
 public:
  Result<std::optional<RuleState>> state(const PersonId& /*person*/, const RuleId& rule) override {
    const auto found = all_.find(rule);
    return found == all_.end() ? std::nullopt : decodeState(found->second);
  }
  Result<void> setState(const PersonId& /*person*/, const RuleId& rule,
                        const RuleState& state) override {
    all_[rule] = textOf(state);
    return {};
  }

 private:
  std::map<RuleId, StateText> all_;
};

}  // namespace vardnav::rules
