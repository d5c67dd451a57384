// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/sql_registry_store.h"

#include "cloud/store/rows.h"

namespace vardnav::cloud::store {
namespace {

using registry::Registry;

Result<void> putCareGivers(sql::Database& database, const Registry& registry) {
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

Result<void> putTeams(sql::Database& database, const Registry& registry) {
  auto put = database.prepare(
      "INSERT INTO team VALUES(?,?,?,?) ON CONFLICT(id) DO UPDATE SET"
      " care_giver=excluded.care_giver, name=excluded.name, role=excluded.role");
  for (const Team& one : registry.teams) {
    put.with(one.id.value, orNull(one.careGiver.value), one.name, nameOf(one.role));
    if (auto done = put.run(); !done) return done;
  }
  return {};
}

Result<void> putPatients(sql::Database& database, const Registry& registry) {
  auto put = database.prepare(
      "INSERT INTO patient VALUES(?,?,?) ON CONFLICT(person) DO UPDATE SET name=excluded.name,"
      " birth_year=excluded.birth_year");
  for (const registry::Patient& one : registry.patients) {
    if (auto done = put.with(one.person.value, one.name, one.birthYear).run(); !done) return done;
  }
  return {};
}

Result<void> putCare(sql::Database& database, const Registry& registry) {
  auto put = database.prepare(
      "INSERT INTO patient_care VALUES(?,?,?,?,?) ON CONFLICT(person) DO UPDATE SET"
      " language=excluded.language, context=excluded.context,"
      " unreached_sv=excluded.unreached_sv, unreached_en=excluded.unreached_en");
  for (const registry::Patient& one : registry.patients) {
    std::optional<std::string> sv;
    std::optional<std::string> en;
    if (one.whenUnreached)
      std::tie(sv, en) = std::tie(one.whenUnreached->sv, one.whenUnreached->en);
    put.with(one.person.value, one.language, one.context, sv, en);
    if (auto done = put.run(); !done) return done;
  }
  return {};
}

Result<void> putBindings(sql::Database& database, const registry::Hub& hub) {
  auto forget = database.prepare("DELETE FROM binding WHERE hub=?");
  if (auto done = forget.with(hub.hub.value).run(); !done) return done;
  auto put = database.prepare("INSERT INTO binding VALUES(?,?,?,?,?,?,?,?)");
  std::int64_t position = 0;
  for (const wire::BoundDevice& one : hub.bindings) {
    put.with(hub.hub.value, position++, one.device.value, one.slot, one.consentCode,
             one.person.value, ms(one.from), ms(one.until));
    if (auto done = put.run(); !done) return done;
  }
  return {};
}

Result<void> putHubs(sql::Database& database, const Registry& registry) {
  auto put = database.prepare("INSERT INTO hub VALUES(?) ON CONFLICT DO NOTHING");
  auto forget = database.prepare("DELETE FROM hub_person WHERE hub=?");
  auto bind = database.prepare("INSERT INTO hub_person VALUES(?,?)");
  for (const registry::Hub& one : registry.hubs) {
    if (auto done = put.with(one.hub.value).run(); !done) return done;
    if (auto done = forget.with(one.hub.value).run(); !done) return done;
    for (const PersonId& person : one.persons) {
      if (auto done = bind.with(one.hub.value, person.value).run(); !done) return done;
    }
    if (auto done = putBindings(database, one); !done) return done;
  }
  return {};
}

Result<void> putEnrolments(sql::Database& database, const Registry& registry) {
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

/// The rules of each enrolment that the file names, as a list.
Result<void> putRules(sql::Database& database, const Registry& registry) {
  auto forget = database.prepare("DELETE FROM enrolment_rules WHERE enrolment=?");
  for (const Enrolment& one : registry.enrolments) {
    if (auto done = forget.with(one.id.value).run(); !done) return done;
  }
  auto put = database.prepare(
      "INSERT INTO enrolment_rules SELECT e.person, e.id, s.hash, ?1 FROM enrolment e, rule_set s"
      " WHERE e.id=?2 AND s.id=?3 AND s.version=?4");
  for (const registry::AssignedRules& one : registry.rules) {
    put.with(ms(one.from), one.enrolment.value, one.set, one.version);
    if (auto done = put.run(); !done) return done;
    if (database.changes() == 1) continue;
    return fail(ErrorCode::kInvalidInput,
                "enrolment '" + one.enrolment.value + "': rule set " + one.set + " version " +
                    std::to_string(one.version) +
                    " is not there: import it first (vardnav-care rules import)");
  }
  return {};
}

Result<void> putMessages(sql::Database& database, const Registry& registry) {
  auto put = database.prepare(
      "INSERT INTO home_message VALUES(?,?,?,?,?,?) ON CONFLICT(person, id) DO UPDATE SET"
      " text_sv=excluded.text_sv, text_en=excluded.text_en, from_utc_ms=excluded.from_utc_ms,"
      " until_utc_ms=excluded.until_utc_ms");
  for (const wire::HomeMessage& one : registry.messages) {
    put.with(one.person.value, one.id, one.text.sv, one.text.en, ms(one.from), ms(one.until));
    if (auto done = put.run(); !done) return done;
  }
  return {};
}

}  // namespace

Result<void> SqlRegistryStore::upsert(const Registry& registry) {
  auto transaction = sql::Transaction::begin(database_);
  if (!transaction) return std::unexpected(transaction.error());
  for (const auto put : {putCareGivers, putTeams, putPatients, putCare, putHubs, putEnrolments,
                         putRules, putMessages}) {
    if (auto done = put(database_, registry); !done) return done;
  }
  if (auto noted = database_.noteChange(); !noted) return noted;
  return transaction->commit();
}

}  // namespace vardnav::cloud::store
