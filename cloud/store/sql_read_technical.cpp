// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What technicians read of SqlReadModel.
#include "cloud/store/sql_read_model.h"
#include "cloud/store/technical_rows.h"

namespace vardnav::cloud::store {

Result<bool> SqlReadModel::areTechnicians(std::span<const TeamId> teams) const {
  auto find = database_.prepare(
      "SELECT 1 FROM team WHERE id=? AND role IN ('technicians', 'service_owner')");
  for (const TeamId& team : teams) {
    find.reset();
    const auto row = find.with(team.value).step();
    if (!row) return std::unexpected(row.error());
    if (*row) return true;
  }
  return false;
}

Result<std::vector<TechnicalView>> SqlReadModel::technicalAlerts(bool isOpen,
                                                                 std::size_t limit) const {
  auto rows = database_.prepare(
      std::string(kTechnicalColumns) +
      (isOpen ? " FROM technical_alert WHERE cleared_utc_ms IS NULL"
                " ORDER BY exposed_since_utc_ms IS NULL, opened_utc_ms, id LIMIT ?"
              : " FROM technical_alert WHERE cleared_utc_ms IS NOT NULL"
                " ORDER BY cleared_utc_ms DESC, id LIMIT ?"));
  rows.with(static_cast<std::uint64_t>(limit));
  auto alerts = technicalAlertsFrom(rows);
  if (!alerts) return std::unexpected(alerts.error());
  std::vector<TechnicalView> views;
  auto persons = database_.prepare("SELECT count(*) FROM hub_person WHERE hub=?");
  for (TechnicalAlert& alert : *alerts) {
    TechnicalView view;
    if (alert.exposedSince) {
      persons.reset();
      const auto row = persons.with(alert.cause.hub.value).step();
      if (!row) return std::unexpected(row.error());
      view.exposedPersons = static_cast<std::size_t>(persons.int64(0));
    }
    view.alert = std::move(alert);
    views.push_back(std::move(view));
  }
  return views;
}

}  // namespace vardnav::cloud::store
