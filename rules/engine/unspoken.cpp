// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/unspoken.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "rules/engine/engine.h"

namespace vardnav::rules {
namespace {

bool isSameGround(const Verdict& a, const Verdict& b) {
  const auto newestOf = [](const Verdict& verdict) {
    return verdict.inputs.empty() ? std::nullopt : std::optional(verdict.inputs.front());
  };
  return a.at == b.at && a.priority == b.priority && a.isConfirmed == b.isConfirmed &&
         newestOf(a) == newestOf(b);
}

/// One takes the other back, or tells again what the other has taken back.
bool areOpposite(const Verdict& a, const Verdict& b) {
  return isSameGround(a, b) && (a.withdraws == b.transition || b.withdraws == a.transition);
}

/// false: there is no room.
bool keep(RuleState& state, Verdict& verdict) {
  const auto opposite = std::ranges::find_if(
      state.unspoken, [&](const Unspoken& one) { return areOpposite(one.verdict, verdict); });
  if (opposite != state.unspoken.end()) {
    state.unspoken.erase(opposite);
    return true;
  }
  if (state.unspoken.size() == kMostUnspoken) return false;
  state.unspoken.push_back({std::move(verdict)});
  return true;
}

/// What a state does not keep of it.
void complete(const Lineage& lineage, const Context& context, UtcTime now, Verdict& verdict) {
  const auto versions = lineage.versions();
  const auto own = std::ranges::find_if(
      versions, [&](const auto& version) { return version->rule.hash == verdict.ruleHash; });
  const Rule& rule = own == versions.end() ? versions.back()->rule : (*own)->rule;
  verdict.person = context.person;
  verdict.rule = rule.id;
  verdict.condition = rule.condition;
  verdict.title = rule.title;
  verdict.told = now;
  verdict.isLate = now - verdict.at > context.lateAfter;
}

}  // namespace

std::vector<Verdict> toldNow(const Lineage& lineage, const Context& context, RuleState& state,
                             std::vector<Verdict> found, UtcTime now) {
  if (!context.pauses.empty() && isPausedAt(lineage, context, now)) {
    std::erase_if(found, [&](Verdict& verdict) {
      switch (verdict.transition) {
        case Transition::kPaused:
        case Transition::kResumed:
          return false;
        case Transition::kRaised:
        case Transition::kWorsened:
        case Transition::kCleared:
        case Transition::kWithdrawn:
          // Told too soon is better than never.
          return keep(state, verdict);
        default:
          return true;
      }
    });
    return found;
  }
  if (state.unspoken.empty()) return found;
  const auto resumed = std::ranges::find(found, Transition::kResumed, &Verdict::transition);
  std::vector<Verdict> waited;
  for (Unspoken& one : std::exchange(state.unspoken, {})) {
    complete(lineage, context, now, one.verdict);
    waited.push_back(std::move(one.verdict));
  }
  found.insert(resumed == found.end() ? found.begin() : resumed + 1,
               std::make_move_iterator(waited.begin()), std::make_move_iterator(waited.end()));
  return found;
}

}  // namespace vardnav::rules
