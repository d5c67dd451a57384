// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/registry_rows.h"

#include "cloud/store/rows.h"

namespace vardnav::cloud::store {
namespace {

Enrolment enrolmentFrom(const sql::Statement& row, const PersonId& person) {
  Enrolment enrolment;
  enrolment.person = person;
  enrolment.id = EnrolmentId(text(row, 0));
  enrolment.condition = ConditionId(text(row, 1));
  enrolment.careGiver = CareGiverId(text(row, 2));
  enrolment.team = TeamId(text(row, 3));
  if (!row.isNull(4)) enrolment.backup = TeamId(text(row, 4));
  enrolment.prescriber = text(row, 5);
  enrolment.consentBasis = text(row, 6);
  enrolment.from = time(row, 7);
  enrolment.until = maybeTime(row, 8);
  return enrolment;
}

}  // namespace

Result<Directory> readDirectory(sql::Database& database, const PersonId& person) {
  Directory directory;
  auto careGivers = database.prepare("SELECT id, kind, code, name FROM care_giver ORDER BY id");
  auto done = forEach(careGivers, [&](const sql::Statement& row) {
    directory.careGivers.push_back(
        {CareGiverId(text(row, 0)),
         careGiverKindFromName(row.text(1)).value_or(CareGiver::Kind::kPrivate), text(row, 2),
         text(row, 3)});
  });
  if (!done) return std::unexpected(done.error());
  auto teams = database.prepare("SELECT id, care_giver, name, role FROM team ORDER BY id");
  done = forEach(teams, [&](const sql::Statement& row) {
    directory.teams.push_back({TeamId(text(row, 0)), CareGiverId(text(row, 1)), text(row, 2),
                               teamRoleFromName(row.text(3)).value_or(Team::Role::kTeam)});
  });
  if (!done) return std::unexpected(done.error());
  auto enrolments = database.prepare(
      "SELECT id, condition, care_giver, team, backup, prescriber, consent_basis, from_utc_ms,"
      " until_utc_ms FROM enrolment WHERE person=? ORDER BY id");
  enrolments.with(person.value);
  done = forEach(enrolments, [&](const sql::Statement& row) {
    directory.enrolments.push_back(enrolmentFrom(row, person));
  });
  if (!done) return std::unexpected(done.error());
  return directory;
}

}  // namespace vardnav::cloud::store
