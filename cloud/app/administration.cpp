// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/app/administration.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

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

namespace {

/// mode 0600, and never in place of another file.
Result<void> writeSecret(const std::string& path, const std::string& secret) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    return fail(ErrorCode::kStorage, path + " cannot be made: " + std::strerror(errno));
  }
  const bool isWritten =
      ::write(fd, secret.data(), secret.size()) == static_cast<ssize_t>(secret.size()) &&
      ::fsync(fd) == 0;
  const int fault = errno;
  ::close(fd);
  if (isWritten) return {};
  ::unlink(path.c_str());
  return fail(ErrorCode::kStorage, path + " cannot be written: " + std::strerror(fault));
}

Result<std::string> readText(const std::string& path) {
  auto text = settings::readFile(path);
  if (text) return text;
  return fail(text.error().code, path + ": cannot be read: check the path and its permissions");
}

}  // namespace

Result<std::string> makeKey(const std::string& path) {
  const auto key = SigningKey::generate();
  if (!key) return std::unexpected(key.error());
  if (auto done = writeSecret(path, key->seedHex() + "\n"); !done) {
    return std::unexpected(done.error());
  }
  return key->publicKey().toHex();
}

Result<SigningKey> readKey(const std::string& path) {
  const auto text = readText(path);
  if (!text) return std::unexpected(text.error());
  auto key = SigningKey::fromSeedHex(*text);
  if (key) return *std::move(key);
  return fail(ErrorCode::kInvalidInput, path + ": is no key: make one with vardnav-care key new");
}

Result<std::string> signRules(const std::string& path, const std::string& keyPath,
                              const std::string& role, UtcTime now) {
  const auto key = readKey(keyPath);
  if (!key) return std::unexpected(key.error());
  const auto text = readText(path);
  if (!text) return std::unexpected(text.error());
  auto envelope = registry::signRuleSet(
      *text, *key, role == "author" ? rules::Signatory::kAuthor : rules::Signatory::kApprover, now);
  if (!envelope) return fail(ErrorCode::kInvalidInput, path + ": " + envelope.error());
  return *std::move(envelope);
}

Result<void> importRules(const std::string& path, registry::RuleLibrary& library, UtcTime now) {
  const auto text = readText(path);
  if (!text) return std::unexpected(text.error());
  const auto signers = library.signers();
  if (!signers) return std::unexpected(signers.error());
  const auto set = registry::checkRuleSet(*text, *signers);
  if (!set) return fail(ErrorCode::kInvalidInput, path + ": " + set.error());
  return library.insert(*set, now);
}

}  // namespace vardnav::cloud
