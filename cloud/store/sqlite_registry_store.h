// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// RegistryStore over the embedded database. Core thread only.
#pragma once

#include "cloud/registry/registry.h"
#include "pipelines/sqlite/sqlite.h"

namespace vardnav::cloud::store {

class SqliteRegistryStore final : public registry::RegistryStore {
 public:
  /// From openCareDatabase(); outlives the store.
  explicit SqliteRegistryStore(sqlite::Database& database) : database_(database) {}

  Result<void> upsert(const registry::Registry& registry) override;

 private:
  sqlite::Database& database_;
};

}  // namespace vardnav::cloud::store
