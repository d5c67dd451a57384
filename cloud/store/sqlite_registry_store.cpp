// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/sqlite_registry_store.h"

#include "cloud/store/rows.h"

namespace vardnav::cloud::store {
namespace {

using registry::Registry;

Result<void> putCareGivers(sqlite::Database& database, const Registry& registry) {
  auto put = database.prepare(
      "INSERT INTO care_giver VALUES(?,?,?,?) ON CONFLICT(id) DO UPDATE SET kind=excluded.kind,"
      " code=excluded.code, name=excluded.name");
  for (const CareGiver& one : registry.careGivers) {
    if (auto done = put.with(one.id.value, nameOf(one.kind), one.code, one.name).run(); !done) {
      return done;
    }
  }
  return {};
}

Result<void> putTeams(sqlite::Database& database, const Registry& registry) {
  auto put = database.prepare(
      "INSERT INTO team VALUES(?,?,?,?) ON CONFLICT(id) DO UPDATE SET"
      " care_giver=excluded.care_giver, name=excluded.name, role=excluded.role");
  for (const Team& one : registry.teams) {
    put.with(one.id.value, orNull(one.careGiver.value), one.name, nameOf(one.role));
    if (auto done = put.run(); !done) return done;
  }
  return {};
}

Result<void> putPatients(sqlite::Database& database, const Registry& registry) {
  auto put = database.prepare(
      "INSERT INTO patient VALUES(?,?,?) ON CONFLICT(person) DO UPDATE SET name=excluded.name,"
      " birth_year=excluded.birth_year");
  for (const registry::Patient& one : registry.patients) {
    if (auto done = put.with(one.person.value, one.name, one.birthYear).run(); !done) return done;
  }
  return {};
}

Result<void> putHubs(sqlite::Database& database, const Registry& registry) {
  auto put = database.prepare("INSERT INTO hub VALUES(?) ON CONFLICT DO NOTHING");
  auto forget = database.prepare("DELETE FROM hub_person WHERE hub=?");
  auto bind = database.prepare("INSERT INTO hub_person VALUES(?,?)");
  for (const registry::Hub& one : registry.hubs) {
    if (auto done = put.with(one.hub.value).run(); !done) return done;
    if (auto done = forget.with(one.hub.value).run(); !done) return done;
    for (const PersonId& person : one.persons) {
      if (auto done = bind.with(one.hub.value, person.value).run(); !done) return done;
    }
  }
  return {};
}

Result<void> putEnrolments(sqlite::Database& database, const Registry& registry) {
  auto put = database.prepare(
      "INSERT INTO enrolment VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET"
      " person=excluded.person, condition=excluded.condition, care_giver=excluded.care_giver,"
      " team=excluded.team, backup=excluded.backup, prescriber=excluded.prescriber,"
      " consent_basis=excluded.consent_basis, from_utc_ms=excluded.from_utc_ms,"
      " until_utc_ms=excluded.until_utc_ms");
  for (const Enrolment& one : registry.enrolments) {
    put.with(one.person.value, one.id.value, one.condition.value, one.careGiver.value,
             one.team.value);
    if (one.backup) {
      put.bind(6, one.backup->value);
    } else {
      put.bind(6, nullptr);
    }
    put.bind(7, one.prescriber).bind(8, one.consentBasis).bind(9, ms(one.from));
    put.bind(10, ms(one.until));
    if (auto done = put.run(); !done) return done;
  }
  return {};
}

}  // namespace

Result<void> SqliteRegistryStore::upsert(const Registry& registry) {
  auto transaction = sqlite::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  for (const auto put : {putCareGivers, putTeams, putPatients, putHubs, putEnrolments}) {
    if (auto done = put(database_, registry); !done) return done;
  }
  return transaction->commit();
}

}  // namespace vardnav::cloud::store
