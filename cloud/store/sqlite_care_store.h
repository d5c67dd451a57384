// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// CareStore over the embedded database. Core thread only. A transaction must be gone before the
// next one begins.
#pragma once

#include <memory>
#include <optional>

#include "cloud/core/care_store.h"
#include "pipelines/sqlite/sqlite.h"

namespace vardnav::cloud::store {

class SqliteCareStore final : public CareStore {
 public:
  /// From openCareDatabase(); outlives the store.
  explicit SqliteCareStore(sqlite::Database& database) : database_(database) {}

  Result<std::unique_ptr<CareTransaction>> begin() override;
  Result<std::optional<UtcTime>> nextDue() override;
  Result<bool> hasChangedOutside() override;
  Result<std::uint64_t> pruneEvents(UtcTime before) override;

 private:
  sqlite::Database& database_;
  std::optional<std::int64_t> dataVersion_;
};

}  // namespace vardnav::cloud::store
