// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to accounts, login sessions and the access log. cloud/store implements it. Core thread
// only. Passwords and session tokens are never given to it in the clear.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/error.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"

namespace vardnav::cloud {
using TeamId = Id<struct TeamTag>;  // the same type as in cloud/routing/directory.h
}

namespace vardnav::cloud::access {

using Sha256 = std::array<std::uint8_t, 32>;

struct Account {
  std::string username;       ///< unique; compared octet by octet
  std::string name;           ///< shown: "Anna Berg"
  std::string passwordHash;   ///< libsodium's Argon2id text
  std::vector<TeamId> teams;  ///< that he is a member of
};

struct Session {
  Sha256 tokenHash{};  ///< of the opaque token, which only the browser has; unique
  std::string username;
  UtcTime startedAt{};
  UtcTime usedAt{};
};

/// Who did or saw what of whom. Never a value, a name or a note.
struct AccessEntry {
  UtcTime at{};
  std::string username;  ///< as given, also of a refused login
  std::string action;    ///< "read-episode", "acknowledge", …: see access_log.h
  PersonId person;       ///< empty where no patient is concerned
  std::string object;    ///< what was read or acted on: an episode's id; empty: none
  TeamId team;           ///< in whose name; empty: none
  std::string address;   ///< where the request came from
  std::string outcome;   ///< "asked", "done", "refused"
};

/// One link of the chain: `hash` is over `previous`, `sequence` and the entry.
struct LoggedAccess {
  std::uint64_t sequence = 0;  ///< from 1, without gaps
  AccessEntry entry;
  Sha256 previous{};  ///< zeroes for the first
  Sha256 hash{};
};

class AccountStore {
 public:
  virtual ~AccountStore() = default;

  virtual Result<std::optional<Account>> account(std::string_view username) = 0;
  /// Inserts or replaces the account with its teams, and ends all its sessions; one transaction.
  /// kNotFound, naming the team, where one is not in the registry.
  virtual Result<void> putAccount(const Account& account) = 0;

  virtual Result<void> insertSession(const Session& session) = 0;
  virtual Result<std::optional<Session>> session(const Sha256& tokenHash) = 0;
  virtual Result<void> setSessionUsed(const Sha256& tokenHash, UtcTime usedAt) = 0;
  /// None there is no error.
  virtual Result<void> eraseSession(const Sha256& tokenHash) = 0;
  /// Those started before `startedBefore` or last used before `usedBefore`.
  virtual Result<void> eraseSessions(UtcTime startedBefore, UtcTime usedBefore) = 0;

  /// Append-only: the schema refuses UPDATE and DELETE on the access log. All or none, durable
  /// when it returns a value. kConflict where a sequence is taken.
  virtual Result<void> appendAccess(std::span<const LoggedAccess> entries) = 0;
  /// nullopt: the log is empty.
  virtual Result<std::optional<LoggedAccess>> newestAccess() = 0;
  /// Rising in sequence, from the first above `after`.
  virtual Result<std::vector<LoggedAccess>> accessAfter(std::uint64_t after, std::size_t limit) = 0;
};

}  // namespace vardnav::cloud::access
