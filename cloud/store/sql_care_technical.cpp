// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Technical alerts of SqlCareTransaction.
#include "cloud/store/rows.h"
#include "cloud/store/sql_care_transaction.h"
#include "cloud/store/technical_rows.h"

namespace vardnav::cloud::store {

Result<std::vector<TechnicalAlert>> SqlCareTransaction::openTechnicalAlerts(const HubId& hub) {
  auto rows = database_.prepare(std::string(kTechnicalColumns) +
                                " FROM technical_alert WHERE hub=? AND cleared_utc_ms IS NULL");
  rows.with(hub.value);
  return technicalAlertsFrom(rows);
}

Result<bool> SqlCareTransaction::openTechnical(const TechnicalAlert& alert) {
  const TechnicalCause& cause = alert.cause;
  auto update = database_.prepare(
      "UPDATE technical_alert SET detail=? WHERE kind=? AND hub=? AND person=? AND subject=?"
      " AND cleared_utc_ms IS NULL");
  update.with(alert.detail, cause.kind, cause.hub.value, cause.person.value, cause.subject);
  if (auto done = update.run(); !done) return std::unexpected(done.error());
  if (database_.changes() > 0) return false;
  auto insert = database_.prepare(
      "INSERT INTO technical_alert VALUES(?,?,?,?,?,?,?,?,NULL,NULL,NULL,NULL,?)"
      " ON CONFLICT(id) DO NOTHING");
  insert.with(alert.id, cause.kind, cause.hub.value, cause.person.value, cause.subject,
              alert.detail, ms(alert.since), ms(alert.openedAt), ms(alert.exposedSince));
  if (auto done = insert.run(); !done) return std::unexpected(done.error());
  return true;
}

Result<void> SqlCareTransaction::clearTechnical(const TechnicalCause& cause, UtcTime now) {
  return database_
      .prepare(
          "UPDATE technical_alert SET cleared_utc_ms=? WHERE kind=? AND hub=? AND person=?"
          " AND subject=? AND cleared_utc_ms IS NULL")
      .with(ms(now), cause.kind, cause.hub.value, cause.person.value, cause.subject)
      .run();
}

Result<bool> SqlCareTransaction::acknowledgeTechnical(const std::string& id,
                                                      const alerts::Actor& by, UtcTime now) {
  auto update = database_.prepare(
      "UPDATE technical_alert SET acknowledged_utc_ms=?, by_username=?, by_name=?"
      " WHERE id=? AND cleared_utc_ms IS NULL AND acknowledged_utc_ms IS NULL");
  if (auto done = update.with(ms(now), by.username, by.name, id).run(); !done) {
    return std::unexpected(done.error());
  }
  return database_.changes() > 0;
}

Result<std::vector<TechnicalBook::SilentHub>> SqlCareTransaction::hubsNotHeardSince(
    UtcTime before) {
  auto rows = database_.prepare(
      "SELECT h.id, s.heard_utc_ms FROM hub h JOIN hub_state s ON s.hub=h.id"
      " WHERE s.heard_utc_ms<=? AND NOT EXISTS(SELECT 1 FROM technical_alert t WHERE t.hub=h.id"
      " AND t.kind=? AND t.cleared_utc_ms IS NULL) ORDER BY h.id");
  rows.with(ms(before), technical_kind::kHubSilent);
  std::vector<SilentHub> hubs;
  auto done = forEach(rows, [&](const sql::Statement& row) {
    hubs.push_back({HubId(text(row, 0)), time(row, 1)});
  });
  if (!done) return std::unexpected(done.error());
  return hubs;
}

Result<std::optional<TechnicalBook::Issued>> SqlCareTransaction::newestIssued(const HubId& hub) {
  auto find = database_.prepare(
      "SELECT hash, issued_utc_ms FROM hub_configuration WHERE hub=? ORDER BY serial DESC LIMIT 1");
  const auto row = find.with(hub.value).step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  return Issued{text(find, 0), time(find, 1)};
}

}  // namespace vardnav::cloud::store
