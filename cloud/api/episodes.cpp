// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Worklist, episodes and observations: what an operator reads and does. Each read of a patient's
// data is in the access log before it is shown.

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <vector>

#include "cloud/api/api.h"
#include "cloud/api/problem.h"
#include "cloud/api/views.h"

namespace vardnav::cloud::api {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostClosed = 500;
constexpr std::size_t kLongestId = 128;  // as on the wire; the access log keeps nothing longer
constexpr std::chrono::days kObservationsBack{30};

std::optional<std::size_t> wholeNumber(const std::string& text, std::size_t most) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return std::min(value, most);
}

std::optional<std::uint64_t> versionOf(const Json& body) {
  if (!body.is_object() || !body.contains("version")) return std::nullopt;
  if (!body["version"].is_number_unsigned()) return std::nullopt;
  return body["version"].get<std::uint64_t>();
}

alerts::Actor actorOf(const access::User& user) { return {user.username, user.name}; }

Response actResponse(ActOutcome outcome, const Json& current) {
  switch (outcome) {
    case ActOutcome::kDone:
      return jsonResponse(current);
    case ActOutcome::kNotFound:
      return notFound();
    case ActOutcome::kAlreadyAcknowledged:
      return problem(409, "Already acknowledged", "somebody was first", {{"current", current}});
    case ActOutcome::kNotAcknowledged:
      return problem(409, "Not acknowledged", "acknowledge it first", {{"current", current}});
    case ActOutcome::kClosed:
      return problem(409, "Already closed", "nothing more can be done", {{"current", current}});
    case ActOutcome::kVersionMoved:
      return problem(409, "It has changed", "look at it again", {{"current", current}});
  }
  return notFound();
}

Response badVersion() {
  return problem(400, "Bad request", "send {\"version\": n}, the version you saw");
}

}  // namespace

std::optional<Response> Api::showWorklist(Call& call) {
  const std::string state = call.request.queryValue("state").value_or("open");
  const auto limit = wholeNumber(call.request.queryValue("limit").value_or("50"), kMostClosed);
  if ((state != "open" && state != "closed") || !limit) {
    return problem(400, "Bad request", "state is open or closed, limit a whole number");
  }
  const auto newest = parts_.reads.newestEvent();
  if (!newest) return unavailable(newest.error());
  const auto episodes = state == "open" ? parts_.reads.openEpisodes(call.user.teams)
                                        : parts_.reads.closedEpisodes(call.user.teams, *limit);
  if (!episodes) return unavailable(episodes.error());

  // All in one append: each waits for the disk.
  std::map<PersonId, access::AccessEntry> reads;
  for (const EpisodeSummary& episode : *episodes) {
    const PersonId& person = episode.patient.id;
    reads.try_emplace(person, entryOf(call, access::action::kReadWorklist, person, state,
                                      access::outcome::kDone));
  }
  std::vector<access::AccessEntry> entries;
  for (auto& [person, entry] : reads) entries.push_back(std::move(entry));
  if (const auto logged = parts_.gate.record(entries); !logged) {
    return unavailable(logged.error());
  }
  if (state == "open" && !episodes->empty()) {
    std::vector<EpisodeId> shown;
    for (const EpisodeSummary& episode : *episodes) shown.push_back(episode.id);
    // Not noted now, it is at the next reading: the alert stays as urgent as it is.
    (void)parts_.core.noteShown(shown, actorOf(call.user), parts_.clock.utcNow());
  }
  return jsonResponse({{"episodes", toJsonList(*episodes)}, {"cursor", std::to_string(*newest)}});
}

std::optional<Response> Api::showEpisode(Call& call) {
  return detailResponse(call, EpisodeId(call.parameter("id")));
}

Response Api::detailResponse(const Call& call, const EpisodeId& id) {
  const auto detail = parts_.reads.episode(id, call.user.teams);
  if (!detail) return unavailable(detail.error());
  if (!*detail) return refuse(call, access::action::kReadEpisode, id);
  const auto logged = record(call, access::action::kReadEpisode, (*detail)->summary.patient.id,
                             id.value, access::outcome::kDone);
  if (!logged) return unavailable(logged.error());
  const std::array shown = {id};
  (void)parts_.core.noteShown(shown, actorOf(call.user), parts_.clock.utcNow());
  return jsonResponse(toJson(**detail));
}

