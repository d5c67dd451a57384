// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Technical alerts from rows. Core thread only.
#pragma once

#include <string_view>
#include <vector>

#include "cloud/core/technical.h"
#include "cloud/store/rows.h"

namespace vardnav::cloud::store {

inline constexpr std::string_view kTechnicalColumns =
    "SELECT id, kind, hub, person, subject, detail, since_utc_ms, opened_utc_ms, cleared_utc_ms,"
    " acknowledged_utc_ms, by_username, by_name, exposed_since_utc_ms";

/// Every row that is left of a statement that begins with kTechnicalColumns.
inline Result<std::vector<TechnicalAlert>> technicalAlertsFrom(sql::Statement& rows) {
  std::vector<TechnicalAlert> alerts;
  auto done = forEach(rows, [&](const sql::Statement& row) {
    TechnicalAlert one;
    one.id = text(row, 0);
    one.cause = {text(row, 1), HubId(text(row, 2)), PersonId(text(row, 3)), text(row, 4)};
    one.detail = text(row, 5);
    one.since = time(row, 6);
    one.openedAt = time(row, 7);
    one.clearedAt = maybeTime(row, 8);
    one.acknowledgedAt = maybeTime(row, 9);
    if (!row.isNull(10)) one.by = alerts::Actor{text(row, 10), text(row, 11)};
    one.exposedSince = maybeTime(row, 12);
    alerts.push_back(std::move(one));
  });
  if (!done) return std::unexpected(done.error());
  return alerts;
}

}  // namespace vardnav::cloud::store
