// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Episodes joined for reading. Core thread only.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cloud/core/read_model.h"
#include "cloud/store/sql/database.h"

namespace vardnav::cloud::store {

/// "?,?,?"; "NULL" for none, which matches nothing.
std::string placeholders(std::size_t count);

/// nullopt: there is none.
Result<std::optional<EpisodeSummary>> readSummary(sql::Database& database, const EpisodeId& id);
/// `summary` is of an episode that exists.
Result<EpisodeDetail> readDetail(sql::Database& database, EpisodeSummary summary);

/// Newest revisions, rising in time; nullopt: all codes.
Result<std::vector<Observation>> readObservations(sql::Database& database, const PersonId& person,
                                                  std::optional<Code> code, UtcTime from,
                                                  UtcTime until);

TeamView teamViewFrom(const sql::Statement& row, int first);

/// Columns of a summary and its joins, up to WHERE.
extern const std::string_view kSelectSummary;
Result<EpisodeSummary> summaryFrom(sql::Database& database, const sql::Statement& row);

/// "… WHERE <tail>" over the episode `e`; `bind` gives the parameters of the tail.
template <class Bind>
Result<std::vector<EpisodeSummary>> readSummaries(sql::Database& database, const std::string& tail,
                                                  Bind bind) {
  auto rows = database.prepare(std::string(kSelectSummary) + tail);
  bind(rows);
  std::vector<EpisodeSummary> summaries;
  for (;;) {
    const auto row = rows.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return summaries;
    auto summary = summaryFrom(database, rows);
    if (!summary) return std::unexpected(summary.error());
    summaries.push_back(*std::move(summary));
  }
}

}  // namespace vardnav::cloud::store
