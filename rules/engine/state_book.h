// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// States of one transaction, in front of the store: each is read and decoded once, and encoded and
// written once, at flush(), however many readings are judged in between. Any thread, one at a time.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "rules/engine/states.h"

namespace vardnav::rules {

class StateBook final : public States {
 public:
  /// `stored` outlives it.
  explicit StateBook(StateStore& stored) : stored_(stored) {}

  Result<std::optional<RuleState>> state(const PersonId& person, const RuleId& rule) override;
  Result<void> setState(const PersonId& person, const RuleId& rule,
                        const RuleState& state) override;

  /// What was set since the last of these is kept, or forgotten.
  void keepItem();
  void undoItem() { ofItem_.clear(); }
  /// Keeps the item, and writes what is kept and not written yet; of that, checkpoints only where
  /// they are others than were stored.
  Result<void> flush();

 private:
  using Key = std::pair<PersonId, RuleId>;
  struct Page {
    std::optional<RuleState> state;
    std::optional<Checkpoints> stored;  ///< nullopt: not known
    bool isChanged = false;
  };

  StateStore& stored_;
  std::map<Key, Page> pages_;
  std::map<Key, RuleState> ofItem_;
};

}  // namespace vardnav::rules
