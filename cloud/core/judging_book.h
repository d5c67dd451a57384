// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What judging keeps of persons (states of rules, how far their clock has run) while one message is
// taken: read once and written once, though every reading of the message changes it. Part of a
// transaction. Core thread only.
#pragma once

#include <map>
#include <optional>

#include "cloud/core/care_store.h"
#include "rules/engine/state_book.h"

namespace vardnav::cloud {

class JudgingBook {
 public:
  explicit JudgingBook(CareTransaction& transaction)
      : transaction_(transaction), states_(transaction) {}

  rules::States& states() { return states_; }
  Result<std::optional<UtcTime>> judgedUntil(const PersonId& person);
  void setJudgedUntil(const PersonId& person, UtcTime at);

  /// With those of the transaction: what was set since the last of them is kept, or forgotten.
  void keepItem();
  void undoItem();
  /// Keeps the item, and writes what is kept and not written yet; once, before the commit.
  Result<void> flush();

 private:
  CareTransaction& transaction_;
  rules::StateBook states_;
  // Of each person, as the store has it or is to have it, and what the item at work has set.
  std::map<PersonId, std::optional<UtcTime>> clocksRead_;
  std::map<PersonId, UtcTime> clocksKept_;
  std::map<PersonId, UtcTime> clocksOfItem_;
};

}  // namespace vardnav::cloud
