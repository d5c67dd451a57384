// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// ConfigurationBooks and RuleLibrary over an SQL database. Core thread only.
#pragma once

#include "cloud/registry/configuration_desk.h"
#include "cloud/registry/rule_library.h"
#include "cloud/store/sql/database.h"

namespace vardnav::cloud::store {

class SqlConfigurationBooks final : public registry::ConfigurationBooks,
                                    public registry::RuleLibrary {
 public:
  /// From openCareDatabase(); outlives this.
  explicit SqlConfigurationBooks(sql::Database& database) : database_(database) {}

  Result<std::vector<HubId>> hubs() override;
  Result<std::optional<registry::HubDesire>> desireOf(const HubId& hub, UtcTime now) override;
  Result<std::optional<registry::IssuedConfiguration>> newestConfiguration(
      const HubId& hub) override;
  Result<void> insertConfiguration(const registry::IssuedConfiguration& configuration) override;

  Result<std::vector<registry::Signer>> signers() override;
  Result<void> trust(const registry::Signer& signer) override;
  Result<void> insert(const registry::LibrarySet& set, UtcTime now) override;

 private:
  sql::Database& database_;
};

}  // namespace vardnav::cloud::store
