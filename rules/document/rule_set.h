// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Rule sets (schema/rule-set.schema.json) and the envelope that an author and an approver sign
// (schema/signed-rule-set.schema.json). A set is immutable: one version, known by the SHA-256 of
// its exact octets. Bounded like rule documents. Any thread.
//
// A signature covers, in this order: "vardnav rule set 1", its role, its time as written (RFC 3339,
// UTC), each followed by a line feed, then the payload's octets: nobody can pass off an author's
// signature as an approver's, or move it in time.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/signature.h"
#include "pipelines/model/time.h"
#include "rules/document/document.h"

namespace vardnav::rules {

inline constexpr std::size_t kMaxRuleSetBytes = std::size_t{1024} * 1024;
inline constexpr std::size_t kMaxRulesOfSet = 64;

struct RuleSet {
  std::string id;
  std::uint32_t version = 0;
  Text title;
  UtcTime effectiveFrom{};
  UtcTime reviewBy{};
  std::vector<Rule> rules;  ///< as written; no two of one id
  std::string hash;         ///< of the exact octets
};

enum class Signatory : std::uint8_t {
  kAuthor,    // author
  kApprover,  // approver
};

struct SetSignature {
  Signatory role = Signatory::kAuthor;
  std::string key;  ///< PublicKey::id()
  UtcTime signedAt{};
  std::string signature;  ///< 128 digits
};

struct SignedRuleSet {
  std::string payload;  ///< the set's exact octets
  RuleSet set;
  std::vector<SetSignature> signatures;
};

std::expected<RuleSet, DocumentFaults> parseRuleSet(std::string_view payload);
/// Says nothing about its signatures: see refusalOf().
std::expected<SignedRuleSet, DocumentFaults> parseSignedRuleSet(std::string_view json);
std::string format(const std::string& payload, std::span<const SetSignature> signatures);

SetSignature signRuleSet(const SigningKey& key, Signatory role, UtcTime at,
                         std::string_view payload);

/// Who may sign as what.
struct Signatories {
  std::vector<PublicKey> authors;
  std::vector<PublicKey> approvers;
};

/// Why the set is not to be used, in one line: it needs a valid signature of an author, and one of
/// an approver with another key. nullopt: it has them.
std::optional<std::string> refusalOf(const SignedRuleSet& set, const Signatories& known);

/// A document, an array of documents, {"rules": [documents]}, a rule set or a signed one (whose
/// signatures are not looked at): for tools that read files. The first three may hold several
/// versions of one rule.
std::expected<std::vector<Rule>, DocumentFaults> compileAny(std::string_view json);

/// Rules that every person is watched by, whatever else is in force.
std::vector<Rule> builtInRules();

}  // namespace vardnav::rules
