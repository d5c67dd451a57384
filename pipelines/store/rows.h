// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The model's values as rows of the journal, both ways. One thread at a time, as its database.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "hub/core/journal.h"
#include "pipelines/sqlite/sqlite.h"

namespace vardnav::store {

inline ByteView octetsOf(const Key128& key) { return key.octets; }
inline std::int64_t millisecondsOf(UtcTime time) { return time.time_since_epoch().count(); }
inline UtcTime utcTimeOf(std::int64_t milliseconds) { return UtcTime(Milliseconds(milliseconds)); }

inline std::int64_t secondsOf(LocalTime time) { return time.time_since_epoch().count(); }
std::string_view nameOf(DeviceTime::Timeline timeline);
DeviceTime deviceTimeOf(std::string_view timeline, std::int64_t seconds);
Key128 keyFrom(ByteView octets);
// The journal's own words: it knows intake's types, not its code.
std::string_view wordOf(intake::Disposition disposition);
std::string_view wordOf(intake::Reason reason);

Result<void> insertRow(sqlite::Database& database, const Observation& observation);
/// See hub::JournalTransaction.
Result<bool> hasRival(sqlite::Database& database, const Observation& one,
                      const std::string& characteristic);
/// false: the verdict is stored already. Its inputs are stored with it.
Result<bool> insertRow(sqlite::Database& database, const Verdict& verdict);

/// In rising `at`; the newest revision of what was accepted.
Result<std::vector<Observation>> historyOf(sqlite::Database& database, const PersonId& person,
                                           Code code, UtcTime from, UtcTime until);
/// Every revision of what was accepted, of one person or of all, in the order it was stored.
Result<void> forEachObservation(sqlite::Database& database, const std::optional<PersonId>& person,
                                const std::function<void(const Observation&)>& visit);
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
