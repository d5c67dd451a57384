// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/registry/rule_library.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rules/document/rule_set.h"

namespace vardnav::cloud::registry {
namespace {

using Json = nlohmann::json;
using rules::Signatory;

std::string lineOf(const rules::DocumentFaults& faults) {
  const rules::DocumentFault& first = faults.front();
  return first.place.empty() ? first.reason : first.place + ": " + first.reason;
}

rules::Signatories signatoriesOf(const std::vector<Signer>& signers) {
  rules::Signatories known;
  for (const Signer& one : signers) {
    if (one.mayAuthor) known.authors.push_back(one.key);
    if (one.mayApprove) known.approvers.push_back(one.key);
  }
  return known;
}

/// Of a signature that refusalOf() has accepted.
std::string nameOf(const rules::SignedRuleSet& set, Signatory role,
                   const std::vector<Signer>& signers) {
  for (const rules::SetSignature& one : set.signatures) {
    const auto signer =
        std::ranges::find(signers, one.key, [](const Signer& each) { return each.key.id(); });
    if (one.role == role && signer != signers.end()) return signer->name;
  }
  return {};
}

/// The set is sound: it has been parsed.
std::vector<LibraryRule> rulesOf(const rules::SignedRuleSet& set) {
  const Json documents = Json::parse(set.payload).at("rules");
  std::vector<LibraryRule> library;
  for (std::size_t i = 0; i < set.set.rules.size(); ++i) {
    const rules::Rule& rule = set.set.rules[i];
    library.push_back({rule.hash, rule.id, rule.version, rule.condition, rule.isFloor,
                       documents.at(i).dump(-1, ' ', false, Json::error_handler_t::replace)});
  }
  return library;
}

}  // namespace

std::expected<LibrarySet, std::string> checkRuleSet(std::string_view envelope,
                                                    const std::vector<Signer>& signers) {
  const auto parsed = rules::parseSignedRuleSet(envelope);
  if (!parsed) return std::unexpected(lineOf(parsed.error()));
  if (auto refusal = rules::refusalOf(*parsed, signatoriesOf(signers))) {
    return std::unexpected(*std::move(refusal));
  }
  LibrarySet set;
  set.author = nameOf(*parsed, Signatory::kAuthor, signers);
  set.approver = nameOf(*parsed, Signatory::kApprover, signers);
  // Two keys may be one person's.
  if (set.author == set.approver) return std::unexpected("author and approver must be two persons");
  set.hash = parsed->set.hash;
  set.id = parsed->set.id;
  set.version = parsed->set.version;
  set.effectiveFrom = parsed->set.effectiveFrom;
  set.reviewBy = parsed->set.reviewBy;
  set.envelope = envelope;
  set.rules = rulesOf(*parsed);
  return set;
}

std::expected<std::string, std::string> signRuleSet(std::string_view text, const SigningKey& key,
                                                    Signatory role, UtcTime now) {
  std::string payload(text);
  std::vector<rules::SetSignature> signatures;
  if (const auto before = rules::parseSignedRuleSet(text)) {
    payload = before->payload;
    signatures = before->signatures;
  } else if (const auto set = rules::parseRuleSet(text); !set) {
    return std::unexpected(lineOf(set.error()));
  }
  signatures.push_back(rules::signRuleSet(key, role, now, payload));
  return rules::format(payload, signatures);
}

}  // namespace vardnav::cloud::registry
