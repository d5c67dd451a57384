// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/state_book.h"

namespace vardnav::rules {
namespace {

/// Its text leaves samples out.
bool isTooMuchToKeep(const RuleState& state) {
  std::size_t samples = 0;
  for (const SeriesState& series : state.series) samples += series.samples.size();
  return samples > kMaxStoredSamples;
}

}  // namespace

Result<std::optional<std::string>> StateBook::ruleState(const PersonId& person,
                                                        const RuleId& rule) {
  const auto state = decoded(person, rule);
  if (!state) return std::unexpected(state.error());
  if (!*state) return std::nullopt;
  return encode(**state);
}

Result<void> StateBook::setRuleState(const PersonId& person, const RuleId& rule,
                                     const std::string& state) {
  pages_[{person, rule}] = {decodeState(state), false};
  return stored_.setRuleState(person, rule, state);
}

Result<std::optional<RuleState>> StateBook::decoded(const PersonId& person, const RuleId& rule) {
  const std::pair key{person, rule};
  const auto held = pages_.find(key);
  if (held != pages_.end()) return held->second.state;
  auto state = stored_.decoded(person, rule);
  if (state) pages_[key] = {*state, false};
  return state;
}

Result<void> StateBook::setDecoded(const PersonId& person, const RuleId& rule,
                                   const RuleState& state) {
  // As the store would give it back: what is judged must not hang on how much came together.
  pages_[{person, rule}] = {isTooMuchToKeep(state) ? decodeState(encode(state)) : state, true};
  return {};
}

Result<void> StateBook::flush() {
  for (auto& [key, page] : pages_) {
    if (!std::exchange(page.isChanged, false) || !page.state) continue;
    if (auto kept = stored_.setDecoded(key.first, key.second, *page.state); !kept) return kept;
  }
  return {};
}

}  // namespace vardnav::rules
