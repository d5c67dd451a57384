// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// CareStore over an SQL database. Core thread only. A transaction must be gone before the
// next one begins.
#pragma once

#include <memory>
#include <optional>

#include "cloud/core/care_store.h"
#include "cloud/store/sql/database.h"

namespace vardnav::cloud::store {

class SqlCareStore final : public CareStore {
 public:
  /// From openCareDatabase(); outlives the store.
  explicit SqlCareStore(sql::Database& database) : database_(database) {}

  Result<std::unique_ptr<CareTransaction>> begin() override;
  Result<std::optional<UtcTime>> nextDue() override;
  Result<bool> hasChangedOutside() override;
  Result<std::uint64_t> pruneEvents(UtcTime before) override;

 private:
  sql::Database& database_;
};

}  // namespace vardnav::cloud::store
