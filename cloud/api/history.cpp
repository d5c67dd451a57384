// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A person's past as files that a replay reads, and the replay itself.
#include <optional>
#include <utility>

#include "cloud/api/api.h"
#include "cloud/api/problem.h"
#include "pipelines/model/digest.h"
#include "rules/replay/readings_export.h"

namespace vardnav::cloud::api {
namespace {

constexpr std::size_t kLongestId = 128;  // as on the wire; the access log keeps nothing longer

}  // namespace

std::optional<Response> Api::refuseUnlessOwnPatient(const Call& call, std::string_view action,
                                                    const std::string& object) {
  const PersonId person(call.parameter("person"));
  if (person.value.size() > kLongestId) return notFound();
  const auto may = parts_.reads.maySeePatient(person, call.user.teams, parts_.clock.utcNow());
  if (!may) return unavailable(may.error());
  const auto logged = record(call, action, person, object,
                             *may ? access::outcome::kDone : access::outcome::kRefused);
  if (!logged) return unavailable(logged.error());
  if (!*may) return notFound();
  return std::nullopt;
}

std::optional<Response> Api::exportReadings(Call& call) {
  if (auto refused = refuseUnlessOwnPatient(call, access::action::kExportReadings)) return refused;
  auto revisions = parts_.reads.revisions(PersonId(call.parameter("person")));
  if (!revisions) return unavailable(revisions.error());
  return Response{200,
                  "application/x-ndjson",
                  rules::exportReadings(*std::move(revisions)),
                  {{"Cache-Control", "no-store"}}};
}

std::optional<Response> Api::exportContext(Call& call) {
  if (auto refused = refuseUnlessOwnPatient(call, access::action::kReadContext)) return refused;
  auto own = parts_.reads.rulesOfAllTime(PersonId(call.parameter("person")));
  if (!own) return unavailable(own.error());
  return Response{
      200, "application/json", std::move(own->context), {{"Cache-Control", "no-store"}}};
}

bool Api::takesLargeBody(std::string_view method, std::string_view path) {
  return method == "POST" && path.starts_with(std::string(kBase) + "/patients/") &&
         path.ends_with("/replay");
}

std::optional<Response> Api::replay(Call& call) {
  const std::string asked = sha256Hex(call.request.body);
  if (auto refused = refuseUnlessOwnPatient(call, access::action::kReplay, asked)) return refused;
  if (replays_.isFull()) {
    Response response = problem(503, "Not available now", "others are replaying: try again");
    response.headers.emplace_back("Retry-After", "10");
    return response;
  }
  const PersonId person(call.parameter("person"));
  auto revisions = parts_.reads.revisions(person);
  if (!revisions) return unavailable(revisions.error());
  auto own = parts_.reads.rulesOfAllTime(person);
  if (!own) return unavailable(own.error());
  replays_.take({std::move(call.request.body), *std::move(revisions), *std::move(own),
                 std::move(call.exchange)});
  return std::nullopt;
}

}  // namespace vardnav::cloud::api
