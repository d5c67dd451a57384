// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Signed rule sets: immutable, known by the hash of what was signed, in force only with the
// signatures of an author and of an approver who are two known persons. Any thread, but the port.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/error.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/signature.h"
#include "pipelines/model/time.h"
#include "rules/document/rule_set.h"

namespace vardnav::cloud::registry {

/// Who may sign rule sets. A set needs an author and an approver, who are two.
struct Signer {
  PublicKey key;
  std::string name;
  bool mayAuthor = false;
  bool mayApprove = false;
};

struct LibraryRule {
  std::string hash;
  RuleId rule;
  std::uint32_t version = 0;
  ConditionId condition;
  bool isFloor = false;  ///< can be neither switched off nor paused
  std::string document;  ///< JSON
};

struct LibrarySet {
  std::string hash;  ///< SHA-256 of the signed octets
  std::string id;
  std::uint32_t version = 0;
  UtcTime effectiveFrom{};
  UtcTime reviewBy{};
  std::string author;    ///< name of the signer
  std::string approver;  ///< the same
  std::string envelope;  ///< as it was signed
  std::vector<LibraryRule> rules;
};

/// Checks signatures and compiles every rule; a fault is one line that says what to change.
std::expected<LibrarySet, std::string> checkRuleSet(std::string_view envelope,
                                                    const std::vector<Signer>& signers);

/// `text` is a set, or its envelope with another's signature. Gives the envelope with this
/// signature added.
std::expected<std::string, std::string> signRuleSet(std::string_view text, const SigningKey& key,
                                                    rules::Signatory role, UtcTime now);

/// The port to what keeps them; cloud/store implements it. Core thread only.
class RuleLibrary {
 public:
  virtual ~RuleLibrary() = default;
  virtual Result<std::vector<Signer>> signers() = 0;
  /// Adds or replaces, by its key.
  virtual Result<void> trust(const Signer& signer) = 0;
  /// The same set again is no error. kConflict: another set of this id and version.
  virtual Result<void> insert(const LibrarySet& set, UtcTime now) = 0;
};

}  // namespace vardnav::cloud::registry
