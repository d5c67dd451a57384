// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Readings and verdicts of SqlCareTransaction.
#include <algorithm>
#include <set>

#include "cloud/store/rows.h"
#include "cloud/store/sql_care_transaction.h"
#include "pipelines/wire/codec.h"

namespace vardnav::cloud::store {

Result<ReadingInsert> SqlCareTransaction::insertReading(const ReadingKey& key,
                                                        const PersonId& person, const HubId& hub,
                                                        Bringer bringer, UtcTime now) {
  const bool isOwn = bringer == Bringer::kReadingItem;
  auto insert = database_.prepare(
      "INSERT INTO reading_key(key, person, hub, stored_utc_ms, has_item) VALUES(?,?,?,?,?)"
      " ON CONFLICT(key) DO NOTHING");
  insert.with(octets(key), person.value, hub.value, ms(now), isOwn);
  if (auto done = insert.run(); !done) return std::unexpected(done.error());
  if (database_.changes() == 1) return ReadingInsert::kNew;
  auto find = database_.prepare("SELECT person, has_item FROM reading_key WHERE key=?");
  find.with(octets(key));
  const auto row = find.step();
  if (!row) return std::unexpected(row.error());
  if (find.text(0) != person.value) return ReadingInsert::kConflict;
  if (!isOwn || find.int64(1) != 0) return ReadingInsert::kKnown;
  auto mark = database_.prepare("UPDATE reading_key SET has_item=1 WHERE key=?");
  if (auto done = mark.with(octets(key)).run(); !done) return std::unexpected(done.error());
  return ReadingInsert::kExpected;
}

Result<void> SqlCareTransaction::insertNewObservation(const Observation& observation) {
  return database_.prepare("INSERT INTO observation VALUES(?,?,?,?,?,?)")
      .with(observation.person.value, octets(observation.reading), nameOf(observation.code),
            observation.revision, ms(observation.at), wire::encodeObservation(observation))
      .run();
}

Result<ObservationInsert> SqlCareTransaction::insertObservation(const Observation& observation) {
  // Where observations are partitioned by their time, the primary key alone would let one in that
  // differs in nothing but its time.
  auto insert = database_.prepare(
      "INSERT INTO observation SELECT ?1,?2,?3,?4,?5,?6 WHERE NOT EXISTS(SELECT 1 FROM observation"
      " WHERE person=?1 AND reading_key=?2 AND code=?3 AND revision=?4) ON CONFLICT DO NOTHING");
  insert.with(observation.person.value, octets(observation.reading), nameOf(observation.code),
              observation.revision, ms(observation.at), wire::encodeObservation(observation));
  if (auto done = insert.run(); !done) return std::unexpected(done.error());
  if (database_.changes() == 1) return ObservationInsert::kNew;
  auto find = database_.prepare(
      "SELECT body FROM observation WHERE person=? AND reading_key=? AND code=? AND revision=?");
  find.with(observation.person.value, octets(observation.reading), nameOf(observation.code),
            observation.revision);
  const auto row = find.step();
  if (!row) return std::unexpected(row.error());
  const auto stored = observationFrom(find.text(0));
  if (!stored) return std::unexpected(stored.error());
  const bool isSame = stored->value == observation.value && stored->unit == observation.unit &&
                      stored->at == observation.at && stored->flags == observation.flags;
  return isSame ? ObservationInsert::kKnown : ObservationInsert::kConflict;
}

Result<bool> SqlCareTransaction::holdsReading(std::span<const Observation> observations) {
  const Observation& first = observations.front();
  auto rows = database_.prepare(
      "SELECT o.body FROM reading_key k JOIN observation o ON o.person=k.person AND"
      " o.reading_key=k.key WHERE k.key=?1 AND k.person=?2 AND k.has_item=1 AND o.person=?2");
  rows.with(octets(first.reading), first.person.value);
  std::set<std::string> held;
  auto done = forEach(rows, [&](const sql::Statement& row) { held.insert(text(row, 0)); });
  if (!done) return std::unexpected(done.error());
  return std::ranges::all_of(observations, [&](const Observation& observation) {
    return held.contains(wire::encodeObservation(observation));
  });
}

Result<bool> SqlCareTransaction::holdsVerdict(const Verdict& verdict) {
  auto find = database_.prepare("SELECT 1 FROM verdict WHERE person=? AND key=? AND said_by_hub=1");
  return find.with(verdict.person.value, octets(verdict.key)).step();
}

Result<VerdictInsert> SqlCareTransaction::insertVerdict(const Verdict& verdict,
                                                        std::span<const Observation> observations,
                                                        const HubId& hub, UtcTime now,
                                                        Speaker speaker) {
  const bool isHubs = speaker == Speaker::kHub;
  auto insert = database_.prepare(
      "INSERT INTO verdict(person, key, rule, told_utc_ms, at_utc_ms, hub, stored_utc_ms, body,"
      " said_by_hub, said_by_backend) VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING");
  insert.with(verdict.person.value, octets(verdict.key), verdict.rule.value, ms(verdict.told),
              ms(verdict.at), hub.value, ms(now), wire::encodeVerdict(verdict), isHubs, !isHubs);
  if (auto done = insert.run(); !done) return std::unexpected(done.error());
  if (database_.changes() == 0) {
    auto mark = database_.prepare(
        isHubs ? "UPDATE verdict SET said_by_hub=1 WHERE person=? AND key=? AND said_by_hub=0"
               : "UPDATE verdict SET said_by_backend=1 WHERE person=? AND key=?"
                 " AND said_by_backend=0");
    mark.with(verdict.person.value, octets(verdict.key));
    if (auto done = mark.run(); !done) return std::unexpected(done.error());
    if (database_.changes() == 0) return VerdictInsert::kKnown;
    auto told = database_.prepare("SELECT episode IS NULL FROM verdict WHERE person=? AND key=?");
    const auto row = told.with(verdict.person.value, octets(verdict.key)).step();
    if (!row) return std::unexpected(row.error());
    return told.int64(0) != 0 ? VerdictInsert::kWaited : VerdictInsert::kAlsoSaid;
  }
  auto bring = database_.prepare("INSERT INTO verdict_observation VALUES(?,?,?,?,?,?)");
  std::int64_t position = 0;
  for (const Observation& observation : observations) {
    bring.with(verdict.person.value, octets(verdict.key), position++, octets(observation.reading),
               nameOf(observation.code), observation.revision);
    if (auto done = bring.run(); !done) return std::unexpected(done.error());
  }
  return VerdictInsert::kNew;
}

Result<void> SqlCareTransaction::attachVerdict(const Verdict& verdict, const EpisodeId& episode) {
  return database_.prepare("UPDATE verdict SET episode=? WHERE person=? AND key=?")
      .with(episode.value, verdict.person.value, octets(verdict.key))
      .run();
}

Result<std::vector<Verdict>> SqlCareTransaction::unattachedVerdicts(const PersonId& person,
                                                                    const RuleId& rule,
                                                                    UtcTime toldFrom) {
  auto rows = database_.prepare(
      "SELECT body FROM verdict WHERE person=? AND rule=? AND told_utc_ms>=? AND episode IS NULL"
      " AND said_by_hub=1"
      " ORDER BY told_utc_ms, at_utc_ms, key");
  rows.with(person.value, rule.value, ms(toldFrom));
  std::vector<Verdict> verdicts;
  auto done = forEach(rows, [&](const sql::Statement& row) -> Result<void> {
    auto verdict = verdictFrom(row.text(0));
    if (!verdict) return std::unexpected(verdict.error());
    verdicts.push_back(*std::move(verdict));
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return verdicts;
}

}  // namespace vardnav::cloud::store
