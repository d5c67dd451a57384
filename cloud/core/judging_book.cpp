// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/judging_book.h"

namespace vardnav::cloud {

Result<std::optional<UtcTime>> JudgingBook::judgedUntil(const PersonId& person) {
  for (const auto* clocks : {&clocksOfItem_, &clocksKept_}) {
    if (const auto set = clocks->find(person); set != clocks->end()) return set->second;
  }
  if (const auto known = clocksRead_.find(person); known != clocksRead_.end()) return known->second;
  auto stored = transaction_.judgedUntil(person);
  if (stored) clocksRead_.emplace(person, *stored);
  return stored;
}

void JudgingBook::setJudgedUntil(const PersonId& person, UtcTime at) {
  clocksOfItem_.insert_or_assign(person, at);
}

void JudgingBook::keepItem() {
  states_.keepItem();
  for (const auto& [person, at] : clocksOfItem_) clocksKept_.insert_or_assign(person, at);
  clocksOfItem_.clear();
}

void JudgingBook::undoItem() {
  states_.undoItem();
  clocksOfItem_.clear();
}

Result<void> JudgingBook::flush() {
  keepItem();
  if (auto done = states_.flush(); !done) return done;
  for (const auto& [person, at] : clocksKept_) {
    if (auto done = transaction_.setJudgedUntil(person, at); !done) return done;
  }
  return {};
}

}  // namespace vardnav::cloud
