// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/rule_set.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "pipelines/model/digest.h"
#include "rules/document/document_reader.h"
#include "rules/document/json_check.h"

namespace vardnav::rules {
namespace {

using Json = nlohmann::json;

constexpr std::uint16_t kFormat = 1;
constexpr std::uint16_t kEnvelopeVersion = 1;
constexpr std::size_t kMaxSignatures = 8;
constexpr std::size_t kKeyDigits = 16;
constexpr std::size_t kSignatureDigits = 128;
// Of documents in an array in an object.
constexpr std::size_t kMaxSetDepth = kMaxDocumentDepth + 2;

std::string_view nameOf(Signatory role) {
  return role == Signatory::kAuthor ? "author" : "approver";
}

std::optional<Signatory> signatoryFromName(std::string_view name) {
  if (name == "author") return Signatory::kAuthor;
  if (name == "approver") return Signatory::kApprover;
  return std::nullopt;
}

std::string signedOctets(Signatory role, UtcTime at, std::string_view payload) {
  std::string octets = "vardnav rule set 1\n";
  octets.append(nameOf(role)).append("\n").append(toRfc3339(at)).append("\n").append(payload);
  return octets;
}

UtcTime readTime(Reader& reader, std::string_view name) {
  return reader.named(name, parseRfc3339, "time: write 2026-01-31T12:00:00Z");
}

bool isHex(const std::string& text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// A set has one version of a rule; a list for tools may have several.
enum class Versions : std::uint8_t { kOne, kSeveral };

void compileInto(const Json& document, const std::string& place, Versions versions,
                 std::vector<Rule>& rules, DocumentFaults& faults) {
  auto rule = compile(document.dump());
  if (!rule) {
    for (const DocumentFault& fault : rule.error()) {
      if (faults.size() < kMaxFaults) faults.push_back({place + fault.place, fault.reason});
    }
    return;
  }
  const auto isSecond = [&](const Rule& other) {
    return other.id == rule->id && (versions == Versions::kOne || other.version == rule->version);
  };
  if (std::ranges::any_of(rules, isSecond)) {
    faults.push_back({place + "/id", "a second rule of this id"});
    return;
  }
  rules.push_back(*std::move(rule));
}

std::vector<Rule> compileAll(const Json& documents, const std::string& place, Versions versions,
                             DocumentFaults& faults) {
  std::vector<Rule> rules;
  if (!documents.is_array() || documents.empty() || documents.size() > kMaxRulesOfSet) {
    faults.push_back({place, "not an array of 1 to " + std::to_string(kMaxRulesOfSet)});
    return rules;
  }
  for (std::size_t i = 0; i < documents.size() && faults.size() < kMaxFaults; ++i) {
    compileInto(documents[i], place + "/" + std::to_string(i), versions, rules, faults);
  }
  return rules;
}

/// What `read` made of it, or the faults.
template <class Read>
auto readJson(std::string_view json, Read read)
    -> std::expected<decltype(read(Json(), std::declval<DocumentFaults&>())), DocumentFaults> {
  if (auto faults = jsonFaults(json, {kMaxRuleSetBytes, kMaxSetDepth}); !faults.empty()) {
    return std::unexpected(std::move(faults));
  }
  DocumentFaults faults;
  auto result = read(Json::parse(json, nullptr, false), faults);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return result;
}

RuleSet readSet(const Json& json, DocumentFaults& faults) {
  RuleSet set;
  Reader reader(json, "", faults);
  reader.knowOnly(
      {"$schema", "format", "id", "version", "title", "effective_from", "review_by", "rules"});
  if (reader.has("$schema")) reader.text("$schema");
  reader.count("format", kFormat, kFormat);
  set.id = reader.id("id");
  set.version = reader.whole("version", 1'000'000);
  set.title = reader.bothLanguages("title");
  set.effectiveFrom = readTime(reader, "effective_from");
  set.reviewBy = readTime(reader, "review_by");
  if (faults.empty() && set.reviewBy <= set.effectiveFrom) {
    reader.refuse("review_by", "not after effective_from");
  }
  const Json& documents = reader.member("rules");
  if (!documents.is_null()) set.rules = compileAll(documents, "/rules", Versions::kOne, faults);
  return set;
}

SetSignature readSignature(Reader& reader) {
  reader.knowOnly({"role", "key", "signed_at", "signature"});
  SetSignature signature;
  signature.role = reader.named("role", signatoryFromName, "role");
  signature.key = reader.text("key");
  if (reader.has("key") && !isHex(signature.key, kKeyDigits)) {
    reader.refuse("key", "not 16 hexadecimal digits");
  }
  signature.signedAt = readTime(reader, "signed_at");
  signature.signature = reader.text("signature");
  if (reader.has("signature") && !isHex(signature.signature, kSignatureDigits)) {
    reader.refuse("signature", "not 128 hexadecimal digits");
  }
  return signature;
}

SignedRuleSet readEnvelope(const Json& json, DocumentFaults& faults) {
  SignedRuleSet signedSet;
  Reader reader(json, "", faults);
  reader.knowOnly({"version", "payload", "signatures"});
  reader.count("version", kEnvelopeVersion, kEnvelopeVersion);
  reader.objects("signatures", 1, kMaxSignatures,
                 [&](Reader& entry) { signedSet.signatures.push_back(readSignature(entry)); });
  const Json& payload = reader.member("payload");
  if (!payload.is_string()) {
    if (!payload.is_null()) reader.refuse("payload", "not a text");
    return signedSet;
  }
  signedSet.payload = payload.get<std::string>();
  auto set = parseRuleSet(signedSet.payload);
  if (set) {
    signedSet.set = *std::move(set);
  } else {
    // The place within the text, after a colon.
    for (const DocumentFault& fault : set.error()) {
      reader.refuse("payload:" + fault.place, fault.reason);
    }
  }
  return signedSet;
}

const PublicKey* signerOf(const SetSignature& signature, std::string_view payload,
                          const std::vector<PublicKey>& known) {
  const std::string octets = signedOctets(signature.role, signature.signedAt, payload);
  for (const PublicKey& key : known) {
    if (key.id() == signature.key && isSignedBy(key, octets, signature.signature)) return &key;
  }
  return nullptr;
}

std::vector<const PublicKey*> signersOf(const SignedRuleSet& set, Signatory role,
                                        const std::vector<PublicKey>& known) {
  std::vector<const PublicKey*> signers;
  for (const SetSignature& signature : set.signatures) {
    if (signature.role != role) continue;
    if (const PublicKey* signer = signerOf(signature, set.payload, known))
      signers.push_back(signer);
  }
  return signers;
}

std::vector<Rule> readAny(const Json& json, DocumentFaults& faults) {
  if (json.is_array()) return compileAll(json, "", Versions::kSeveral, faults);
  if (json.is_object() && json.contains("payload")) return readEnvelope(json, faults).set.rules;
  if (json.is_object() && json.contains("rules")) {
    if (json.size() == 1) return compileAll(json["rules"], "/rules", Versions::kSeveral, faults);
    return readSet(json, faults).rules;
  }
  std::vector<Rule> rules;
  compileInto(json, "", Versions::kSeveral, rules, faults);
  return rules;
}

}  // namespace

std::expected<RuleSet, DocumentFaults> parseRuleSet(std::string_view payload) {
  auto set = readJson(payload, readSet);
  if (set) set->hash = sha256Hex(payload);
  return set;
}

std::expected<SignedRuleSet, DocumentFaults> parseSignedRuleSet(std::string_view json) {
  return readJson(json, readEnvelope);
}

std::string format(const std::string& payload, std::span<const SetSignature> signatures) {
  Json envelope = {{"version", kEnvelopeVersion}, {"payload", payload}};
  for (const SetSignature& signature : signatures) {
    envelope["signatures"].push_back({{"role", nameOf(signature.role)},
                                      {"key", signature.key},
                                      {"signed_at", toRfc3339(signature.signedAt)},
                                      {"signature", signature.signature}});
  }
  return envelope.dump();
}

SetSignature signRuleSet(const SigningKey& key, Signatory role, UtcTime at,
                         std::string_view payload) {
  return {role, key.publicKey().id(), at, key.sign(signedOctets(role, at, payload))};
}

std::optional<std::string> refusalOf(const SignedRuleSet& set, const Signatories& known) {
  const auto authors = signersOf(set, Signatory::kAuthor, known.authors);
  const auto approvers = signersOf(set, Signatory::kApprover, known.approvers);
  if (authors.empty()) return "no valid signature of an author";
  if (approvers.empty()) return "no valid signature of an approver";
  for (const PublicKey* author : authors) {
    for (const PublicKey* approver : approvers) {
      if (*author != *approver) return std::nullopt;
    }
  }
  return "author and approver signed with one key";
}

std::expected<std::vector<Rule>, DocumentFaults> compileAny(std::string_view json) {
  return readJson(json, readAny);
}

}  // namespace vardnav::rules
