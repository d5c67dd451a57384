// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/replay/replay_lines.h"

#include <algorithm>

#include "rules/document/rule_set.h"
#include "rules/replay/replay_comparison.h"
#include "rules/replay/verdict_line.h"

namespace vardnav::rules {

std::expected<std::vector<Lineage>, std::string> replayedLineages(std::vector<Rule> rules,
                                                                  const ContextFile& context) {
  for (Rule& rule : builtInRules()) {
    if (std::ranges::find(rules, rule.id, &Rule::id) == rules.end()) {
      rules.push_back(std::move(rule));
    }
  }
  return lineagesOf(std::move(rules), context);
}

Result<std::vector<std::string>> replayLines(std::span<const Lineage> lineages,
                                             const ReplayPast& past, Language language,
                                             const ReplayLimits& limits) {
  const auto told = replay(lineages, past.context.context, past.arrivals, past.span, limits);
  if (!told) return std::unexpected(told.error());
  std::vector<std::string> lines;
  lines.reserve(told->size());
  for (const Verdict& verdict : *told) {
    lines.push_back(formatVerdict(verdict, past.arrivals, language));
  }
  return lines;
}

Result<std::vector<std::string>> replayLinesAgainst(std::span<const Lineage> old,
                                                    std::span<const Lineage> lineages,
                                                    const ReplayPast& past, Language language,
                                                    const ReplayLimits& limits) {
  const Context& context = past.context.context;
  const auto now = replay(lineages, context, past.arrivals, past.span, limits);
  if (!now) return std::unexpected(now.error());
  const auto before = replay(old, context, past.arrivals, past.span, limits);
  if (!before) return std::unexpected(before.error());
  const auto comparison = compare(*before, *now, spanOf(past.arrivals, past.span));
  return formatComparison(comparison, past.arrivals, language);
}

}  // namespace vardnav::rules
