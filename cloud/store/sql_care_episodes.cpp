// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Episodes of SqlCareTransaction.
#include "cloud/store/rows.h"
#include "cloud/store/sql_care_transaction.h"

namespace vardnav::cloud::store {
namespace {

std::optional<std::int64_t> dueOf(const alerts::Episode& state) {
  return state.due == alerts::Due::kNothing ? ms(state.changedAt) : ms(state.dueAt);
}

void bindFiring(sql::Statement& insert, const alerts::Firing& firing) {
  insert.bind(8, octets(firing.verdict))
      .bind(9, nameOf(firing.transition))
      .bind(10, nameOf(firing.priority))
      .bind(11, ms(firing.at))
      .bind(12, ms(firing.told))
      .bind(13, firing.isLate);
}

}  // namespace

Result<PersonId> SqlCareTransaction::personWith(const EpisodeId& id) {
  auto person = personOf(database_, id);
  if (!person) return std::unexpected(person.error());
  if (!*person) return fail(ErrorCode::kNotFound, "there is no episode " + id.value);
  return **person;
}

Result<std::optional<StoredEpisode>> SqlCareTransaction::openEpisodeOf(const PersonId& person,
                                                                       const RuleId& rule) {
  EpisodeId id;
  {
    auto find =
        database_.prepare("SELECT id FROM episode WHERE person=? AND rule=? AND state<>'closed'");
    find.with(person.value, rule.value);
    const auto row = find.step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::nullopt;
    id = EpisodeId(text(find, 0));
  }
  return episode(id);
}

Result<std::optional<StoredEpisode>> SqlCareTransaction::episode(const EpisodeId& id) {
  auto find = database_.prepare(
      "SELECT person, rule, condition, hub, rule_hash, title_sv, title_en, why_sv, why_en, next_to"
      " FROM episode WHERE id=?" +
      std::string(database_.holdRows()));
  find.with(id.value);
  const auto row = find.step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  StoredEpisode episode;
  episode.id = id;
  episode.person = PersonId(text(find, 0));
  episode.rule = RuleId(text(find, 1));
  episode.condition = ConditionId(text(find, 2));
  episode.hub = HubId(text(find, 3));
  episode.ruleHash = text(find, 4);
  episode.title = {text(find, 5), text(find, 6)};
  episode.why = {text(find, 7), text(find, 8)};
  episode.nextTo = text(find, 9);
  const auto events = readEvents(database_, episode.person, id);
  if (!events) return std::unexpected(events.error());
  episode.state = alerts::fold(*events);
  auto teams = database_.prepare("SELECT team FROM episode_team WHERE person=? AND episode=?");
  teams.with(episode.person.value, id.value);
  auto done = forEach(
      teams, [&](const sql::Statement& team) { episode.audience.emplace_back(text(team, 0)); });
  if (!done) return std::unexpected(done.error());
  return episode;
}

Result<void> SqlCareTransaction::insertEpisode(const StoredEpisode& episode) {
  const alerts::Episode& state = episode.state;
  auto insert = database_.prepare(
      "INSERT INTO episode VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
      " ON CONFLICT DO NOTHING");
  insert.with(episode.person.value, episode.id.value, episode.rule.value, episode.condition.value,
              episode.hub.value, episode.ruleHash, episode.title.sv, episode.title.en,
              episode.why.sv, episode.why.en, octets(state.newestRaise.verdict),
              nameOf(state.state), state.version, nameOf(state.priority), state.isEscalated,
              state.isCleared, state.newestRaise.isLate, ms(state.earliest.at),
              ms(state.newestRaise.told), ms(state.receivedAt), ms(state.changedAt), nullptr,
              nullptr, state.team.value, nameOf(state.due), dueOf(state), episode.nextTo,
              ms(state.newestRaise.at));
  if (auto done = insert.run(); !done) return done;
  if (database_.changes() == 1) return {};
  return fail(ErrorCode::kConflict, "the cause has an open episode already");
}

Result<void> SqlCareTransaction::updateEpisode(const StoredEpisode& episode) {
  const alerts::Episode& state = episode.state;
  auto update = database_.prepare(
      "UPDATE episode SET condition=?, hub=?, rule_hash=?, title_sv=?, title_en=?, why_sv=?,"
      " why_en=?, verdict_key=?, state=?, version=?, priority=?, is_escalated=?, is_cleared=?,"
      " is_late=?, raised_utc_ms=?, told_utc_ms=?, received_utc_ms=?, changed_utc_ms=?, team=?,"
      " next_what=?, next_utc_ms=?, next_to=?, measured_utc_ms=?, owner=?, owner_name=? WHERE "
      "person=? AND id=?");
  update.with(episode.condition.value, episode.hub.value, episode.ruleHash, episode.title.sv,
              episode.title.en, episode.why.sv, episode.why.en, octets(state.newestRaise.verdict),
              nameOf(state.state), state.version, nameOf(state.priority), state.isEscalated,
              state.isCleared, state.newestRaise.isLate, ms(state.earliest.at),
              ms(state.newestRaise.told), ms(state.receivedAt), ms(state.changedAt),
              state.team.value, nameOf(state.due), dueOf(state), episode.nextTo,
              ms(state.newestRaise.at));
  if (state.owner) {
    update.bind(24, state.owner->username).bind(25, state.owner->name);
  } else {
    update.bind(24, nullptr).bind(25, nullptr);
  }
  update.bind(26, episode.person.value).bind(27, episode.id.value);
  if (auto done = update.run(); !done) return done;
  auto forget = database_.prepare("DELETE FROM episode_team WHERE person=? AND episode=?");
  if (auto done = forget.with(episode.person.value, episode.id.value).run(); !done) return done;
  auto insert = database_.prepare("INSERT INTO episode_team VALUES(?,?,?)");
  for (const TeamId& team : episode.audience) {
    insert.with(episode.person.value, episode.id.value, team.value);
    if (auto done = insert.run(); !done) return done;
  }
  return {};
}

Result<void> SqlCareTransaction::appendEvent(const EpisodeId& id, const alerts::Event& event) {
  const auto person = personWith(id);
  if (!person) return std::unexpected(person.error());
  auto insert = database_.prepare(
      "INSERT INTO episode_event SELECT ?1, ?2, coalesce(max(position), 0) + 1,"
      " ?3, ?4, ?5, ?6, ?8, ?9, ?10, ?11, ?12, ?13, ?7, ?14, ?15, ?16, ?17"
      " FROM episode_event WHERE person=?1 AND episode=?2");
  insert.with(person->value, id.value, ms(event.at), nameOf(event.kind));
  if (event.by) {
    insert.bind(5, event.by->username).bind(6, event.by->name);
  } else {
    insert.bind(5, nullptr).bind(6, nullptr);
  }
  insert.bind(7, event.team.value);
  if (event.firing) {
    bindFiring(insert, *event.firing);
  } else {
    for (int index = 8; index <= 13; ++index) insert.bind(index, nullptr);
  }
  if (event.reason) {
    insert.bind(14, alerts::nameOf(*event.reason));
  } else {
    insert.bind(14, nullptr);
  }
  insert.bind(15, event.note).bind(16, event.text.sv).bind(17, event.text.en);
  return insert.run();
}

Result<std::vector<alerts::Event>> SqlCareTransaction::eventsOf(const EpisodeId& id) {
  const auto person = personWith(id);
  if (!person) return std::unexpected(person.error());
  return readEvents(database_, *person, id);
}

Result<void> SqlCareTransaction::appendRoute(const EpisodeId& id,
                                             const routing::Decision& decision) {
  const auto person = personWith(id);
  if (!person) return std::unexpected(person.error());
  auto count = database_.prepare("SELECT count(*) FROM route WHERE person=? AND episode=?");
  count.with(person->value, id.value);
  if (const auto row = count.step(); !row) return std::unexpected(row.error());
  const std::int64_t position = count.int64(0) + 1;
  count.reset();
  auto insert = database_.prepare("INSERT INTO route VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  insert.with(person->value, id.value, position, ms(decision.decidedAt), decision.explanation.sv,
              decision.explanation.en);
  if (const auto& enrolment = decision.enrolment) {
    insert.bind(7, enrolment->id.value).bind(8, enrolment->condition.value);
    insert.bind(9, enrolment->careGiver.value).bind(10, enrolment->team.value);
    if (enrolment->backup) insert.bind(11, enrolment->backup->value);
    insert.bind(12, enrolment->prescriber).bind(13, enrolment->consentBasis);
    insert.bind(14, ms(enrolment->from)).bind(15, ms(enrolment->until));
  }
  if (auto done = insert.run(); !done) return done;
  auto step = database_.prepare("INSERT INTO route_step VALUES(?,?,?,?,?,?,?,?,?,?)");
  std::int64_t place = 0;
  for (const routing::Step& one : decision.steps) {
    step.with(person->value, id.value, position, place++, routing::nameOf(one.level),
              routing::nameOf(one.outcome), one.team.value, one.name, one.reason.sv, one.reason.en);
    if (auto done = step.run(); !done) return done;
  }
  return {};
}

Result<routing::Decision> SqlCareTransaction::routeOf(const EpisodeId& id) {
  const auto person = personWith(id);
  if (!person) return std::unexpected(person.error());
  return readRoute(database_, *person, id);
}

Result<std::vector<EpisodeId>> SqlCareTransaction::due(UtcTime now, std::size_t limit) {
  // What another process is moving on is left to it.
  auto rows = database_.prepare(
      "SELECT id FROM episode WHERE next_what<>'none' AND next_utc_ms<=?"
      " ORDER BY next_utc_ms LIMIT ?" +
      std::string(database_.holdFreeRows()));
  rows.with(ms(now), limit);
  std::vector<EpisodeId> ids;
  auto done = forEach(rows, [&](const sql::Statement& row) { ids.emplace_back(text(row, 0)); });
  if (!done) return std::unexpected(done.error());
  return ids;
}

}  // namespace vardnav::cloud::store
