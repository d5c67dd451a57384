// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Accounts, sessions and access log in memory, and clocks that stand still: for tests.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "cloud/access/account_store.h"
#include "pipelines/model/clock.h"

namespace vardnav::cloud::access {

class MemoryAccountStore final : public AccountStore {
 public:
  Result<std::optional<Account>> account(std::string_view username) override {
    const auto it = accounts.find(std::string(username));
    if (it == accounts.end()) return std::nullopt;
    return it->second;
  }
  Result<void> putAccount(const Account& account) override {
    accounts[account.username] = account;
    std::erase_if(sessions, [&](const auto& s) { return s.second.username == account.username; });
    return {};
  }
  Result<void> insertSession(const Session& session) override {
    sessions[session.tokenHash] = session;
    return {};
  }
  Result<std::optional<Session>> session(const Sha256& tokenHash) override {
    const auto it = sessions.find(tokenHash);
    if (it == sessions.end()) return std::nullopt;
    return it->second;
  }
  Result<void> setSessionUsed(const Sha256& tokenHash, UtcTime usedAt) override {
    sessions.at(tokenHash).usedAt = usedAt;
    return {};
  }
  Result<void> eraseSession(const Sha256& tokenHash) override {
    sessions.erase(tokenHash);
    return {};
  }
  Result<void> eraseSessions(UtcTime startedBefore, UtcTime usedBefore) override {
    std::erase_if(sessions, [&](const auto& entry) {
      return entry.second.startedAt < startedBefore || entry.second.usedAt < usedBefore;
    });
    return {};
  }
  Result<void> appendAccess(std::span<const LoggedAccess> entries) override {
    if (isLogFull) return fail(ErrorCode::kStorage, "disk full");
    log.insert(log.end(), entries.begin(), entries.end());
    if (isAnswerLost) return fail(ErrorCode::kUnavailable, "the connection was lost");
    return {};
  }
  Result<std::optional<LoggedAccess>> newestAccess() override {
    if (log.empty()) return std::nullopt;
    return log.back();
  }
  Result<std::vector<LoggedAccess>> accessAfter(std::uint64_t after, std::size_t limit) override {
    std::vector<LoggedAccess> page;
    for (const LoggedAccess& link : log) {
      if (link.sequence > after && page.size() < limit) page.push_back(link);
    }
    return page;
  }

  std::map<std::string, Account> accounts;
  std::map<Sha256, Session> sessions;
  std::vector<LoggedAccess> log;
  bool isLogFull = false;
  bool isAnswerLost = false;  ///< stores, and says that it may not have
};

class StandingClock final : public Clock {
 public:
  UtcTime utcNow() const override { return utc; }
  SteadyTime steadyNow() const override { return steady; }
  void advance(Milliseconds by) {
    utc += by;
    steady += by;
  }
  UtcTime utc = *parseRfc3339("2026-11-24T10:00:00Z");
  SteadyTime steady{std::chrono::hours{1}};
};

}  // namespace vardnav::cloud::access
