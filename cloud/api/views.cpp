// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/api/views.h"

#include "pipelines/wire/codec.h"

namespace vardnav::cloud::api {
namespace {

using Json = nlohmann::json;

Json orNull(const std::optional<alerts::Actor>& actor) {
  if (!actor) return nullptr;
  return {{"username", actor->username}, {"name", actor->name}};
}

Json orNull(const std::optional<UtcTime>& time) {
  return time ? Json(toRfc3339(*time)) : Json(nullptr);
}

Json toJson(const Text& text) { return {{"sv", text.sv}, {"en", text.en}}; }

Json toJson(const PatientView& patient) {
  return {{"id", patient.id.value},
          {"name", patient.name},
          {"birth_year", patient.birthYear ? Json(*patient.birthYear) : Json(nullptr)}};
}

Json toJson(const NextActionView& next) {
  if (next.what == alerts::Due::kNothing) return nullptr;
  return {{"what", nameOf(next.what)}, {"at", toRfc3339(next.at)}, {"to", next.to}};
}

Json toJson(const EventView& event) {
  return {{"at", toRfc3339(event.at)},
          {"kind", nameOf(event.kind)},
          {"by", orNull(event.by)},
          {"text", toJson(event.text)}};
}

Json toJson(const routing::Step& step) {
  return {{"level", nameOf(step.level)},
          {"name", step.name},
          {"outcome", nameOf(step.outcome)},
          {"reason", toJson(step.reason)}};
}

Json orNull(const std::optional<EnrolmentView>& enrolment) {
  if (!enrolment) return nullptr;
  return {{"id", enrolment->id.value},
          {"condition", enrolment->condition.value},
          {"care_giver", enrolment->careGiver},
          {"team", enrolment->team},
          {"from", toRfc3339(enrolment->from)},
          {"until", orNull(enrolment->until)},
          {"consent_basis", enrolment->consentBasis},
          {"prescriber", enrolment->prescriber}};
}

Json toJson(const RouteView& route) {
  Json steps = Json::array();
  for (const routing::Step& step : route.steps) steps.push_back(toJson(step));
  return {{"decided_at", toRfc3339(route.decidedAt)},
          {"explanation", toJson(route.explanation)},
          {"enrolment", orNull(route.enrolment)},
          {"steps", std::move(steps)}};
}

Json namesOf(const Flags& flags) {
  Json names = Json::array();
  for (const Flag flag :
       {Flag::kControlSolution, Flag::kBadBlow, Flag::kPersonOther, Flag::kPersonUnconfirmed,
        Flag::kClockFault, Flag::kSuspectedRepeat, Flag::kManual, Flag::kQuestionable}) {
    if (flags.has(flag)) names.push_back(nameOf(flag));
  }
  return names;
}

Json orNull(const std::optional<Trend>& trend) {
  if (!trend) return nullptr;
  Json points = Json::array();
  for (const TrendPoint& point : trend->points) {
    points.push_back({{"reading", point.reading.toHex()},
                      {"at", toRfc3339(point.at)},
                      {"value", toString(point.value)},
                      {"flags", namesOf(point.flags)}});
  }
  return {
      {"code", nameOf(trend->code)}, {"unit", ucumOf(trend->unit)}, {"points", std::move(points)}};
}

}  // namespace

Json toJson(const TeamView& team) {
  return {{"id", team.id.value},
          {"name", team.name},
          {"care_giver", team.careGiver},
          {"kind", team.kind}};
}

Json toJson(const Observation& observation) {
  // One form on the wire and in the API.
  return Json::parse(wire::encodeObservation(observation));
}

Json toJson(const EpisodeSummary& summary) {
  return {{"id", summary.id.value},
          {"version", summary.version},
          {"state", nameOf(summary.state)},
          {"escalated", summary.isEscalated},
          {"cleared", summary.isCleared},
          {"priority", nameOf(summary.priority)},
          {"condition", summary.condition.value},
          {"rule", summary.rule.value},
          {"title", toJson(summary.title)},
          {"patient", toJson(summary.patient)},
          {"raised_at", toRfc3339(summary.raisedAt)},
          {"measured_at", toRfc3339(summary.measuredAt)},
          {"told_at", toRfc3339(summary.toldAt)},
          {"received_at", toRfc3339(summary.receivedAt)},
          {"late", summary.isLate},
          {"team", toJson(summary.team)},
          {"owner", orNull(summary.owner)},
          {"next_action", toJson(summary.nextAction)},
          {"latest", summary.latest ? toJson(*summary.latest) : Json(nullptr)}};
}

Json toJson(const EpisodeDetail& detail) {
  Json json = toJson(detail.summary);
  json["why"] = toJson(detail.why);
  json["rule_hash"] = detail.ruleHash;
  json["hub"] = detail.hub.value;
  json["inputs"] = toJsonList(detail.inputs);
  Json events = Json::array();
  for (const EventView& event : detail.events) events.push_back(toJson(event));
  json["events"] = std::move(events);
  json["route"] = toJson(detail.route);
  json["trend"] = orNull(detail.trend);
  return json;
}

Json toJson(const Counts& counts) {
  Json hubs = Json::array();
  for (const HubStatus& hub : counts.hubs) {
    hubs.push_back({{"hub", hub.hub.value},
                    {"last_heard_at", orNull(hub.lastHeardAt)},
                    {"reading_backlog", hub.readingBacklog},
                    {"alert_backlog", hub.alertBacklog},
                    {"silent", hub.isSilent}});
  }
  return {{"readings_stored", counts.readingsStored},
          {"observations_stored", counts.observationsStored},
          {"duplicates_refused", counts.duplicatesRefused},
          {"set_aside", counts.setAside},
          {"alerts_received", counts.alertsReceived},
          {"episodes_raised", counts.episodesRaised},
          {"episodes_routed", counts.episodesRouted},
          {"hubs", std::move(hubs)}};
}

Json toJson(const TechnicalView& view) {
  const TechnicalAlert& alert = view.alert;
  return {{"id", alert.id},
          {"kind", alert.cause.kind},
          {"hub", alert.cause.hub.value},
          {"person", alert.cause.person.isEmpty() ? Json(nullptr) : Json(alert.cause.person.value)},
          {"subject", alert.cause.subject},
          {"detail", alert.detail},
          {"since", toRfc3339(alert.since)},
          {"opened_at", toRfc3339(alert.openedAt)},
          {"cleared_at", orNull(alert.clearedAt)},
          {"acknowledged_at", orNull(alert.acknowledgedAt)},
          {"by", orNull(alert.by)},
          {"unmonitored_since", orNull(alert.exposedSince)},
          {"exposed_persons", view.exposedPersons}};
}

}  // namespace vardnav::cloud::api
