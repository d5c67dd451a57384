// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the backend's own judging reads and keeps, of SqlCareTransaction.
#include "cloud/store/desire_rows.h"
#include "cloud/store/episode_rows.h"
#include "cloud/store/rows.h"
#include "cloud/store/sql_care_transaction.h"

namespace vardnav::cloud::store {
namespace {

Result<std::vector<SaidVerdict>> saidFrom(sql::Statement& rows) {
  std::vector<SaidVerdict> verdicts;
  auto done = forEach(rows, [&](const sql::Statement& row) -> Result<void> {
    auto verdict = verdictFrom(row.text(0));
    if (!verdict) return std::unexpected(verdict.error());
    SaidVerdict said{*std::move(verdict), row.int64(1) != 0, row.int64(2) != 0, std::nullopt,
                     time(row, 4)};
    if (!row.isNull(3)) said.episode = EpisodeId(std::string(row.text(3)));
    verdicts.push_back(std::move(said));
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return verdicts;
}

}  // namespace

Result<PersonRules> SqlCareTransaction::rulesOf(const PersonId& person, UtcTime now) {
  const auto desire = readPatientDesire(database_, person, now);
  if (!desire) return std::unexpected(desire.error());
  return personRulesOf(*desire);
}

Result<std::optional<UtcTime>> SqlCareTransaction::judgedUntil(const PersonId& person) {
  auto find = database_.prepare("SELECT until_utc_ms FROM judging WHERE person=?");
  const auto row = find.with(person.value).step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  return time(find, 0);
}

Result<void> SqlCareTransaction::setJudgedUntil(const PersonId& person, UtcTime at) {
  return database_
      .prepare(
          "INSERT INTO judging VALUES(?,?) ON CONFLICT(person) DO UPDATE SET"
          " until_utc_ms=excluded.until_utc_ms")
      .with(person.value, ms(at))
      .run();
}

Result<std::optional<rules::StateText>> SqlCareTransaction::ruleState(const PersonId& person,
                                                                      const RuleId& rule) {
  auto find = database_.prepare(
      "SELECT s.state, c.checkpoints FROM rule_standing s LEFT JOIN rule_checkpoints c"
      " ON c.person=s.person AND c.rule=s.rule WHERE s.person=? AND s.rule=?");
  const auto row = find.with(person.value, rule.value).step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  return rules::StateText{text(find, 0), text(find, 1)};
}

Result<void> SqlCareTransaction::setRuleState(const PersonId& person, const RuleId& rule,
                                              const std::string& standing,
                                              const std::optional<std::string>& checkpoints) {
  auto done =
      database_
          .prepare(
              "INSERT INTO rule_standing VALUES(?,?,?) ON CONFLICT(person, rule) DO UPDATE SET"
              " state=excluded.state")
          .with(person.value, rule.value, standing)
          .run();
  if (!done || !checkpoints) return done;
  return database_
      .prepare(
          "INSERT INTO rule_checkpoints VALUES(?,?,?) ON CONFLICT(person, rule) DO UPDATE SET"
          " checkpoints=excluded.checkpoints")
      .with(person.value, rule.value, *checkpoints)
      .run();
}

Result<std::vector<Observation>> SqlCareTransaction::observations(const PersonId& person, Code code,
                                                                  UtcTime from,
                                                                  UtcTime until) const {
  return readObservations(database_, person, code, from, until);
}

Result<std::vector<Observation>> SqlCareTransaction::revisionBefore(const ReadingKey& reading,
                                                                    const PersonId& person,
                                                                    std::uint16_t revision) {
  auto rows = database_.prepare(
      "SELECT body FROM observation WHERE person=?1 AND reading_key=?2 AND revision=("
      " SELECT max(revision) FROM observation WHERE person=?1 AND reading_key=?2 AND revision<?3)"
      " ORDER BY code");
  rows.with(person.value, octets(reading), revision);
  return observationsFrom(rows);
}

Result<std::vector<Observation>> SqlCareTransaction::readingsOf(
    const PersonId& person, std::span<const ReadingKey> readings) {
  std::vector<Observation> all;
  auto rows = database_.prepare(
      "SELECT body FROM observation o WHERE person=?1 AND reading_key=?2 AND revision=("
      " SELECT max(revision) FROM observation n WHERE n.person=?1 AND n.reading_key=?2"
      " AND n.code=o.code) ORDER BY code");
  for (const ReadingKey& reading : readings) {
    rows.reset();
    rows.with(person.value, octets(reading));
    auto some = observationsFrom(rows);
    if (!some) return some;
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

Result<std::vector<SaidVerdict>> SqlCareTransaction::verdictsOf(const HubId& hub,
                                                                UtcTime storedSince) {
  auto rows = database_.prepare(
      "SELECT body, said_by_hub, said_by_backend, episode, stored_utc_ms FROM verdict"
      " WHERE hub=? AND stored_utc_ms>=? ORDER BY person, rule, told_utc_ms, key");
  rows.with(hub.value, ms(storedSince));
  return saidFrom(rows);
}

Result<std::vector<SaidVerdict>> SqlCareTransaction::verdictsAt(const PersonId& person,
                                                                const RuleId& rule, UtcTime at) {
  auto rows = database_.prepare(
      "SELECT body, said_by_hub, said_by_backend, episode, stored_utc_ms FROM verdict"
      " WHERE person=? AND rule=? AND at_utc_ms=? ORDER BY told_utc_ms, key");
  rows.with(person.value, rule.value, ms(at));
  return saidFrom(rows);
}

Result<std::vector<HubId>> SqlCareTransaction::hubsWithHeld(UtcTime from, UtcTime until) {
  auto rows = database_.prepare(
      "SELECT DISTINCT hub FROM verdict WHERE stored_utc_ms BETWEEN ? AND ?"
      " AND said_by_hub=0 AND episode IS NULL ORDER BY hub");
  rows.with(ms(from), ms(until));
  std::vector<HubId> hubs;
  auto done = forEach(rows, [&](const sql::Statement& row) -> Result<void> {
    hubs.emplace_back(std::string(row.text(0)));
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return hubs;
}

}  // namespace vardnav::cloud::store
