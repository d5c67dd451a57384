// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/comparison.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cloud/core/technical.h"
#include "rules/engine/engine.h"

namespace vardnav::cloud {
namespace {

/// A heartbeat may overtake what the hub's clock brings in the same moments: a verdict that has not
/// been received yet is not another result.
constexpr Milliseconds kSettling = std::chrono::minutes{2};
/// A pause lasts 30 days at most; what one side told within it shows until its end.
constexpr Milliseconds kPastLookedAt = std::chrono::days{35};

}  // namespace

Result<void> Comparison::run(const wire::Status& status, const std::set<PersonId>& overtaken) {
  const UtcTime both = watches_.bothSince(hub_, status.configuration.hash, now_);
  const auto issued = transaction_.newestIssued(hub_);
  if (!issued) return std::unexpected(issued.error());
  // Another configuration is other inputs.
  if (!*issued || (*issued)->hash != status.configuration.hash) return {};
  if (!status.isClockSynchronised) return {};
  const UtcTime since = std::max(both, now_ - kComparedBack);
  auto said = transaction_.verdictsOf(hub_, since);
  if (!said) return std::unexpected(said.error());
  for (const auto part : byRule(*said)) {
    if (overtaken.contains(part.front().verdict.person)) continue;
    if (auto done = compareOne(part, status.at - kSettling); !done) return done;
  }
  return {};
}

Result<void> Comparison::compareOne(std::span<const SaidVerdict> said, UtcTime until) {
  const Verdict& first = said.front().verdict;
  const auto watch = watches_.watchOf(transaction_, first.person, now_);
  if (!watch) return std::unexpected(watch.error());
  const auto lineage = std::ranges::find((*watch)->lineages, first.rule, &rules::Lineage::id);
  if (lineage == (*watch)->lineages.end()) return {};
  // A side that learns inside a pause what the other had told before it tells it at its end.
  if (rules::isPausedAt(*lineage, (*watch)->context, until)) return {};
  std::vector<Verdict> difference;
  for (Verdict& verdict : differenceOf(said)) {
    const auto* version = lineage->versionAt(verdict.at);
    if (verdict.told > until || version == nullptr || version->rule.hash != verdict.ruleHash ||
        (*watch)->context.version != verdict.contextVersion) {
      continue;
    }
    const auto isOne = isReal(verdict, version->rule.coolDown);
    if (!isOne) return std::unexpected(isOne.error());
    if (*isOne) difference.push_back(std::move(verdict));
  }
  const TechnicalCause cause{std::string(technical_kind::kDivergence), hub_, first.person,
                             first.rule.value};
  if (difference.empty()) return transaction_.clearTechnical(cause, now_);
  return TechnicalDesk(transaction_, now_)
      .open(cause,
            "hub and backend told different things of the same readings, " +
                std::to_string(difference.size()) + " in all: keep both versions and report it",
            difference.front().told);
}

Result<bool> Comparison::isReal(const Verdict& verdict, Milliseconds coolDown) {
  // One side may have told it, or taken it back, before what is compared begins.
  const auto all = transaction_.verdictsAt(verdict.person, verdict.rule, verdict.at);
  if (!all) return std::unexpected(all.error());
  const bool isSettling = std::ranges::any_of(
      *all, [&](const SaidVerdict& one) { return one.storedAt > now_ - kSettling; });
  if (isSettling || !isDifferent(verdict, *all)) return false;
  const auto past = transaction_.verdictsOf(hub_, now_ - kPastLookedAt);
  if (!past) return std::unexpected(past.error());
  const auto parts = byRule(*past);
  const auto own = std::ranges::find_if(parts, [&](std::span<const SaidVerdict> part) {
    return part.front().verdict.person == verdict.person &&
           part.front().verdict.rule == verdict.rule;
  });
  return own == parts.end() || stoodAlikeBefore(verdict, *own, coolDown);
}

}  // namespace vardnav::cloud
