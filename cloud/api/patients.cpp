// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Who is watched, by what, and by what not: patients, their rules and pauses.
#include <algorithm>
#include <optional>
#include <utility>

#include "cloud/api/api.h"
#include "cloud/api/care_plan_view.h"
#include "cloud/api/problem.h"

namespace vardnav::cloud::api {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostPatients = 2'000;
constexpr std::size_t kLongestId = 128;  // as on the wire; the access log keeps nothing longer

std::optional<PauseWish> wishOf(const Json& body) {
  const auto text = [&body](const char* name) {
    return body.contains(name) && body[name].is_string() ? body[name].get<std::string>()
                                                         : std::string{};
  };
  if (!body.is_object()) return std::nullopt;
  const auto until = parseRfc3339(text("until"));
  if (text("rule").empty() || text("rule").size() > kLongestId || !until) return std::nullopt;
  // JSON can write it, and no text of PostgreSQL can hold it.
  if ((text("rule") + text("reason")).contains('\0')) return std::nullopt;
  return PauseWish{RuleId(text("rule")), *until, text("reason")};
}

Response refused(PauseRefusal refusal) {
  const Json why = {{"why", nameOf(refusal)}};
  switch (refusal) {
    case PauseRefusal::kUnknown:
      return problem(404, "Not found", "no such rule watches the patient, or no such pause", why);
    case PauseRefusal::kOtherTeam:
      return problem(403, "Another team's rule", "only a team that it watches for may do it", why);
    case PauseRefusal::kFloor:
      return problem(409, "Never paused", "a floor rule can be neither paused nor switched off",
                     why);
    case PauseRefusal::kPaused:
      return problem(409, "Already paused", "end that pause first", why);
    case PauseRefusal::kEnded:
      return problem(409, "Already ended", "nothing more can be done", why);
    case PauseRefusal::kExpiry:
      return problem(400, "Bad request", "until is from 1 minute to 30 days from now", why);
    case PauseRefusal::kReason:
      return problem(400, "Bad request", "reason is missing, or longer than 500 octets", why);
  }
  return notFound();
}

}  // namespace

Result<std::optional<CarePlan>> Api::planOf(const PersonId& person, UtcTime now) {
  auto plan = parts_.reads.carePlan(person, now);
  if (plan && *plan) shelf_.judge(**plan);
  return plan;
}

std::optional<Response> Api::showPatients(Call& call) {
  const UtcTime now = parts_.clock.utcNow();
  auto persons = parts_.reads.enrolledWith(call.user.teams, now);
  if (!persons) return unavailable(persons.error());
  persons->resize(std::min(persons->size(), kMostPatients));
  std::vector<access::AccessEntry> entries;
  for (const PersonId& person : *persons) {
    entries.push_back(
        entryOf(call, access::action::kReadPatient, person, "list", access::outcome::kDone));
  }
  if (const auto logged = parts_.gate.record(entries); !logged) return unavailable(logged.error());
  Json patients = Json::array();
  for (const PersonId& person : *persons) {
    const auto plan = planOf(person, now);
    if (!plan) return unavailable(plan.error());
    if (*plan) patients.push_back(summaryJson(**plan, now));
  }
  return jsonResponse({{"patients", std::move(patients)}});
}

// Of no one's data, so that a console may ask often.
std::optional<Response> Api::showMonitoring(Call& call) {
  const UtcTime now = parts_.clock.utcNow();
  const auto persons = parts_.reads.enrolledWith(call.user.teams, now);
  if (!persons) return unavailable(persons.error());
  std::size_t unmonitored = 0;
  for (const PersonId& person : *persons) {
    const auto plan = planOf(person, now);
    if (!plan) return unavailable(plan.error());
    if (*plan && !isMonitored(**plan, now)) ++unmonitored;
  }
  return jsonResponse({{"patients", persons->size()}, {"unmonitored", unmonitored}});
}

std::optional<Response> Api::showPatient(Call& call) {
  if (auto refusal = refuseUnlessOwnPatient(call, access::action::kReadPatient)) return refusal;
  return patientResponse(call);
}

Response Api::patientResponse(const Call& call) {
  const UtcTime now = parts_.clock.utcNow();
  const PersonId person(call.parameter("person"));
  const auto plan = planOf(person, now);
  if (!plan) return unavailable(plan.error());
  if (!*plan) return notFound();
  return jsonResponse(detailJson(**plan, shelf_, call.user.teams, now));
}

std::optional<Response> Api::pause(Call& call) {
  const auto wish = wishOf(Json::parse(call.request.body, nullptr, false));
  if (!wish) return problem(400, "Bad request", "send rule, until and reason");
  if (auto refusal = refuseUnlessOwnPatient(call, "pause-rule", wish->rule.value)) return refusal;
  const UtcTime now = parts_.clock.utcNow();
  const alerts::Actor by{call.user.username, call.user.name};
  return changePause(
      call, [&](const CarePlan& plan) { return pauseOf(plan, *wish, call.user.teams, by, now); });
}

std::optional<Response> Api::endPause(Call& call) {
  const std::string& id = call.parameter("id");
  if (id.size() > 64) return notFound();
  if (auto refusal = refuseUnlessOwnPatient(call, "end-pause", id)) return refusal;
  const UtcTime now = parts_.clock.utcNow();
  const alerts::Actor by{call.user.username, call.user.name};
  return changePause(
      call, [&](const CarePlan& plan) { return endedPauseOf(plan, id, call.user.teams, by, now); });
}

Response Api::changePause(
    const Call& call,
    const std::function<std::expected<Pause, PauseRefusal>(const CarePlan&)>& decide) {
  const PersonId person(call.parameter("person"));
  const auto plan = planOf(person, parts_.clock.utcNow());
  if (!plan) return unavailable(plan.error());
  if (!*plan) return notFound();
  const auto pause = decide(**plan);
  if (!pause) return refused(pause.error());
  const auto kept = parts_.core.keepPause(*pause);
  if (!kept) return unavailable(kept.error());
  if (!*kept) return refused(PauseRefusal::kEnded);
  parts_.onPlanChanged();
  return patientResponse(call);
}

}  // namespace vardnav::cloud::api
