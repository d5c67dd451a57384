// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What an administrator does from the command line: the registry, rule sets, keys and the local
// accounts. Each is one transaction; safe while the backend runs. Main thread only.
#pragma once

#include <string>
#include <vector>

#include "cloud/access/account_store.h"
#include "cloud/registry/registry.h"
#include "cloud/registry/rule_library.h"
#include "pipelines/model/error.h"

namespace vardnav::cloud {

/// Checks the file as a whole and applies it, or gives every fault, a line each.
std::vector<std::string> importRegistry(const std::string& path, registry::RegistryStore& store);

struct NewUser {
  std::string username;
  std::string display;  ///< "Anna Berg"
  std::vector<std::string> teams;
};

/// Adds or replaces; replacing ends the user's sessions.
Result<void> addUser(const NewUser& user, const std::string& password, access::AccountStore& store);

/// Makes a key of its own in a new file that only its owner reads; returns the public key, 64
/// digits. A file that is there already is not touched.
Result<std::string> makeKey(const std::string& path);
/// From a file that makeKey() made; the fault names the file.
Result<SigningKey> readKey(const std::string& path);

/// The file's set, or envelope, with a signature more: what goes to standard output.
Result<std::string> signRules(const std::string& path, const std::string& keyPath,
                              const std::string& role, UtcTime now);
/// Checks the envelope's signatures and rules, and keeps the set.
Result<void> importRules(const std::string& path, registry::RuleLibrary& library, UtcTime now);

}  // namespace vardnav::cloud
