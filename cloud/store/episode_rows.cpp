// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/episode_rows.h"

#include <limits>

#include "cloud/store/rows.h"

namespace vardnav::cloud::store {
namespace {

constexpr std::chrono::days kTrendBefore{30};

std::string nameIn(sql::Database& database, std::string_view sql, const std::string& id) {
  auto find = database.prepare(sql);
  find.with(id);
  const auto row = find.step();
  return row && *row ? text(find, 0) : id;
}

Result<std::optional<Observation>> newestOf(sql::Database& database, const PersonId& person,
                                            std::string_view code) {
  auto find = database.prepare(
      "SELECT body FROM observation o WHERE person=? AND code=?"
      " AND NOT EXISTS(SELECT 1 FROM observation n WHERE n.person=o.person"
      " AND n.reading_key=o.reading_key AND n.code=o.code AND n.revision>o.revision)"
      " ORDER BY at_utc_ms DESC, reading_key DESC LIMIT 1");
  find.with(person.value, code);
  const auto row = find.step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return std::nullopt;
  auto observation = observationFrom(find.text(0));
  if (!observation) return std::unexpected(observation.error());
  return *std::move(observation);
}

Result<std::vector<Observation>> inputsOf(sql::Database& database, const EpisodeSummary& summary,
                                          const Key128& verdict) {
  auto rows = database.prepare(
      "SELECT o.body FROM verdict_observation v JOIN observation o ON o.person=v.person"
      " AND o.reading_key=v.reading_key AND o.code=v.code AND o.revision=v.revision"
      " WHERE v.person=? AND v.verdict_key=? ORDER BY v.position");
  rows.with(summary.patient.id.value, octets(verdict));
  return observationsFrom(rows);
}

Result<Trend> trendOf(sql::Database& database, const EpisodeSummary& summary, Code code) {
  const auto from = summary.raisedAt - kTrendBefore;
  auto observations =
      readObservations(database, summary.patient.id, code, from,
                       UtcTime(Milliseconds(std::numeric_limits<std::int64_t>::max())));
  if (!observations) return std::unexpected(observations.error());
  Trend trend{code, rowOf(code).unit, {}};
  for (const Observation& observation : *observations) {
    const Value value = observation.shown ? Value::of(observation.shown->value) : observation.value;
    trend.points.push_back({observation.reading, observation.at, value, observation.flags});
  }
  return trend;
}

RouteView viewOf(sql::Database& database, routing::Decision decision) {
  RouteView view;
  view.decidedAt = decision.decidedAt;
  view.explanation = std::move(decision.explanation);
  view.steps = std::move(decision.steps);
  if (const auto& enrolment = decision.enrolment) {
    view.enrolment = EnrolmentView{
        enrolment->id,
        enrolment->condition,
        nameIn(database, "SELECT name FROM care_giver WHERE id=?", enrolment->careGiver.value),
        nameIn(database, "SELECT name FROM team WHERE id=?", enrolment->team.value),
        enrolment->from,
        enrolment->until,
        enrolment->consentBasis,
        enrolment->prescriber};
  }
  return view;
}

}  // namespace

const std::string_view kSelectSummary =
    "SELECT e.id, e.version, e.state, e.is_escalated, e.is_cleared, e.priority, e.condition,"
    " e.rule, e.title_sv, e.title_en, e.person, p.name, p.birth_year, e.raised_utc_ms,"
    " e.told_utc_ms, e.received_utc_ms, e.is_late, e.owner, e.owner_name, e.next_what,"
    " e.next_utc_ms, e.next_to, v.code, e.team, t.name, g.name, g.kind,"
    " e.measured_utc_ms"
    " FROM episode e LEFT JOIN patient p ON p.person=e.person LEFT JOIN team t ON t.id=e.team"
    " LEFT JOIN care_giver g ON g.id=t.care_giver LEFT JOIN verdict_observation v"
    " ON v.person=e.person AND v.verdict_key=e.verdict_key AND v.position=0 WHERE ";

std::string placeholders(std::size_t count) {
  if (count == 0) return "NULL";
  std::string marks = "?";
  for (std::size_t i = 1; i < count; ++i) marks += ",?";
  return marks;
}

TeamView teamViewFrom(const sql::Statement& row, int first) {
  TeamView view{TeamId(text(row, first)), text(row, first + 1), text(row, first + 2),
                text(row, first + 3)};
  // A team without a care giver is the service owner's desk, also one the registry does not name.
  if (view.name.empty()) view.name = routing::builtInDesk().name;
  if (view.kind.empty()) view.kind = "service";
  return view;
}

Result<EpisodeSummary> summaryFrom(sql::Database& database, const sql::Statement& row) {
  EpisodeSummary summary;
  summary.id = EpisodeId(text(row, 0));
  summary.version = static_cast<std::uint64_t>(row.int64(1));
  summary.state = alerts::stateFromName(row.text(2)).value_or(alerts::State::kRaised);
  summary.isEscalated = row.int64(3) != 0;
  summary.isCleared = row.int64(4) != 0;
  summary.priority = priorityFromName(row.text(5)).value_or(Priority::kP1);
  summary.condition = ConditionId(text(row, 6));
  summary.rule = RuleId(text(row, 7));
  summary.title = {text(row, 8), text(row, 9)};
  summary.patient.id = PersonId(text(row, 10));
  summary.patient.name = text(row, 11);
  if (!row.isNull(12)) summary.patient.birthYear = static_cast<int>(row.int64(12));
  summary.raisedAt = time(row, 13);
  summary.measuredAt = time(row, 27);
  summary.toldAt = time(row, 14);
  summary.receivedAt = time(row, 15);
  summary.isLate = row.int64(16) != 0;
  if (!row.isNull(17)) summary.owner = alerts::Actor{text(row, 17), text(row, 18)};
  summary.nextAction = {alerts::dueFromName(row.text(19)).value_or(alerts::Due::kRemind),
                        time(row, 20), text(row, 21)};
  summary.team = teamViewFrom(row, 23);
  if (row.isNull(22)) return summary;
  auto latest = newestOf(database, summary.patient.id, row.text(22));
  if (!latest) return std::unexpected(latest.error());
  summary.latest = *std::move(latest);
  return summary;
}

Result<std::optional<EpisodeSummary>> readSummary(sql::Database& database, const EpisodeId& id) {
  auto found =
      readSummaries(database, "e.id=?", [&](sql::Statement& rows) { rows.with(id.value); });
  if (!found) return std::unexpected(found.error());
  if (found->empty()) return std::nullopt;
  return std::move(found->front());
}

Result<EpisodeDetail> readDetail(sql::Database& database, EpisodeSummary summary) {
  EpisodeDetail detail;
  auto find = database.prepare(
      "SELECT why_sv, why_en, rule_hash, hub, verdict_key FROM episode WHERE id=?");
  find.with(summary.id.value);
  if (const auto row = find.step(); !row) return std::unexpected(row.error());
  detail.why = {text(find, 0), text(find, 1)};
  detail.ruleHash = text(find, 2);
  detail.hub = HubId(text(find, 3));
  auto inputs = inputsOf(database, summary, key(find, 4));
  if (!inputs) return std::unexpected(inputs.error());
  detail.inputs = *std::move(inputs);
  const auto events = readEvents(database, summary.patient.id, summary.id);
  if (!events) return std::unexpected(events.error());
  for (const alerts::Event& event : *events) {
    detail.events.push_back({event.at, event.kind, event.by, event.text});
  }
  auto route = readRoute(database, summary.patient.id, summary.id);
  if (!route) return std::unexpected(route.error());
  detail.route = viewOf(database, *std::move(route));
  if (!detail.inputs.empty()) {
    auto trend = trendOf(database, summary, detail.inputs.front().code);
    if (!trend) return std::unexpected(trend.error());
    detail.trend = *std::move(trend);
  }
  detail.summary = std::move(summary);
  return detail;
}

Result<std::vector<Observation>> readObservations(sql::Database& database, const PersonId& person,
                                                  std::optional<Code> code, UtcTime from,
                                                  UtcTime until) {
  std::string sql =
      "SELECT body FROM observation o WHERE person=? AND at_utc_ms BETWEEN ? AND ?"
      " AND NOT EXISTS(SELECT 1 FROM observation n WHERE n.person=o.person"
      " AND n.reading_key=o.reading_key AND n.code=o.code AND n.revision>o.revision)";
  if (code) sql += " AND code=?";
  auto rows = database.prepare(sql + " ORDER BY at_utc_ms, reading_key, code");
  rows.with(person.value, ms(from), ms(until));
  if (code) rows.bind(4, nameOf(*code));
  return observationsFrom(rows);
}

}  // namespace vardnav::cloud::store
