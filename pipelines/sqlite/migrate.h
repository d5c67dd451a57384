// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Numbered schema migrations. PRAGMA application_id says whose file it is, PRAGMA user_version how
// many migrations it has had. One thread at a time, as its database.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "pipelines/sqlite/sqlite.h"

namespace vardnav::sqlite {

struct Schema {
  std::int32_t applicationId;  ///< not 0; one for each kind of database
  std::string_view kind;       ///< "hub journal", for the message about a wrong file
  /// The n-th brings a file from version n to n + 1. Published ones are never changed.
  std::span<const std::string_view> migrations;
};

/// Brings the file to the newest version, each migration in a transaction of its own. Refuses
/// another kind of database and one from a newer program (kStorage); both are left as they were.
Result<void> migrate(Database& database, const Schema& schema);

}  // namespace vardnav::sqlite
