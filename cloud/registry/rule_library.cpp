// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/registry/rule_library.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "pipelines/model/digest.h"
#include "pipelines/wire/nesting.h"
#include "rules/document.h"

namespace vardnav::cloud::registry {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostOctets = 1 << 20;
constexpr std::size_t kMostLevels = 64;

// Thrown and caught in this file only.
struct Fault {
  std::string line;
};

Json parsed(std::string_view text, const char* what) {
  if (text.size() > kMostOctets) throw Fault{std::string(what) + " is longer than 1 MiB"};
  if (wire::nestsDeeperThan(text, kMostLevels)) throw Fault{std::string(what) + " nests too deep"};
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) throw Fault{std::string(what) + " is no JSON object"};
  return json;
}

std::string text(const Json& json, const std::string& place, const char* name) {
  const auto found = json.is_object() ? json.find(name) : json.end();
  if (!json.is_object() || found == json.end() || !found->is_string()) {
    throw Fault{place + "/" + name + " must be a text"};
  }
  return found->get<std::string>();
}

UtcTime timeOf(const Json& json, const std::string& place, const char* name) {
  const auto time = parseRfc3339(text(json, place, name));
  if (!time) throw Fault{place + "/" + name + " must be a time such as 2026-01-01T00:00:00Z"};
  return *time;
}

const Json& list(const Json& json, const std::string& place, const char* name) {
  if (!json.contains(name) || !json[name].is_array()) {
    throw Fault{place + "/" + name + " must be a list"};
  }
  return json[name];
}

/// Name and key of who signed in this role; a signature that does not hold is a fault.
const Signer& signerOf(const Json& signatures, const std::string& payload, std::string_view role,
                       const std::vector<Signer>& signers) {
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    const std::string place = "/signatures/" + std::to_string(i);
    if (text(signatures[i], place, "role") != role) continue;
    const std::string id = text(signatures[i], place, "key");
    const auto signer =
        std::ranges::find_if(signers, [&](const Signer& one) { return one.key.id() == id; });
    if (signer == signers.end()) throw Fault{place + "/key is of no signer that is trusted here"};
    if (!(role == "author" ? signer->mayAuthor : signer->mayApprove)) {
      throw Fault{place + "/role: this signer may not sign as " + std::string(role)};
    }
    if (!isSignedBy(signer->key, payload, text(signatures[i], place, "signature"))) {
      throw Fault{place + "/signature does not hold over the payload"};
    }
    return *signer;
  }
  throw Fault{"/signatures: there is none of an " + std::string(role)};
}

LibraryRule ruleFrom(const Json& document, const std::string& place) {
  LibraryRule one;
  one.document = document.dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto rule = rules::compile(one.document);
  if (!rule) throw Fault{place + rule.error().place + ": " + rule.error().reason};
  one.hash = rule->hash;
  one.rule = rule->id;
  one.version = rule->version;
  one.condition = rule->condition;
  return one;
}

LibrarySet setFrom(const std::string& payload) {
  const Json json = parsed(payload, "the payload");
  if (json.value("format", 0) != 1) throw Fault{"payload /format must be 1"};
  LibrarySet set;
  set.hash = sha256Hex(payload);
  set.id = text(json, "payload ", "id");
  if (!json.contains("version") || !json["version"].is_number_unsigned() ||
      json["version"].get<std::uint64_t>() - 1 >= 1'000'000) {
    throw Fault{"payload /version must be a whole number from 1"};
  }
  set.version = json["version"].get<std::uint32_t>();
  set.effectiveFrom = timeOf(json, "payload ", "effective_from");
  set.reviewBy = timeOf(json, "payload ", "review_by");
  const Json& rules = list(json, "payload ", "rules");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    LibraryRule rule = ruleFrom(rules[i], "payload /rules/" + std::to_string(i));
    if (std::ranges::find(set.rules, rule.rule, &LibraryRule::rule) != set.rules.end()) {
      throw Fault{"payload /rules/" + std::to_string(i) + ": '" + rule.rule.value +
                  "' is there twice"};
    }
    set.rules.push_back(std::move(rule));
  }
  if (set.rules.empty()) throw Fault{"payload /rules is empty"};
  return set;
}

}  // namespace

std::expected<LibrarySet, std::string> checkRuleSet(std::string_view envelope,
                                                    const std::vector<Signer>& signers) try {
  const Json json = parsed(envelope, "the envelope");
  if (json.value("version", 0) != 1) throw Fault{"/version must be 1"};
  const std::string payload = text(json, "", "payload");
  const Json& signatures = list(json, "", "signatures");
  // Nothing of the payload is looked at before its signatures hold.
  const Signer& author = signerOf(signatures, payload, "author", signers);
  const Signer& approver = signerOf(signatures, payload, "approver", signers);
  if (author.key == approver.key || author.name == approver.name) {
    throw Fault{"/signatures: author and approver must be two persons"};
  }
  LibrarySet set = setFrom(payload);
  set.author = author.name;
  set.approver = approver.name;
  set.envelope = envelope;
  return set;
} catch (const Fault& fault) {
  return std::unexpected(fault.line);
}

std::expected<std::string, std::string> signRuleSet(std::string_view text, const SigningKey& key,
                                                    std::string_view role, UtcTime now) try {
  Json json = parsed(text, "the file");
  if (!json.contains("payload")) {
    json = Json{{"version", 1}, {"payload", std::string(text)}, {"signatures", Json::array()}};
  }
  const std::string payload = registry::text(json, "", "payload");
  (void)setFrom(payload);
  if (!json.contains("signatures") || !json["signatures"].is_array()) {
    throw Fault{"/signatures must be a list"};
  }
  json["signatures"].push_back({{"role", std::string(role)},
                                {"key", key.publicKey().id()},
                                {"signature", key.sign(payload)},
                                {"signed_at", toRfc3339(now)}});
  return json.dump(2) + "\n";
} catch (const Fault& fault) {
  return std::unexpected(fault.line);
}

}  // namespace vardnav::cloud::registry
