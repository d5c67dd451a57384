// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// RegistryStore over an SQL database. Core thread only.
#pragma once

#include "cloud/registry/registry.h"
#include "cloud/store/sql/database.h"

namespace vardnav::cloud::store {

class SqlRegistryStore final : public registry::RegistryStore {
 public:
  /// From openCareDatabase(); outlives the store.
  explicit SqlRegistryStore(sql::Database& database) : database_(database) {}

  Result<void> upsert(const registry::Registry& registry) override;

 private:
  sql::Database& database_;
};

}  // namespace vardnav::cloud::store
