// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/app/administration.h"

#include "cloud/access/gatekeeper.h"
#include "cloud/access/password.h"
#include "pipelines/settings/read_file.h"

namespace vardnav::cloud {

std::vector<std::string> importRegistry(const std::string& path, registry::RegistryStore& store) {
  const auto json = settings::readFile(path);
  if (!json) return {path + ": cannot be read: check the path and its permissions"};
  const auto parsed = registry::parse(*json);
  std::vector<std::string> lines;
  if (!parsed) {
    for (const registry::Fault& fault : parsed.error()) lines.push_back(toLine(path, fault));
    return lines;
  }
  if (const auto stored = store.upsert(*parsed); !stored) lines.push_back(stored.error().context);
  return lines;
}

Result<void> addUser(const NewUser& user, const std::string& password,
                     access::AccountStore& store) {
  if (!access::isUsername(user.username)) {
    return fail(ErrorCode::kInvalidInput, "user name '" + user.username +
                                              "' must be 1 to 64 of a-z, 0-9, '.', '_', '@', '-'");
  }
  if (user.teams.empty()) {
    return fail(ErrorCode::kInvalidInput, "a user without a team sees nothing: add --team");
  }
  if (auto opened = access::openPasswords(); !opened) return opened;
  auto hash = access::hashPassword(password);
  if (!hash) return std::unexpected(hash.error());
  access::Account account{user.username, user.display, std::move(*hash), {}};
  for (const std::string& team : user.teams) account.teams.emplace_back(team);
  return store.putAccount(account);
}

}  // namespace vardnav::cloud
