// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What technicians read and do. They see hubs and devices, no names and no values; what they
// acknowledge is in the access log all the same.
#include "cloud/api/api.h"
#include "cloud/api/problem.h"
#include "cloud/api/views.h"

namespace vardnav::cloud::api {
namespace {

constexpr std::size_t kMostAlerts = 500;

}  // namespace

std::optional<Response> Api::refuseUnlessTechnician(const Call& call) const {
  const auto are = parts_.reads.areTechnicians(call.user.teams);
  if (!are) return unavailable(are.error());
  if (*are) return std::nullopt;
  return problem(403, "For technicians", "none of your teams is a technicians' desk");
}

std::optional<Response> Api::showTechnicalAlerts(Call& call) {
  const std::string state = call.request.queryValue("state").value_or("open");
  if (state != "open" && state != "cleared") {
    return problem(400, "Bad request", "state is open or cleared");
  }
  if (auto refused = refuseUnlessTechnician(call)) return refused;
  const auto alerts = parts_.reads.technicalAlerts(state == "open", kMostAlerts);
  if (!alerts) return unavailable(alerts.error());
  return jsonResponse({{"alerts", toJsonList(*alerts)}});
}

std::optional<Response> Api::acknowledgeTechnicalAlert(Call& call) {
  if (auto refused = refuseUnlessTechnician(call)) return refused;
  const std::string& id = call.parameter("id");
  if (id.size() > 64) return notFound();
  if (const auto logged = record(call, "acknowledge-technical", {}, id, "asked"); !logged) {
    return unavailable(logged.error());
  }
  const auto isDone = parts_.core.acknowledgeTechnical(id, {call.user.username, call.user.name},
                                                       parts_.clock.utcNow());
  if (!isDone) return unavailable(isDone.error());
  if (!*isDone) return notFound();
  return Response{204, "", "", {}};
}

}  // namespace vardnav::cloud::api
