// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/store/sqlite_transaction.h"

#include "pipelines/store/capture_rows.h"
#include "pipelines/store/rows.h"

namespace vardnav::store {

Result<bool> SqliteTransaction::insertCapture(const hub::Capture& capture) {
  const auto link = kept(head_.link());
  if (!link) return std::unexpected(link.error());
  return kept(insertRow(database_, capture, **link));
}

Result<void> SqliteTransaction::insertObservation(const Observation& observation) {
  return kept(insertRow(database_, observation));
}

Result<bool> SqliteTransaction::hasRival(const Observation& one,
                                         const std::string& characteristic) {
  return kept(store::hasRival(database_, one, characteristic));
}

Result<std::uint64_t> SqliteTransaction::nextCaptureCounter() {
  const auto value = kept(head_.next("capture"));
  if (!value) return std::unexpected(value.error());
  return static_cast<std::uint64_t>(*value);
}

Result<hub::AliasInsert> SqliteTransaction::insertAlias(const ReadingKey& alias,
                                                        const ReadingKey& capture) {
  return kept(store::insertAlias(database_, alias, capture));
}

Result<void> SqliteTransaction::insertHandover(const ReadingKey& copy, const ReadingKey& origin) {
  return kept(database_.prepare("INSERT INTO handover VALUES (?,?)")
                  .with(octetsOf(copy), octetsOf(origin))
                  .run());
}

Result<std::vector<ReadingKey>> SqliteTransaction::kinOf(const ReadingKey& capture) {
  return kept(store::kinOf(database_, capture));
}

Result<std::optional<hub::StoredCapture>> SqliteTransaction::capture(const ReadingKey& key) {
  auto found = kept(captureOf(database_, key));
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  const auto revision = kept(newestRevision(database_, key));
  if (!revision) return std::unexpected(revision.error());
  auto observations = kept(observationsOf(database_, octetsOf(key), *revision));
  if (!observations) return std::unexpected(observations.error());
  return hub::StoredCapture{**std::move(found), *std::move(observations)};
}

Result<void> SqliteTransaction::setDisposition(const ReadingKey& key,
                                               intake::Disposition disposition,
                                               intake::Reason reason) {
  return kept(database_.prepare("UPDATE capture SET disposition = ?, reason = ? WHERE key = ?")
                  .with(wordOf(disposition), wordOf(reason), octetsOf(key))
                  .run());
}

Result<void> SqliteTransaction::setDecision(const ReadingKey& key, const intake::Decision& decision,
                                            UtcTime now) {
  auto put = database_.prepare(
      "INSERT INTO decision VALUES (?,?,?) ON CONFLICT (capture) DO UPDATE"
      " SET person = excluded.person, decided_utc_ms = excluded.decided_utc_ms");
  put.with(octetsOf(key), nullptr, millisecondsOf(now));
  if (decision.person) put.bind(2, decision.person->value);
  return kept(put.run());
}

Result<std::int64_t> SqliteTransaction::insertClockPeriod(const hub::ClockPeriod& period) {
  auto insert = database_.prepare(
      "INSERT INTO clock_period (boot, base_utc_ms, start_steady_ms) VALUES (?,?,?) RETURNING id");
  insert.with(period.boot, millisecondsOf(period.base), period.start.time_since_epoch().count());
  const auto row = kept(insert.step());
  if (!row) return std::unexpected(row.error());
  const std::int64_t id = insert.int64(0);
  if (auto done = kept(insert.step()); !done) return std::unexpected(done.error());
  return id;
}

Result<void> SqliteTransaction::correctClockPeriod(std::int64_t period, Milliseconds correction) {
  return kept(database_.prepare("UPDATE clock_period SET correction_ms = ? WHERE id = ?")
                  .with(correction.count(), period)
                  .run());
}

Result<std::vector<ReadingKey>> SqliteTransaction::capturesToPlaceAnew(std::size_t limit) {
  return kept(store::capturesToPlaceAnew(database_, limit));
}

Result<void> SqliteTransaction::setPlacedAnew(const ReadingKey& key) {
  return kept(database_.prepare("UPDATE capture SET is_placed_anew = 1 WHERE key = ?")
                  .with(octetsOf(key))
                  .run());
}

Result<void> SqliteTransaction::setClockFloor(UtcTime floor) {
  head_.setClockFloor(floor);
  return {};
}

Result<std::optional<rules::StateText>> SqliteTransaction::ruleState(const PersonId& person,
                                                                     const RuleId& rule) {
  auto row = database_.prepare(
      "SELECT s.state, c.checkpoints FROM rule_state s LEFT JOIN rule_checkpoints c"
      " ON c.person = s.person AND c.rule = s.rule WHERE s.person = ? AND s.rule = ?");
  const auto found = kept(row.with(person.value, rule.value).step());
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return rules::StateText{std::string(row.text(0)), std::string(row.text(1))};
}

Result<void> SqliteTransaction::setRuleState(const PersonId& person, const RuleId& rule,
                                             const std::string& standing,
                                             const std::optional<std::string>& checkpoints) {
  auto update = database_.prepare("UPDATE rule_state SET state = ? WHERE person = ? AND rule = ?");
  auto done = kept(update.with(standing, person.value, rule.value).run());
  if (done && database_.changes() == 0) {
    auto insert = database_.prepare("INSERT INTO rule_state (person, rule, state) VALUES (?,?,?)");
    done = kept(insert.with(person.value, rule.value, standing).run());
  }
  if (!done || !checkpoints) return done;
  return kept(database_
                  .prepare("INSERT INTO rule_checkpoints VALUES (?,?,?) ON CONFLICT (person, rule)"
                           " DO UPDATE SET checkpoints = excluded.checkpoints")
                  .with(person.value, rule.value, *checkpoints)
                  .run());
}

Result<void> SqliteTransaction::enqueueReading(const ReadingKey& reading, UtcTime now) {
  const auto sequence = kept(head_.next("reading"));
  if (!sequence) return std::unexpected(sequence.error());
  return kept(database_
                  .prepare("INSERT INTO outbox VALUES ('reading',?1,?2,coalesce((SELECT"
                           " max(revision) FROM observation WHERE reading = ?2), 0),NULL,?3)")
                  .with(*sequence, octetsOf(reading), millisecondsOf(now))
                  .run());
}

Result<void> SqliteTransaction::enqueueAlert(const Verdict& verdict, UtcTime now) {
  const auto isNew = kept(insertRow(database_, verdict));
  if (!isNew) return std::unexpected(isNew.error());
  if (!*isNew) return {};
  const auto sequence = kept(head_.next("alert"));
  if (!sequence) return std::unexpected(sequence.error());
  return kept(database_.prepare("INSERT INTO outbox VALUES ('alert',?,NULL,0,?,?)")
                  .with(*sequence, octetsOf(verdict.key), millisecondsOf(now))
                  .run());
}

Result<void> SqliteTransaction::commit() {
  if (fault_) return std::unexpected(*fault_);
  if (auto written = kept(head_.write()); !written) return written;
  return kept(transaction_.commit());
}

Result<std::vector<Observation>> SqliteTransaction::observations(const PersonId& person, Code code,
                                                                 UtcTime from,
                                                                 UtcTime until) const {
  return historyOf(database_, person, code, from, until);
}

}  // namespace vardnav::store
