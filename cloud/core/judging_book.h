// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What judging keeps of persons (states of rules, how far their clock has run) while one message is
// taken: read once and written once, though every reading of the message changes it. Part of a
// transaction. Core thread only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "cloud/core/care_store.h"

namespace vardnav::cloud {

class JudgingBook final : public rules::States {
 public:
  explicit JudgingBook(CareTransaction& transaction) : transaction_(transaction) {}

  Result<std::optional<std::string>> ruleState(const PersonId& person, const RuleId& rule) override;
  Result<void> setRuleState(const PersonId& person, const RuleId& rule,
                            const std::string& state) override;
  Result<std::optional<UtcTime>> judgedUntil(const PersonId& person);
  void setJudgedUntil(const PersonId& person, UtcTime at);

  /// With those of the transaction: what was set since the last of them is kept, or forgotten.
  void keepItem();
  void undoItem();
  /// Writes what is kept and not written yet; once, before the commit.
  Result<void> flush();

 private:
  /// Of one kind of value: as the store has it or is to have it, and what the item at work has set.
  template <class Key, class Value>
  struct Page {
    std::map<Key, std::optional<Value>> read;
    std::map<Key, Value> kept;
    std::map<Key, Value> ofItem;

    /// nullptr: not known, to be read.
    const Value* newest(const Key& key) const;
    void keepItem();
  };
  using RuleOf = std::pair<PersonId, RuleId>;

  CareTransaction& transaction_;
  Page<RuleOf, std::string> states_;
  Page<PersonId, UtcTime> clocks_;
};

}  // namespace vardnav::cloud
