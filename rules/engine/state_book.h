// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// States of one transaction, in front of the store: each is read and decoded once, and encoded and
// written once, at flush(), however many readings are judged in between. Any thread, one at a time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "rules/engine/watch.h"

namespace vardnav::rules {

class StateBook final : public States {
 public:
  /// `stored` outlives it.
  explicit StateBook(States& stored) : stored_(stored) {}

  Result<std::optional<std::string>> ruleState(const PersonId& person, const RuleId& rule) override;
  Result<void> setRuleState(const PersonId& person, const RuleId& rule,
                            const std::string& state) override;
  Result<std::optional<RuleState>> decoded(const PersonId& person, const RuleId& rule) override;
  Result<void> setDecoded(const PersonId& person, const RuleId& rule,
                          const RuleState& state) override;

  /// Writes what was set since the last one.
  Result<void> flush();

 private:
  struct Page {
    std::optional<RuleState> state;
    bool isChanged = false;
  };

  States& stored_;
  std::map<std::pair<PersonId, RuleId>, Page> pages_;
};

}  // namespace vardnav::rules
