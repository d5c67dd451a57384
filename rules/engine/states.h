// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Where the engine finds the states of persons' rules, within one transaction of a store. Any
// thread, one at a time.
#pragma once

#include <optional>
#include <string>

#include "pipelines/model/error.h"
#include "pipelines/model/ids.h"
#include "rules/engine/state.h"

namespace vardnav::rules {

/// What the engine asks.
class States {
 public:
  virtual ~States() = default;
  /// nullopt: there is none yet, or it is damaged or of another version.
  virtual Result<std::optional<RuleState>> state(const PersonId& person, const RuleId& rule) = 0;
  virtual Result<void> setState(const PersonId& person, const RuleId& rule,
                                const RuleState& state) = 0;
};

/// The port to what both stores keep, opaque to them.
class StateStore {
 public:
  virtual ~StateStore() = default;
  /// nullopt before the first.
  virtual Result<std::optional<StateText>> ruleState(const PersonId& person,
                                                     const RuleId& rule) = 0;
  /// `checkpoints` nullopt: they are as they were.
  virtual Result<void> setRuleState(const PersonId& person, const RuleId& rule,
                                    const std::string& standing,
                                    const std::optional<std::string>& checkpoints) = 0;
};

}  // namespace vardnav::rules
