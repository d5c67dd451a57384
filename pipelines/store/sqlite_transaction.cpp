// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/sqlite_transaction.h"

#include "pipelines/store/rows.h"

namespace vardnav::store {

Result<bool> SqliteTransaction::insertCapture(const hub::Capture& capture) {
  return kept(insertRow(database_, capture));
}

Result<void> SqliteTransaction::insertObservation(const Observation& observation) {
  return kept(insertRow(database_, observation));
}

Result<std::int64_t> SqliteTransaction::next(std::string_view counter) {
  auto update =
      database_.prepare("UPDATE counter SET value = value + 1 WHERE name = ? RETURNING value");
  const auto row = update.with(counter).step();
  if (!row) return std::unexpected(row.error());
  const std::int64_t value = update.int64(0);
  // The change is complete only when the statement is.
  if (auto done = update.step(); !done) return std::unexpected(done.error());
  return value;
}

Result<std::uint64_t> SqliteTransaction::nextCaptureCounter() {
  const auto value = kept(next("capture"));
  if (!value) return std::unexpected(value.error());
  return static_cast<std::uint64_t>(*value);
}

Result<std::optional<std::string>> SqliteTransaction::ruleState(const PersonId& person,
                                                                const RuleId& rule) {
  auto row = database_.prepare("SELECT state FROM rule_state WHERE person = ? AND rule = ?");
  const auto found = kept(row.with(person.value, rule.value).step());
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return std::string(row.text(0));
}

Result<void> SqliteTransaction::setRuleState(const PersonId& person, const RuleId& rule,
                                             const std::string& state) {
  return kept(database_
                  .prepare("INSERT INTO rule_state VALUES (?,?,?) ON CONFLICT (person, rule)"
                           " DO UPDATE SET state = excluded.state")
                  .with(person.value, rule.value, state)
                  .run());
}

Result<void> SqliteTransaction::enqueueReading(const ReadingKey& reading, UtcTime now) {
  const auto revision = kept(newestRevision(database_, reading));
  if (!revision) return std::unexpected(revision.error());
  const auto sequence = kept(next("reading"));
  if (!sequence) return std::unexpected(sequence.error());
  return kept(database_.prepare("INSERT INTO outbox VALUES ('reading',?,?,?,NULL,?)")
                  .with(*sequence, octetsOf(reading), *revision, millisecondsOf(now))
                  .run());
}

Result<void> SqliteTransaction::enqueueAlert(const Verdict& verdict, UtcTime now) {
  const auto isNew = kept(insertRow(database_, verdict));
  if (!isNew) return std::unexpected(isNew.error());
  if (!*isNew) return {};
  const auto sequence = kept(next("alert"));
  if (!sequence) return std::unexpected(sequence.error());
  return kept(database_.prepare("INSERT INTO outbox VALUES ('alert',?,NULL,0,?,?)")
                  .with(*sequence, octetsOf(verdict.key), millisecondsOf(now))
                  .run());
}

Result<void> SqliteTransaction::commit() {
  if (fault_) return std::unexpected(*fault_);
  return kept(transaction_.commit());
}

Result<std::vector<Observation>> SqliteTransaction::observations(const PersonId& person, Code code,
                                                                 UtcTime from,
                                                                 UtcTime until) const {
  return historyOf(database_, person, code, from, until);
}

}  // namespace vardnav::store
