// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What an administrator does from the command line: the registry and the local accounts. Each is
// one transaction; safe while the backend runs.
#pragma once

#include <string>
#include <vector>

#include "cloud/access/account_store.h"
#include "cloud/registry/registry.h"
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

}  // namespace vardnav::cloud
