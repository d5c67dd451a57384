// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/rows.h"

#include <algorithm>

#include "pipelines/wire/codec.h"

namespace vardnav::cloud::store {
namespace {

std::unexpected<Error> damaged(const std::string& what) {
  return fail(ErrorCode::kStorage,
              "the care database holds " + what +
                  " that cannot be read: restore a backup, and keep the file for recovery");
}

std::optional<alerts::Firing> firingFrom(const sql::Statement& row) {
  if (row.isNull(5)) return std::nullopt;
  const auto transition = transitionFromName(row.text(6));
  const auto priority = priorityFromName(row.text(7));
  if (!transition || !priority) return std::nullopt;
  return alerts::Firing{key(row, 5),  *transition,  *priority,
                        time(row, 8), time(row, 9), row.int64(10) != 0};
}

Result<alerts::Event> eventFrom(const sql::Statement& row) {
  const auto kind = alerts::eventKindFromName(row.text(1));
  if (!kind) return damaged("an event");
  alerts::Event event;
  event.at = time(row, 0);
  event.kind = *kind;
  if (!row.isNull(2)) event.by = alerts::Actor{text(row, 2), text(row, 3)};
  event.team = TeamId(text(row, 4));
  event.firing = firingFrom(row);
  const bool isFiring =
      *kind == alerts::EventKind::kRaised || *kind == alerts::EventKind::kWorsened ||
      *kind == alerts::EventKind::kRepeated || *kind == alerts::EventKind::kCleared;
  if (isFiring != event.firing.has_value()) return damaged("an event");
  if (!row.isNull(11)) event.reason = alerts::closeReasonFromName(row.text(11));
  event.note = text(row, 12);
  event.text = {text(row, 13), text(row, 14)};
  return event;
}

Result<routing::Step> stepFrom(const sql::Statement& row) {
  const auto level = routing::levelFromName(row.text(0));
  const auto outcome = routing::outcomeFromName(row.text(1));
  if (!level || !outcome) return damaged("a route");
  return routing::Step{
      *level, *outcome, TeamId(text(row, 2)), text(row, 3), {text(row, 4), text(row, 5)}};
}

Enrolment enrolmentFrom(const sql::Statement& row, const PersonId& person) {
  Enrolment enrolment;
  enrolment.person = person;
  enrolment.id = EnrolmentId(text(row, 4));
  enrolment.condition = ConditionId(text(row, 5));
  enrolment.careGiver = CareGiverId(text(row, 6));
  enrolment.team = TeamId(text(row, 7));
  if (!row.isNull(8)) enrolment.backup = TeamId(text(row, 8));
  enrolment.prescriber = text(row, 9);
  enrolment.consentBasis = text(row, 10);
  enrolment.from = time(row, 11);
  enrolment.until = maybeTime(row, 12);
  return enrolment;
}

}  // namespace

Key128 key(const sql::Statement& row, int column) {
  Key128 key;
  const ByteView blob = row.blob(column);
  std::copy_n(blob.begin(), std::min(blob.size(), key.octets.size()), key.octets.begin());
  return key;
}

Result<Observation> observationFrom(std::string_view body) {
  auto decoded = wire::decodeObservation(body);
  if (!decoded) return damaged("an observation");
  return *std::move(decoded);
}

Result<std::vector<Observation>> observationsFrom(sql::Statement& bodies) {
  std::vector<Observation> observations;
  auto done = forEach(bodies, [&](const sql::Statement& row) -> Result<void> {
    auto observation = observationFrom(row.text(0));
    if (!observation) return std::unexpected(observation.error());
    observations.push_back(*std::move(observation));
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return observations;
}

Result<Verdict> verdictFrom(std::string_view body) {
  auto decoded = wire::decodeVerdict(body);
  if (!decoded) return damaged("a verdict");
  return *std::move(decoded);
}

Result<std::vector<alerts::Event>> readEvents(sql::Database& database, const PersonId& person,
                                              const EpisodeId& episode) {
  auto rows = database.prepare(
      "SELECT at_utc_ms, kind, by_username, by_name, team, verdict_key, transition, priority,"
      " fired_utc_ms, told_utc_ms, is_late, reason, note, text_sv, text_en"
      " FROM episode_event WHERE person=? AND episode=? ORDER BY position");
  rows.with(person.value, episode.value);
  std::vector<alerts::Event> events;
  auto done = forEach(rows, [&](const sql::Statement& row) -> Result<void> {
    auto event = eventFrom(row);
    if (!event) return std::unexpected(event.error());
    events.push_back(*std::move(event));
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return events;
}

Result<routing::Decision> readRoute(sql::Database& database, const PersonId& person,
                                    const EpisodeId& episode) {
  auto newest = database.prepare(
      "SELECT position, decided_utc_ms, explanation_sv, explanation_en, enrolment, condition,"
      " care_giver, team, backup, prescriber, consent_basis, from_utc_ms, until_utc_ms"
      " FROM route WHERE person=? AND episode=? ORDER BY position DESC LIMIT 1");
  newest.with(person.value, episode.value);
  const auto row = newest.step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return damaged("an episode without a route");
  routing::Decision decision;
  decision.decidedAt = time(newest, 1);
  decision.explanation = {text(newest, 2), text(newest, 3)};
  if (!newest.isNull(4)) decision.enrolment = enrolmentFrom(newest, person);
  auto steps = database.prepare(
      "SELECT level, outcome, team, name, reason_sv, reason_en FROM route_step"
      " WHERE person=? AND episode=? AND route=? ORDER BY position");
  steps.with(person.value, episode.value, newest.int64(0));
  auto done = forEach(steps, [&](const sql::Statement& stepRow) -> Result<void> {
    auto step = stepFrom(stepRow);
    if (!step) return std::unexpected(step.error());
    decision.steps.push_back(*std::move(step));
    return {};
  });
  if (!done) return std::unexpected(done.error());
  const bool isChosen = std::ranges::any_of(decision.steps, [](const routing::Step& step) {
    return step.outcome == routing::Outcome::kChosen;
  });
  if (!isChosen) return damaged("a route without a recipient");
  return decision;
}

Result<std::optional<PersonId>> personOf(sql::Database& database, const EpisodeId& episode) {
  auto find = database.prepare("SELECT person FROM episode WHERE id=?");
  find.with(episode.value);
  const auto row = find.step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  return PersonId(text(find, 0));
}

}  // namespace vardnav::cloud::store
