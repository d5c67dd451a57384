// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The model's values as rows of the journal, both ways.
#pragma once

#include <string_view>
#include <vector>

#include "hub/core/journal.h"
#include "pipelines/sqlite/sqlite.h"

namespace vardnav::store {

inline ByteView octetsOf(const Key128& key) { return key.octets; }
inline std::int64_t millisecondsOf(UtcTime time) { return time.time_since_epoch().count(); }
inline UtcTime utcTimeOf(std::int64_t milliseconds) { return UtcTime(Milliseconds(milliseconds)); }

/// false: the key is stored already.
Result<bool> insertRow(sqlite::Database& database, const hub::Capture& capture);
Result<void> insertRow(sqlite::Database& database, const Observation& observation);
/// false: the verdict is stored already. Its inputs are stored with it.
Result<bool> insertRow(sqlite::Database& database, const Verdict& verdict);

/// In rising `at`; the newest revision of what was accepted.
Result<std::vector<Observation>> historyOf(sqlite::Database& database, const PersonId& person,
                                           Code code, UtcTime from, UtcTime until);
/// Of one reading, as they were stored; empty if there are none.
Result<std::vector<Observation>> observationsOf(sqlite::Database& database, ByteView reading,
                                                std::int64_t revision);
/// kStorage if there is none.
Result<Verdict> verdictOf(sqlite::Database& database, ByteView key);
/// Of a verdict's inputs at the revision that was judged, the newest reading first.
Result<std::vector<Observation>> inputObservationsOf(sqlite::Database& database, ByteView verdict);
/// 0: none is stored.
Result<std::int64_t> newestRevision(sqlite::Database& database, const ReadingKey& reading);

}  // namespace vardnav::store
