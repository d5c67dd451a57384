// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Columns to values and back. Core thread only.
#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "cloud/alerts/episode.h"
#include "cloud/core/episode_id.h"
#include "cloud/routing/route.h"
#include "cloud/store/sql/database.h"
#include "pipelines/model/digest.h"
#include "pipelines/model/error.h"
#include "pipelines/model/observation.h"
#include "pipelines/model/time.h"
#include "pipelines/model/verdict.h"

namespace vardnav::cloud::store {

inline std::int64_t ms(UtcTime time) { return time.time_since_epoch().count(); }
inline std::optional<std::int64_t> ms(const std::optional<UtcTime>& time) {
  return time ? std::optional(ms(*time)) : std::nullopt;
}
inline ByteView octets(const Key128& key) { return key.octets; }
/// Text that is NULL when empty.
inline std::optional<std::string_view> orNull(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

inline std::string text(const sql::Statement& row, int column) {
  return std::string(row.text(column));
}
inline UtcTime time(const sql::Statement& row, int column) {
  return UtcTime(Milliseconds(row.int64(column)));
}
inline std::optional<UtcTime> maybeTime(const sql::Statement& row, int column) {
  return row.isNull(column) ? std::nullopt : std::optional(time(row, column));
}
Key128 key(const sql::Statement& row, int column);

/// Calls `read` for each row; it may return void or Result<void>, whose error ends the reading.
template <class Read>
Result<void> forEach(sql::Statement& statement, Read read) {
  for (;;) {
    const auto row = statement.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return {};
    if constexpr (std::is_void_v<decltype(read(statement))>) {
      read(statement);
    } else {
      if (auto done = read(statement); !done) return done;
    }
  }
}

/// A stored body that does not decode is damage, not input: kStorage.
Result<Observation> observationFrom(std::string_view body);
/// Every row that is left, its first column a body.
Result<std::vector<Observation>> observationsFrom(sql::Statement& bodies);
Result<Verdict> verdictFrom(std::string_view body);

/// The events, folded by the caller. `database` is inside or outside a transaction.
Result<std::vector<alerts::Event>> readEvents(sql::Database& database, const PersonId& person,
                                              const EpisodeId& episode);
/// The newest decision. kStorage where there is none.
Result<routing::Decision> readRoute(sql::Database& database, const PersonId& person,
                                    const EpisodeId& episode);
/// nullopt: there is no such episode.
Result<std::optional<PersonId>> personOf(sql::Database& database, const EpisodeId& episode);

}  // namespace vardnav::cloud::store