// Nobody's, or another team's: which of them is not told, but that it was asked for is kept.
Response Api::refuse(const Call& call, std::string_view action, const EpisodeId& id) {
  if (id.value.size() > kLongestId) return notFound();
  const auto logged = record(call, action, {}, id.value, access::outcome::kRefused);
  return logged ? notFound() : unavailable(logged.error());
}

std::optional<Response> Api::acknowledge(Call& call) {
  const auto version = versionOf(Json::parse(call.request.body, nullptr, false));
  if (!version) return badVersion();
  return act(call, access::action::kAcknowledge, [&](const EpisodeId& id) {
    return parts_.core.acknowledge(id, call.user.teams, *version, actorOf(call.user),
                                   parts_.clock.utcNow());
  });
}

std::optional<Response> Api::begin(Call& call) {
  const auto version = versionOf(Json::parse(call.request.body, nullptr, false));
  if (!version) return badVersion();
  return act(call, "begin", [&](const EpisodeId& id) {
    return parts_.core.begin(id, call.user.teams, *version, actorOf(call.user),
                             parts_.clock.utcNow());
  });
}

std::optional<Response> Api::close(Call& call) {
  const Json body = Json::parse(call.request.body, nullptr, false);
  const auto version = versionOf(body);
  if (!version) return badVersion();
  const auto text = [&body](const char* name) {
    return body.contains(name) && body[name].is_string() ? body[name].get<std::string>()
                                                         : std::string{};
  };
  const auto reason = alerts::closeReasonFromName(text("reason"));
  if (!reason) return problem(400, "Bad request", "reason is none of those in the document");
  // JSON can write it, and no text of PostgreSQL can hold it.
  if (text("note").contains('\0')) return problem(400, "Bad request", "note holds a NUL");
  return act(call, access::action::kClose, [&](const EpisodeId& id) {
    return parts_.core.close(id, call.user.teams, *version, actorOf(call.user), *reason,
                             text("note"), parts_.clock.utcNow());
  });
}

Response Api::act(const Call& call, std::string_view action,
                  const std::function<Result<ActOutcome>(const EpisodeId&)>& deed) {
  const EpisodeId id(call.parameter("id"));
  const auto before = parts_.reads.episode(id, call.user.teams);
  if (!before) return unavailable(before.error());
  if (!*before) return refuse(call, action, id);
  const PersonId person = (*before)->summary.patient.id;
  // Asked for is written down before it is done; what came of it, after.
  if (const auto logged = record(call, action, person, id.value, "asked"); !logged) {
    return unavailable(logged.error());
  }
  const auto outcome = deed(id);
  if (!outcome) return unavailable(outcome.error());
  const bool isDone = *outcome == ActOutcome::kDone;
  const auto logged = record(call, action, person, id.value,
                             isDone ? access::outcome::kDone : access::outcome::kRefused);
  if (!logged) return unavailable(logged.error());
  const auto after = parts_.reads.episode(id, call.user.teams);
  if (!after) return unavailable(after.error());
  return actResponse(*outcome, *after ? toJson(**after) : Json(nullptr));
}

std::optional<Response> Api::showObservations(Call& call) {
  const PersonId person(call.parameter("person"));
  const UtcTime now = parts_.clock.utcNow();
  std::optional<Code> code;
  if (const auto name = call.request.queryValue("code")) {
    code = codeFromName(*name);
    if (!code) return problem(400, "Bad request", "code is none of those in the document");
  }
  const auto from =
      parseRfc3339(call.request.queryValue("from").value_or(toRfc3339(now - kObservationsBack)));
  const auto until = parseRfc3339(call.request.queryValue("until").value_or(toRfc3339(now)));
  if (!from || !until) {
    return problem(400, "Bad request", "from and until are times such as 2026-01-31T08:00:00Z");
  }
  if (auto refused = refuseUnlessOwnPatient(call, access::action::kReadObservations))
    return refused;
  const auto observations = parts_.reads.observations(person, code, *from, *until);
  if (!observations) return unavailable(observations.error());
  return jsonResponse({{"observations", toJsonList(*observations)}});
}

}  // namespace vardnav::cloud::api
