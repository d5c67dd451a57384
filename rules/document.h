// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Rule documents: JSON (schema/rule.schema.json) → Rule, or the first fault with its place. Every
// literal carries its unit; a unit that does not fit the signal, an unknown member, code or name, a
// contradiction, or a size beyond the limits below is refused. Bounded in time and memory, whatever
// the text. Any thread.
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

#include "rules/rule.h"

namespace vardnav::rules {

inline constexpr std::size_t kMaxDocumentBytes = std::size_t{64} * 1024;
inline constexpr std::size_t kMaxDocumentDepth = 8;

struct DocumentFault {
  std::string place;   ///< JSON pointer: "/levels/0/when/limits/1/unit"; empty for the whole
  std::string reason;  ///< "mL does not measure glucose"
};

std::expected<Rule, DocumentFault> compile(std::string_view json);

/// Over a set of rules, whatever their order: what a hub reports as applied.
std::string setHash(std::span<const std::string> hashes);

}  // namespace vardnav::rules
