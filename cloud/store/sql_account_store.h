// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// AccountStore over an SQL database. Core thread only.
#pragma once

#include "cloud/access/account_store.h"
#include "cloud/store/sql/database.h"

namespace vardnav::cloud::store {

class SqlAccountStore final : public access::AccountStore {
 public:
  /// From openCareDatabase(); outlives the store.
  explicit SqlAccountStore(sql::Database& database) : database_(database) {}

  Result<std::optional<access::Account>> account(std::string_view username) override;
  Result<void> putAccount(const access::Account& account) override;

  Result<void> insertSession(const access::Session& session) override;
  Result<std::optional<access::Session>> session(const access::Sha256& tokenHash) override;
  Result<void> setSessionUsed(const access::Sha256& tokenHash, UtcTime usedAt) override;
  Result<void> eraseSession(const access::Sha256& tokenHash) override;
  Result<void> eraseSessions(UtcTime startedBefore, UtcTime usedBefore) override;

  Result<void> appendAccess(std::span<const access::LoggedAccess> entries) override;
  Result<std::optional<access::LoggedAccess>> newestAccess() override;
  Result<std::vector<access::LoggedAccess>> accessAfter(std::uint64_t after,
                                                        std::size_t limit) override;

 private:
  sql::Database& database_;
};

}  // namespace vardnav::cloud::store
