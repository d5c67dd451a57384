// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A rule set over a person's past: the engine is given what arrived, in the order it arrived, and
// its clock runs between. The same file gives the same lines. Pure, any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pipelines/model/error.h"
#include "pipelines/model/verdict.h"
#include "rules/document/context.h"
#include "rules/document/context_file.h"
#include "rules/engine/lineage.h"
#include "rules/replay/arrivals.h"

namespace vardnav::rules {

/// What the clock alone brings is due from `from` up to `until`, both included.
struct ReplaySpan {
  std::optional<UtcTime> from;   ///< nullopt: the first line's time of measurement
  std::optional<UtcTime> until;  ///< nullopt: the last line's arrival
};

/// Rules by their ids, each with its versions in force; or one line that says what to change: two
/// versions of one rule without dates, a date for a version that is not there, a paused floor rule.
std::expected<std::vector<Lineage>, std::string> lineagesOf(std::vector<Rule> rules,
                                                            const ContextFile& context);

/// A replay that would be longer, tell more, or read more of the past again because of readings out
/// of order, is refused: kInvalidInput, with what to change.
inline constexpr std::chrono::years kMaxReplaySpan{100};
inline constexpr std::size_t kMaxToldLines = 500'000;
inline constexpr std::size_t kMaxReadAgain = 50'000'000;
inline constexpr std::size_t kMaxAtOnce = 100;  ///< readings of one code at one time

/// For those who replay on behalf of others.
struct ReplayLimits {
  std::size_t toldLines = kMaxToldLines;  ///< by one rule
  std::size_t readAgain = kMaxReadAgain;  ///< by all rules
  /// Asked at each step of each rule: true ends the replay with kTimeout. Empty: never.
  std::function<bool()> isTimeUp;
};

/// In the order they were told; what was told at one time in the order of rules.
Result<std::vector<Verdict>> replay(std::span<const Lineage> lineages, const Context& context,
                                    const Arrivals& arrivals, const ReplaySpan& span,
                                    const ReplayLimits& limits = {});

/// From the first measurement, or `from`, to the last one, or `until`: what rates are given over.
Milliseconds spanOf(const Arrivals& arrivals, const ReplaySpan& span);

}  // namespace vardnav::rules
