// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Room in a hub's journal: see hub/core/journal_space.h. A capture that is removed leaves its key
// and, where the next one is still there, its link of the chain (capture_rows.h).
#pragma once

#include <cstddef>
#include <cstdint>

#include "hub/core/journal_space.h"
#include "pipelines/model/error.h"
#include "pipelines/model/time.h"
#include "pipelines/sqlite/sqlite.h"

namespace vardnav::store {

/// Within a transaction of the caller's.
Result<hub::Pruned> pruneWithin(sqlite::Database& database, UtcTime before, std::int64_t after,
                                std::size_t limit);

Result<hub::Space> spaceOf(sqlite::Database& database);
/// Of this connection. A file that is greater already stays so, and grows no more.
Result<void> setBound(sqlite::Database& database, std::uint64_t octets);

}  // namespace vardnav::store
