// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The backend's schema in PostgreSQL, by numbered migrations. Core thread only.
#pragma once

#include <cstddef>

#include "cloud/store/sql/database.h"

namespace vardnav::cloud::store {

/// Brings an empty database or one of an older program to the newest schema, each migration in a
/// transaction of its own, and sees that the years around now have their partition of observations.
/// kStorage with one line that says what to change: something else's, a newer program's, or no
/// right to make tables. `version`: so many migrations at most.
Result<void> migratePostgres(sql::Database& database, std::size_t version);

}  // namespace vardnav::cloud::store
