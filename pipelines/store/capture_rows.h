// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Captures as rows of the journal: what devices sent, in an order that cannot be changed unseen.
// Each row's `chain` is SHA-256 over the row before's and its own content (not what was made of
// it, which may change); the journal's row has the newest. A change, a gap or a row that was put
// in between breaks every chain after it; the head that the journal keeps shows a cut at the end.
// Loop thread only.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "hub/core/capture_archive.h"
#include "hub/core/journal.h"
#include "pipelines/sqlite/sqlite.h"

namespace vardnav::store {

/// false: the key is stored already, was pruned, or is an alias.
Result<bool> insertRow(sqlite::Database& database, const hub::Capture& capture);
/// See hub/core/journal.h.
Result<hub::AliasInsert> insertAlias(sqlite::Database& database, const ReadingKey& alias,
                                     const ReadingKey& capture);
Result<std::vector<ReadingKey>> kinOf(sqlite::Database& database, const ReadingKey& capture);
/// Times moved by the correction of its clock period; nullopt: none has this key.
Result<std::optional<hub::Capture>> captureOf(sqlite::Database& database, const ReadingKey& key);
/// Of corrected clock periods and not placed anew since, oldest first.
Result<std::vector<ReadingKey>> capturesToPlaceAnew(sqlite::Database& database, std::size_t limit);

/// See hub/core/capture_archive.h; rows older than the chain are passed over.
Result<hub::ChainCheck> checkChain(sqlite::Database& database, const hub::ChainCheck& before,
                                   std::size_t limit);
/// Of a journal that was damaged: rows go whose content is not what their own chain was made of.
/// Where the chain itself was hit, its row stays. How many went.
Result<std::size_t> dropFalseCaptures(sqlite::Database& database);
/// Over the rows that are there, from the first one on.
Result<void> chainAnew(sqlite::Database& database);
/// 64 digits; empty before the first capture.
Result<std::string> chainHead(sqlite::Database& database);

}  // namespace vardnav::store
