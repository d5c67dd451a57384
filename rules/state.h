// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the engine remembers of one rule and one person between readings; kept by the stores as
// text. Plain data, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pipelines/model/time.h"
#include "pipelines/model/verdict.h"

namespace vardnav::rules {

struct RuleState {
  /// The highest priority since it was raised; nullopt: not raised, or cleared.
  std::optional<Priority> open;
  std::optional<UtcTime> newestAt;  ///< event time of the newest reading judged

  friend bool operator==(const RuleState&, const RuleState&) = default;
};

/// "1 P2 1764000000000": version, open priority or "-", newest in milliseconds or "-".
std::string encode(const RuleState& state);
/// nullopt: of an unknown version, or damaged.
std::optional<RuleState> decodeState(std::string_view text);

}  // namespace vardnav::rules
