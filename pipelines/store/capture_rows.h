// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Captures as rows of the journal: what devices sent, chained (capture_chain.h). Loop thread only.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "hub/core/journal.h"
#include "pipelines/sqlite/sqlite.h"

namespace vardnav::store {

/// `link`: of the chain's newest capture, then of this one. false: the key is stored already, was
/// pruned, or is an alias; then `link` is as before.
Result<bool> insertRow(sqlite::Database& database, const hub::Capture& capture, Bytes& link);
/// See hub/core/journal.h.
Result<hub::AliasInsert> insertAlias(sqlite::Database& database, const ReadingKey& alias,
                                     const ReadingKey& capture);
Result<std::vector<ReadingKey>> kinOf(sqlite::Database& database, const ReadingKey& capture);
/// Times moved by the correction of its clock period; nullopt: none has this key.
Result<std::optional<hub::Capture>> captureOf(sqlite::Database& database, const ReadingKey& key);
/// Of corrected clock periods and not placed anew since, oldest first.
Result<std::vector<ReadingKey>> capturesToPlaceAnew(sqlite::Database& database, std::size_t limit);

}  // namespace vardnav::store
