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

Result<std::optional<RuleState>> StateBook::state(const PersonId& person, const RuleId& rule) {
  const Key key{person, rule};
  if (const auto set = ofItem_.find(key); set != ofItem_.end()) return set->second;
  if (const auto held = pages_.find(key); held != pages_.end()) return held->second.state;
  const auto text = stored_.ruleState(person, rule);
  if (!text) return std::unexpected(text.error());
  Page& page = pages_[key];
  if (*text) page.state = decodeState(**text);
  if (page.state && hasCheckpointsApart(**text, *page.state)) {
    page.stored = page.state->checkpoints;
  }
  return page.state;
}

Result<void> StateBook::setState(const PersonId& person, const RuleId& rule,
                                 const RuleState& state) {
  std::optional<RuleState> given;
  // As the store would give it back: what is judged must not hang on how much came together.
  if (isTooMuchToKeep(state)) given = decodeState(textOf(state));
  ofItem_.insert_or_assign({person, rule}, given ? *std::move(given) : state);
  return {};
}

void StateBook::keepItem() {
  for (auto& [key, state] : ofItem_) {
    Page& page = pages_[key];
    page.state = std::move(state);
    page.isChanged = true;
  }
  ofItem_.clear();
}

Result<void> StateBook::flush() {
  keepItem();
  for (auto& [key, page] : pages_) {
    if (!std::exchange(page.isChanged, false)) continue;
    const Checkpoints& checkpoints = page.state->checkpoints;
    std::optional<std::string> others;
    if (!page.stored || !page.stored->isSharedWith(checkpoints)) {
      others = checkpointsOf(*page.state);
    }
    auto kept = stored_.setRuleState(key.first, key.second, standingOf(*page.state), others);
    if (!kept) return kept;
    page.stored = checkpoints;
  }
  return {};
}

}  // namespace vardnav::rules
