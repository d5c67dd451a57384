// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/api/care_plan_view.h"

#include <algorithm>

#include "rules/speech/sentence.h"

namespace vardnav::cloud::api {
namespace {

using Json = nlohmann::json;

Json textJson(const Text& text) { return {{"sv", text.sv}, {"en", text.en}}; }

Json timeJson(const std::optional<UtcTime>& time) {
  return time ? Json(toRfc3339(*time)) : Json(nullptr);
}

Json actorJson(const std::optional<alerts::Actor>& actor) {
  if (!actor) return nullptr;
  return {{"username", actor->username}, {"name", actor->name}};
}

bool isRunning(const Pause& pause, UtcTime now) { return pause.end() > now; }

Json pauseJson(const Pause& pause, UtcTime now) {
  return {{"id", pause.id},
          {"rule", pause.rule.value},
          {"from", toRfc3339(pause.from)},
          {"until", toRfc3339(pause.until)},
          {"reason", pause.reason},
          {"by", actorJson(pause.by)},
          {"ended_at", timeJson(pause.endedAt)},
          {"ended_by", actorJson(pause.endedBy)},
          {"active", isRunning(pause, now)}};
}

Json enrolmentJson(const CarePlan& plan, const PlannedEnrolment& enrolment, UtcTime now) {
  Json gaps = Json::array();
  for (const Gap gap : gapsOf(plan, enrolment, now)) gaps.push_back(nameOf(gap));
  const bool isWatched = gaps.empty();
  return {{"id", enrolment.view.id.value},
          {"condition", enrolment.view.condition.value},
          {"care_giver", enrolment.view.careGiver},
          {"team", enrolment.view.team},
          {"monitored", isWatched},
          {"gaps", std::move(gaps)}};
}

Json ruleJson(const PlannedRule& planned, const rules::Rule* rule, bool mayPause) {
  return {{"rule", planned.rule.value},
          {"version", planned.version},
          {"hash", planned.hash},
          {"from", toRfc3339(planned.from)},
          {"floor", planned.isFloor},
          {"may_pause", mayPause && !planned.isFloor},
          {"title", rule ? textJson(rule->title) : Json(nullptr)},
          {"sentence", rule ? textJson(rules::sentence(*rule)) : Json(nullptr)},
          {"lack", planned.lack ? Json(*planned.lack) : Json(nullptr)}};
}

}  // namespace

Json summaryJson(const CarePlan& plan, UtcTime now) {
  Json enrolments = Json::array();
  for (const PlannedEnrolment& one : plan.enrolments) {
    enrolments.push_back(enrolmentJson(plan, one, now));
  }
  const auto paused =
      std::ranges::count_if(plan.pauses, [&](const Pause& pause) { return isRunning(pause, now); });
  return {
      {"patient",
       {{"id", plan.patient.id.value},
        {"name", plan.patient.name},
        {"birth_year", plan.patient.birthYear ? Json(*plan.patient.birthYear) : Json(nullptr)}}},
      {"monitored", isMonitored(plan, now)},
      {"paused_rules", paused},
      {"enrolments", std::move(enrolments)}};
}

Json detailJson(const CarePlan& plan, RuleShelf& shelf, std::span<const TeamId> teams,
                UtcTime now) {
  Json json = summaryJson(plan, now);
  for (std::size_t i = 0; i < plan.enrolments.size(); ++i) {
    const PlannedEnrolment& enrolment = plan.enrolments[i];
    const bool isOwn = std::ranges::find_first_of(enrolment.teams, teams) != enrolment.teams.end();
    Json rules = Json::array();
    for (const PlannedRule* rule : inForce(enrolment, now)) {
      rules.push_back(ruleJson(*rule, shelf.find(*rule), isOwn));
    }
    json["enrolments"][i]["rules"] = std::move(rules);
  }
  Json hubs = Json::array();
  for (const PlannedHub& hub : plan.hubs) {
    hubs.push_back({{"hub", hub.hub.value},
                    {"devices", hub.devices},
                    {"last_heard_at", timeJson(hub.heardAt)},
                    {"unmonitored_since", timeJson(hub.exposedSince)}});
  }
  json["hubs"] = std::move(hubs);
  Json pauses = Json::array();
  for (const Pause& pause : plan.pauses) pauses.push_back(pauseJson(pause, now));
  std::ranges::reverse(pauses);
  json["pauses"] = std::move(pauses);
  return json;
}

}  // namespace vardnav::cloud::api
