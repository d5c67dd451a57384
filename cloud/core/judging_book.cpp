// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/judging_book.h"

namespace vardnav::cloud {

template <class Key, class Value>
const Value* JudgingBook::Page<Key, Value>::newest(const Key& key) const {
  for (const auto* page : {&ofItem, &kept}) {
    if (const auto found = page->find(key); found != page->end()) return &found->second;
  }
  return nullptr;
}

template <class Key, class Value>
void JudgingBook::Page<Key, Value>::keepItem() {
  for (auto& [key, value] : ofItem) kept.insert_or_assign(key, std::move(value));
  ofItem.clear();
}

Result<std::optional<std::string>> JudgingBook::ruleState(const PersonId& person,
                                                          const RuleId& rule) {
  const RuleOf key{person, rule};
  if (const std::string* set = states_.newest(key)) return *set;
  if (const auto known = states_.read.find(key); known != states_.read.end()) return known->second;
  auto stored = transaction_.ruleState(person, rule);
  if (stored) states_.read.emplace(key, *stored);
  return stored;
}

Result<void> JudgingBook::setRuleState(const PersonId& person, const RuleId& rule,
                                       const std::string& state) {
  states_.ofItem.insert_or_assign({person, rule}, state);
  return {};
}

Result<std::optional<UtcTime>> JudgingBook::judgedUntil(const PersonId& person) {
  if (const UtcTime* set = clocks_.newest(person)) return *set;
  if (const auto known = clocks_.read.find(person); known != clocks_.read.end()) {
    return known->second;
  }
  auto stored = transaction_.judgedUntil(person);
  if (stored) clocks_.read.emplace(person, *stored);
  return stored;
}

void JudgingBook::setJudgedUntil(const PersonId& person, UtcTime at) {
  clocks_.ofItem.insert_or_assign(person, at);
}

void JudgingBook::keepItem() {
  states_.keepItem();
  clocks_.keepItem();
}

void JudgingBook::undoItem() {
  states_.ofItem.clear();
  clocks_.ofItem.clear();
}

Result<void> JudgingBook::flush() {
  for (const auto& [key, state] : states_.kept) {
    if (auto done = transaction_.setRuleState(key.first, key.second, state); !done) return done;
  }
  for (const auto& [person, at] : clocks_.kept) {
    if (auto done = transaction_.setJudgedUntil(person, at); !done) return done;
  }
  return {};
}

}  // namespace vardnav::cloud
