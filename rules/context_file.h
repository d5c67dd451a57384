// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Context files: JSON with what neither rules nor readings carry about a person. Schema and
// examples: schema/context.schema.json, README.md. The same object goes down to a hub in its
// configuration. An unknown member is refused: a misspelt fact must not be an absent one. Bounded
// in time and memory, whatever the text. Any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"
#include "rules/context.h"
#include "rules/document.h"

namespace vardnav::rules {

/// Over all lists of a file together.
inline constexpr std::size_t kMaxContextEntries = 1000;

/// In force from then on, until a later one.
struct DatedFact {
  UtcTime from{};
  bool value = false;
};

/// `from` included, `until` excluded.
struct WrittenPause {
  UtcTime from{};
  UtcTime until{};
  std::vector<RuleId> rules;  ///< empty: every rule that can be paused
  std::string place;          ///< in the file, for a fault that only the rules show
};

/// Of several versions of one rule, which judges what was measured from then on.
struct VersionInForce {
  RuleId rule;
  std::uint32_t version = 0;
  UtcTime effectiveFrom{};
};

struct ContextFile {
  std::map<std::string, std::vector<DatedFact>> facts;
  std::map<std::string, std::vector<Prescribed>> prescribed;
  std::vector<WrittenPause> pauses;
  std::vector<VersionInForce> versions;
  bool canRemeasure = true;
  Milliseconds lateAfter = std::chrono::hours{1};
};

std::expected<ContextFile, DocumentFault> parseContext(std::string_view json);

}  // namespace vardnav::rules
