// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What SqlReadModel knows of who is watched by what.
#include "cloud/store/desire_rows.h"
#include "cloud/store/episode_rows.h"
#include "cloud/store/rows.h"
#include "cloud/store/sql_read_model.h"

namespace vardnav::cloud::store {
namespace {

Result<void> readEnrolments(sql::Database& database, CarePlan& plan, UtcTime now) {
  auto rows = database.prepare(
      "SELECT e.id, e.condition, g.name, t.name, e.from_utc_ms, e.until_utc_ms, e.consent_basis,"
      " e.prescriber, e.team, e.backup FROM enrolment e JOIN care_giver g ON g.id=e.care_giver"
      " JOIN team t ON t.id=e.team WHERE e.person=? AND e.from_utc_ms<=?"
      " AND (e.until_utc_ms IS NULL OR e.until_utc_ms>?) ORDER BY e.condition, e.id");
  rows.with(plan.patient.id.value, ms(now), ms(now));
  return forEach(rows, [&](const sql::Statement& row) {
    PlannedEnrolment& one = plan.enrolments.emplace_back();
    one.view = {EnrolmentId(text(row, 0)),
                ConditionId(text(row, 1)),
                text(row, 2),
                text(row, 3),
                time(row, 4),
                maybeTime(row, 5),
                text(row, 6),
                text(row, 7)};
    one.teams.emplace_back(text(row, 8));
    if (!row.isNull(9)) one.teams.emplace_back(text(row, 9));
  });
}

Result<void> readPlannedRules(sql::Database& database, const PersonId& person,
                              PlannedEnrolment& enrolment) {
  auto rows = database.prepare(
      "SELECT d.rule, d.version, d.hash, d.document, d.is_floor, r.from_utc_ms"
      " FROM enrolment_rules r JOIN rule_document d ON d.rule_set=r.rule_set"
      " WHERE r.person=? AND r.enrolment=? ORDER BY d.rule, r.from_utc_ms, d.hash");
  rows.with(person.value, enrolment.view.id.value);
  return forEach(rows, [&](const sql::Statement& row) {
    enrolment.rules.push_back({RuleId(text(row, 0)), static_cast<std::uint32_t>(row.int64(1)),
                               text(row, 2), text(row, 3), row.int64(4) != 0, time(row, 5)});
  });
}

Result<void> readPlannedHubs(sql::Database& database, CarePlan& plan, UtcTime now) {
  auto rows = database.prepare(
      "SELECT p.hub, s.heard_utc_ms,"
      " (SELECT count(*) FROM binding b WHERE b.hub=p.hub AND b.person=p.person"
      "  AND b.from_utc_ms<=? AND (b.until_utc_ms IS NULL OR b.until_utc_ms>?)),"
      " (SELECT min(a.exposed_since_utc_ms) FROM technical_alert a WHERE a.hub=p.hub"
      "  AND a.cleared_utc_ms IS NULL)"
      " FROM hub_person p LEFT JOIN hub_state s ON s.hub=p.hub WHERE p.person=? ORDER BY p.hub");
  rows.with(ms(now), ms(now), plan.patient.id.value);
  return forEach(rows, [&](const sql::Statement& row) {
    plan.hubs.push_back({HubId(text(row, 0)), static_cast<std::size_t>(row.int64(2)),
                         maybeTime(row, 1), maybeTime(row, 3)});
  });
}

}  // namespace

Result<std::vector<PersonId>> SqlReadModel::enrolledWith(std::span<const TeamId> teams,
                                                         UtcTime now) const {
  const std::string marks = placeholders(teams.size());
  auto rows = database_.prepare(
      "SELECT DISTINCT e.person, p.name FROM enrolment e JOIN patient p ON p.person=e.person"
      " WHERE e.from_utc_ms<=? AND (e.until_utc_ms IS NULL OR e.until_utc_ms>?)"
      " AND (e.team IN (" +
      marks + ") OR e.backup IN (" + marks + ")) ORDER BY p.name, e.person");
  rows.with(ms(now), ms(now));
  int index = 2;
  for (int time = 0; time < 2; ++time) {
    for (const TeamId& team : teams) rows.bind(++index, team.value);
  }
  std::vector<PersonId> persons;
  auto done = forEach(rows, [&](const sql::Statement& row) { persons.emplace_back(text(row, 0)); });
  if (!done) return std::unexpected(done.error());
  return persons;
}

Result<std::optional<CarePlan>> SqlReadModel::carePlan(const PersonId& person, UtcTime now) const {
  auto known = patient(person);
  if (!known) return std::unexpected(known.error());
  if (!*known) return std::nullopt;
  CarePlan plan;
  plan.patient = **std::move(known);
  auto care = database_.prepare("SELECT context FROM patient_care WHERE person=?");
  care.with(person.value);
  auto read = forEach(care, [&](const sql::Statement& row) { plan.context = text(row, 0); });
  if (!read) return std::unexpected(read.error());
  if (auto done = readEnrolments(database_, plan, now); !done) return std::unexpected(done.error());
  for (PlannedEnrolment& enrolment : plan.enrolments) {
    if (auto done = readPlannedRules(database_, person, enrolment); !done) {
      return std::unexpected(done.error());
    }
  }
  if (auto done = readPlannedHubs(database_, plan, now); !done) {
    return std::unexpected(done.error());
  }
  auto pauses = readPauses(database_, person, UtcTime{});
  if (!pauses) return std::unexpected(pauses.error());
  plan.pauses = *std::move(pauses);
  return plan;
}

}  // namespace vardnav::cloud::store
