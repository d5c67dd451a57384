// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Rule documents: JSON (schema/rule.schema.json, described in README.md) → Rule, or what is wrong
// with it. Every literal carries its unit; a unit that does not fit, an unknown member, code or
// name, a contradiction (contradiction.h), or a size beyond the limits below is refused. Bounded in
// time and memory, whatever the text. Any thread.
//
// Hash: SHA-256 over the document's canonical octets: UTF-8 JSON without white space, members in
// the order of their names, strings with the shortest escapes (RFC 8785; a document has no other
// numbers than small integers). White space and the order of members do not change it.
#pragma once

#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/document/rule.h"

namespace vardnav::rules {

inline constexpr std::size_t kMaxDocumentBytes = std::size_t{64} * 1024;
inline constexpr std::size_t kMaxDocumentDepth = 24;
inline constexpr std::size_t kMaxConditionDepth = 6;  ///< all, any and not within each other
inline constexpr std::size_t kMaxConditions = 48;     ///< of one rule, inner ones included
inline constexpr std::size_t kMaxFaults = 20;         ///< further ones are not looked for

struct DocumentFault {
  std::string place;   ///< JSON pointer: "/levels/0/when/limits/1/unit"; empty for the whole
  std::string reason;  ///< "mL does not measure glucose"

  friend bool operator==(const DocumentFault&, const DocumentFault&) = default;
};

/// Never empty; in the order they were found.
using DocumentFaults = std::vector<DocumentFault>;

std::expected<Rule, DocumentFaults> compile(std::string_view json);

/// Over a set of rules, whatever their order: what a hub reports as applied.
std::string setHash(std::span<const std::string> hashes);

}  // namespace vardnav::rules
