// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/sql_read_model.h"

#include "cloud/core/care_store.h"
#include "cloud/store/episode_rows.h"
#include "cloud/store/rows.h"

namespace vardnav::cloud::store {
namespace {

/// Three heartbeats: DESIGN's "suspect".
constexpr std::chrono::minutes kSilentAfter{3};

void bindTeams(sql::Statement& statement, int first, std::span<const TeamId> teams) {
  for (const TeamId& team : teams) statement.bind(first++, team.value);
}

std::string seenBy(std::size_t teams) {
  return " EXISTS(SELECT 1 FROM episode_team s WHERE s.person=e.person AND s.episode=e.id"
         " AND s.team IN (" +
         placeholders(teams) + "))";
}

Result<std::uint64_t> numberOf(sql::Database& database, std::string_view sql) {
  auto find = database.prepare(sql);
  const auto row = find.step();
  if (!row) return std::unexpected(row.error());
  return static_cast<std::uint64_t>(find.int64(0));
}

struct EventRow {
  std::uint64_t id = 0;
  UtcTime at{};
  PersonId person;
  std::optional<EpisodeId> episode;
  Key128 reading;
};

Result<std::vector<EventRow>> eventRows(sql::Database& database, std::uint64_t after,
                                        std::size_t limit) {
  auto rows = database.prepare(
      "SELECT id, at_utc_ms, person, episode, reading_key FROM console_event WHERE id>?"
      " ORDER BY id LIMIT ?");
  rows.with(after, limit);
  std::vector<EventRow> found;
  auto done = forEach(rows, [&](const sql::Statement& row) {
    EventRow& event = found.emplace_back();
    event.id = static_cast<std::uint64_t>(row.int64(0));
    event.at = time(row, 1);
    event.person = PersonId(text(row, 2));
    if (!row.isNull(3)) event.episode = EpisodeId(text(row, 3));
    event.reading = key(row, 4);
  });
  if (!done) return std::unexpected(done.error());
  return found;
}

struct EventTeams {
  std::vector<TeamId> visibleTo;
  std::vector<TeamId> goneFrom;
};

// What is shown of an episode is how it stands now: not to a team that it has left since.
Result<EventTeams> teamsOf(sql::Database& database, const EventRow& event) {
  auto rows = database.prepare(
      "SELECT t.team, t.is_gone FROM console_event_team t WHERE t.event=?1"
      " AND (t.is_gone<>0 OR CAST(?3 AS TEXT) IS NULL OR EXISTS(SELECT 1 FROM episode_team s"
      " WHERE s.person=?2 AND s.episode=?3 AND s.team=t.team)) ORDER BY t.team");
  rows.with(event.id, event.person.value);
  if (event.episode) rows.bind(3, event.episode->value);
  EventTeams teams;
  auto done = forEach(rows, [&](const sql::Statement& row) {
    (row.int64(1) != 0 ? teams.goneFrom : teams.visibleTo).emplace_back(text(row, 0));
  });
  if (!done) return std::unexpected(done.error());
  return teams;
}

Result<std::vector<Observation>> observationsOf(sql::Database& database, const EventRow& event) {
  auto rows = database.prepare(
      "SELECT body FROM observation o WHERE person=? AND reading_key=?"
      " AND NOT EXISTS(SELECT 1 FROM observation n WHERE n.person=o.person"
      " AND n.reading_key=o.reading_key AND n.code=o.code AND n.revision>o.revision)"
      " ORDER BY code");
  rows.with(event.person.value, octets(event.reading));
  return observationsFrom(rows);
}

Result<std::optional<ConsoleEvent>> consoleEvent(sql::Database& database, const EventRow& row) {
  auto teams = teamsOf(database, row);
  if (!teams) return std::unexpected(teams.error());
  if (!row.episode) {
    auto observations = observationsOf(database, row);
    if (!observations) return std::unexpected(observations.error());
    return ConsoleEvent{
        row.id, row.at,
        ReadingStored{*std::move(observations), row.at, std::move(teams->visibleTo)}};
  }
  auto summary = readSummary(database, *row.episode);
  if (!summary) return std::unexpected(summary.error());
  if (!*summary) return std::nullopt;
  return ConsoleEvent{row.id, row.at,
                      EpisodeChanged{**std::move(summary), std::move(teams->visibleTo),
                                     std::move(teams->goneFrom)}};
}

}  // namespace

Result<std::vector<EpisodeSummary>> SqlReadModel::openEpisodes(
    std::span<const TeamId> teams) const {
  return readSummaries(database_,
                       "e.state<>'closed' AND" + seenBy(teams.size()) +
                           " ORDER BY e.priority, e.state IN ('acknowledged','in_progress'),"
                           " e.received_utc_ms, e.id",
                       [&](sql::Statement& rows) { bindTeams(rows, 1, teams); });
}

Result<std::vector<EpisodeSummary>> SqlReadModel::closedEpisodes(std::span<const TeamId> teams,
                                                                 std::size_t limit) const {
  return readSummaries(database_,
                       "e.state='closed' AND" + seenBy(teams.size()) +
                           " ORDER BY e.changed_utc_ms DESC, e.id LIMIT ?",
                       [&](sql::Statement& rows) {
                         bindTeams(rows, 1, teams);
                         rows.bind(static_cast<int>(teams.size()) + 1, limit);
                       });
}

Result<std::optional<EpisodeDetail>> SqlReadModel::episode(const EpisodeId& id,
                                                           std::span<const TeamId> teams) const {
  auto found =
      readSummaries(database_, "e.id=? AND" + seenBy(teams.size()), [&](sql::Statement& rows) {
        rows.bind(1, id.value);
        bindTeams(rows, 2, teams);
      });
  if (!found) return std::unexpected(found.error());
  if (found->empty()) return std::nullopt;
  auto detail = readDetail(database_, std::move(found->front()));
  if (!detail) return std::unexpected(detail.error());
  return *std::move(detail);
}

Result<bool> SqlReadModel::maySeePatient(const PersonId& person, std::span<const TeamId> teams,
                                         UtcTime now) const {
  const std::string marks = placeholders(teams.size());
  auto find = database_.prepare(
      "SELECT EXISTS(SELECT 1 FROM enrolment WHERE person=? AND from_utc_ms<=?"
      " AND (until_utc_ms IS NULL OR until_utc_ms>?) AND (team IN (" +
      marks + ") OR backup IN (" + marks +
      "))) OR EXISTS(SELECT 1 FROM episode e JOIN episode_team s ON s.person=e.person"
      " AND s.episode=e.id WHERE e.person=? AND e.state<>'closed' AND s.team IN (" +
      marks + "))");
  const int count = static_cast<int>(teams.size());
  find.with(person.value, ms(now), ms(now));
  bindTeams(find, 4, teams);
  bindTeams(find, 4 + count, teams);
  find.bind(4 + 2 * count, person.value);
  bindTeams(find, 5 + 2 * count, teams);
  const auto row = find.step();
  if (!row) return std::unexpected(row.error());
  return find.int64(0) != 0;
}

Result<std::optional<PatientView>> SqlReadModel::patient(const PersonId& person) const {
  auto find = database_.prepare("SELECT name, birth_year FROM patient WHERE person=?");
  find.with(person.value);
  const auto row = find.step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  PatientView view{person, text(find, 0), std::nullopt};
  if (!find.isNull(1)) view.birthYear = static_cast<int>(find.int64(1));
  return view;
}

Result<std::vector<Observation>> SqlReadModel::observations(const PersonId& person,
                                                            std::optional<Code> code, UtcTime from,
                                                            UtcTime until) const {
  return readObservations(database_, person, code, from, until);
}

Result<std::vector<TeamView>> SqlReadModel::teams(std::span<const TeamId> ids) const {
  std::vector<TeamView> views;
  auto find = database_.prepare(
      "SELECT t.id, t.name, g.name, g.kind FROM team t LEFT JOIN care_giver g"
      " ON g.id=t.care_giver WHERE t.id=?");
  for (const TeamId& id : ids) {
    find.reset();
    find.with(id.value);
    const auto row = find.step();
    if (!row) return std::unexpected(row.error());
    if (*row) views.push_back(teamViewFrom(find, 0));
  }
  return views;
}

Result<Counts> SqlReadModel::counts(UtcTime now) const {
  Counts counts;
  const std::pair<Counter, std::uint64_t*> places[] = {
      {Counter::kReadingsStored, &counts.readingsStored},
      {Counter::kObservationsStored, &counts.observationsStored},
      {Counter::kDuplicatesRefused, &counts.duplicatesRefused},
      {Counter::kSetAside, &counts.setAside},
      {Counter::kAlertsReceived, &counts.alertsReceived},
      {Counter::kEpisodesRaised, &counts.episodesRaised},
      {Counter::kEpisodesRouted, &counts.episodesRouted}};
  auto counters = database_.prepare("SELECT name, value FROM counter");
  auto done = forEach(counters, [&](const sql::Statement& row) {
    for (const auto& [counter, place] : places) {
      if (nameOf(counter) == row.text(0)) *place = static_cast<std::uint64_t>(row.int64(1));
    }
  });
  if (!done) return std::unexpected(done.error());
  auto hubs = database_.prepare(
      "SELECT h.id, s.heard_utc_ms, s.reading_backlog, s.alert_backlog FROM hub h"
      " LEFT JOIN hub_state s ON s.hub=h.id ORDER BY h.id");
  done = forEach(hubs, [&](const sql::Statement& row) {
    HubStatus hub{HubId(text(row, 0)), maybeTime(row, 1), static_cast<std::uint64_t>(row.int64(2)),
                  static_cast<std::uint64_t>(row.int64(3)), true};
    hub.isSilent = !hub.lastHeardAt || now - *hub.lastHeardAt > kSilentAfter;
    counts.hubs.push_back(std::move(hub));
  });
  if (!done) return std::unexpected(done.error());
  return counts;
}

Result<std::uint64_t> SqlReadModel::newestEvent() const {
  // Also where pruning has emptied the table.
  return numberOf(database_,
                  "SELECT max(id) FROM (SELECT id FROM console_event_floor"
                  " UNION ALL SELECT max(id) FROM console_event) AS known");
}

Result<std::optional<std::vector<ConsoleEvent>>> SqlReadModel::eventsAfter(
    std::uint64_t after, std::size_t limit) const {
  const auto floor = numberOf(database_, "SELECT id FROM console_event_floor");
  if (!floor) return std::unexpected(floor.error());
  const auto newest = newestEvent();
  if (!newest) return std::unexpected(newest.error());
  if (after < *floor || after > *newest) return std::nullopt;
  const auto rows = eventRows(database_, after, limit);
  if (!rows) return std::unexpected(rows.error());
  std::vector<ConsoleEvent> events;
  for (const EventRow& row : *rows) {
    auto event = consoleEvent(database_, row);
    if (!event) return std::unexpected(event.error());
    if (*event) events.push_back(**std::move(event));
  }
  return events;
}

}  // namespace vardnav::cloud::store
