// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a replay writes, line by line: vardnavctl and the backend's API give the same octets for the
// same past. Pure, any thread.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "rules/replay/replay.h"
#include "rules/speech/language.h"

namespace vardnav::rules {

/// What a replay needs besides rules.
struct ReplayPast {
  ContextFile context;
  Arrivals arrivals;
  ReplaySpan span;
};

/// Whoever it was: no line of a replay names the person.
inline const PersonId kReplayed{"replayed"};

/// lineagesOf(), and the rules that watch everybody where no version of them is there.
std::expected<std::vector<Lineage>, std::string> replayedLineages(std::vector<Rule> rules,
                                                                  const ContextFile& context);

/// One verdict a line, without ends.
Result<std::vector<std::string>> replayLines(std::span<const Lineage> lineages,
                                             const ReplayPast& past, Language language,
                                             const ReplayLimits& limits = {});
/// Only the difference that `lineages` make against `old`, and at the end its figures.
Result<std::vector<std::string>> replayLinesAgainst(std::span<const Lineage> old,
                                                    std::span<const Lineage> lineages,
                                                    const ReplayPast& past, Language language,
                                                    const ReplayLimits& limits = {});

}  // namespace vardnav::rules
