// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/desire_rows.h"

#include "cloud/store/rows.h"

namespace vardnav::cloud::store {
namespace {

using registry::DesiredRule;
using registry::HubDesire;
using registry::PatientDesire;

Result<void> readCare(sql::Database& database, PatientDesire& patient) {
  auto care = database.prepare(
      "SELECT language, context, unreached_sv, unreached_en FROM patient_care WHERE person=?");
  care.with(patient.person.value);
  return forEach(care, [&](const sql::Statement& row) {
    patient.language = text(row, 0);
    patient.context = text(row, 1);
    if (!row.isNull(2)) patient.whenUnreached = Text{text(row, 2), text(row, 3)};
  });
}

Result<void> readRules(sql::Database& database, PatientDesire& patient, UtcTime now) {
  auto rules = database.prepare(
      "SELECT d.hash, d.rule, d.version, d.condition, d.is_floor, d.document, min(r.from_utc_ms)"
      " FROM enrolment e JOIN enrolment_rules r ON r.person=e.person AND r.enrolment=e.id"
      " JOIN rule_document d ON d.rule_set=r.rule_set"
      " WHERE e.person=? AND (e.until_utc_ms IS NULL OR e.until_utc_ms>?)"
      " GROUP BY d.hash, d.rule, d.version, d.condition, d.is_floor, d.document"
      " ORDER BY d.rule, 7, d.hash");
  rules.with(patient.person.value, ms(now - kKeptAfterEnd));
  return forEach(rules, [&](const sql::Statement& row) {
    patient.rules.push_back({text(row, 0), RuleId(text(row, 1)),
                             static_cast<std::uint32_t>(row.int64(2)), ConditionId(text(row, 3)),
                             row.int64(4) != 0, text(row, 5), time(row, 6)});
  });
}

template <class Number>
std::optional<Number> maybe(const sql::Statement& row, int column) {
  return row.isNull(column) ? std::nullopt : std::optional(static_cast<Number>(row.int64(column)));
}

Result<void> readBindings(sql::Database& database, HubDesire& desire) {
  auto bindings = database.prepare(
      "SELECT device, slot, consent_code, person, from_utc_ms, until_utc_ms FROM binding"
      " WHERE hub=? ORDER BY position");
  bindings.with(desire.hub.value);
  return forEach(bindings, [&](const sql::Statement& row) {
    desire.bindings.push_back({DeviceId(text(row, 0)), maybe<std::uint8_t>(row, 1),
                               maybe<std::uint16_t>(row, 2), PersonId(text(row, 3)), time(row, 4),
                               maybeTime(row, 5)});
  });
}

Result<void> readMessages(sql::Database& database, HubDesire& desire, UtcTime now) {
  auto messages = database.prepare(
      "SELECT m.id, m.person, m.text_sv, m.text_en, m.from_utc_ms, m.until_utc_ms"
      " FROM home_message m JOIN hub_person p ON p.person=m.person"
      " WHERE p.hub=? AND m.until_utc_ms>? ORDER BY m.person, m.id");
  messages.with(desire.hub.value, ms(now));
  return forEach(messages, [&](const sql::Statement& row) {
    desire.messages.push_back({text(row, 0),
                               PersonId(text(row, 1)),
                               {text(row, 2), text(row, 3)},
                               time(row, 4),
                               time(row, 5)});
  });
}

}  // namespace

Result<std::vector<Pause>> readPauses(sql::Database& database, const PersonId& person,
                                      UtcTime endAfter) {
  auto rows = database.prepare(
      "SELECT id, rule, from_utc_ms, until_utc_ms, reason, by_username, by_name, ended_utc_ms,"
      " ended_username, ended_name FROM pause"
      " WHERE person=? AND coalesce(ended_utc_ms, until_utc_ms)>? ORDER BY from_utc_ms, id");
  rows.with(person.value, ms(endAfter));
  std::vector<Pause> pauses;
  auto done = forEach(rows, [&](const sql::Statement& row) {
    Pause& one = pauses.emplace_back();
    one.id = text(row, 0);
    one.person = person;
    one.rule = RuleId(text(row, 1));
    one.from = time(row, 2);
    one.until = time(row, 3);
    one.reason = text(row, 4);
    one.by = {text(row, 5), text(row, 6)};
    one.endedAt = maybeTime(row, 7);
    if (!row.isNull(8)) one.endedBy = alerts::Actor{text(row, 8), text(row, 9)};
  });
  if (!done) return std::unexpected(done.error());
  return pauses;
}

Result<PatientDesire> readPatientDesire(sql::Database& database, const PersonId& person,
                                        UtcTime now) {
  PatientDesire patient;
  patient.person = person;
  if (auto done = readCare(database, patient); !done) return std::unexpected(done.error());
  auto pauses = readPauses(database, person, now - kKeptAfterEnd);
  if (!pauses) return std::unexpected(pauses.error());
  patient.pauses = *std::move(pauses);
  if (auto done = readRules(database, patient, now); !done) return std::unexpected(done.error());
  return patient;
}

PersonRules personRulesOf(const PatientDesire& patient) {
  PersonRules rules{registry::contextOf(patient), {}};
  for (const DesiredRule& rule : patient.rules) {
    rules.rules.push_back({rule.hash, rule.document, rule.from});
  }
  return rules;
}

Result<std::optional<HubDesire>> readHubDesire(sql::Database& database, const HubId& hub,
                                               UtcTime now) {
  auto known = database.prepare("SELECT 1 FROM hub WHERE id=?");
  const auto row = known.with(hub.value).step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  HubDesire desire;
  desire.hub = hub;
  if (auto done = readBindings(database, desire); !done) return std::unexpected(done.error());
  std::vector<PersonId> persons;
  auto rows = database.prepare("SELECT person FROM hub_person WHERE hub=? ORDER BY person");
  rows.with(hub.value);
  auto done =
      forEach(rows, [&](const sql::Statement& person) { persons.emplace_back(text(person, 0)); });
  if (!done) return std::unexpected(done.error());
  for (const PersonId& person : persons) {
    auto patient = readPatientDesire(database, person, now);
    if (!patient) return std::unexpected(patient.error());
    desire.patients.push_back(*std::move(patient));
  }
  if (auto read = readMessages(database, desire, now); !read) return std::unexpected(read.error());
  return desire;
}

}  // namespace vardnav::cloud::store
