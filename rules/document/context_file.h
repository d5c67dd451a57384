// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Context files: JSON with what neither rules nor readings carry about a person. Schema and
// examples: schema/context.schema.json, README.md. The same object goes down to a hub in its
// configuration. An unknown member is refused: a misspelt fact must not be an absent one. Bounded
// in time and memory, whatever the text. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"
#include "rules/document/context.h"
#include "rules/document/document.h"

namespace vardnav::rules {

/// Over all lists of a file together.
inline constexpr std::size_t kMaxContextEntries = 1000;

/// Of several versions of one rule, which judges what was measured from then on.
struct VersionInForce {
  RuleId rule;
  std::uint32_t version = 0;
  UtcTime effectiveFrom{};
};

struct ContextFile {
  /// Without the person, whom the file does not name. `version` is a digest of the text. Pauses are
  /// in the order of the file: the n-th has the place "/pauses/n".
  Context context;
  std::vector<VersionInForce> versions;
};

std::expected<ContextFile, DocumentFault> parseContext(std::string_view json);

/// What pauses and `versions` name and is not among `rules`, which are those of `where`: each once,
/// in one line.
std::vector<std::string> strangersIn(const ContextFile& context, std::span<const Rule> rules,
                                     const std::string& where);

}  // namespace vardnav::rules
