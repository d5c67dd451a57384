// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// An order of captures that cannot be changed unseen. Each row's `chain` is SHA-256 over the row
// before's and its own content (not what was made of it, which may change); the journal's row has
// the newest. A change, a gap or a row that was put in between breaks every chain after it; the
// head that the journal keeps shows a cut at the end. Loop thread only.
#pragma once

#include <cstddef>

#include "hub/core/capture_archive.h"
#include "hub/core/journal.h"
#include "pipelines/model/bytes.h"
#include "pipelines/sqlite/sqlite.h"

namespace vardnav::store {

/// What the chain is over, of `capture c`.
inline constexpr const char* kContentColumns =
    "c.key, c.device, c.characteristic, c.bytes, c.context, c.record_number, c.received_utc_ms,"
    " c.is_stored, c.clock_timeline, c.clock_device_time_s, c.clock_hub_utc_ms,"
    " c.clock_uncertainty_ms, c.clock_period";
inline constexpr int kContentEnd = 13;

/// Of a capture whose row comes after the one with `before`; 32 octets.
Bytes linkAfter(ByteView before, const hub::Capture& capture);
/// Of the newest row, as the journal keeps it; empty before the first capture.
Result<Bytes> chainHead(sqlite::Database& database);
Result<void> setChainHead(sqlite::Database& database, ByteView link);

/// See hub/core/capture_archive.h; rows older than the chain are passed over.
Result<hub::ChainCheck> checkChain(sqlite::Database& database, const hub::ChainCheck& before,
                                   std::size_t limit);
/// Of a journal that was damaged: rows go whose content is not what their own chain was made of.
/// Where the chain itself was hit, its row stays. How many went.
Result<std::size_t> dropFalseCaptures(sqlite::Database& database);
/// Over the rows that are there, from the first one on.
Result<void> chainAnew(sqlite::Database& database);

}  // namespace vardnav::store
