// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/api/api.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "cloud/api/problem.h"
#include "cloud/api/url.h"
#include "cloud/api/views.h"

namespace vardnav::cloud::api {
namespace {

constexpr std::string_view kCookie = "vardnav_session";

Response unauthorised() {
  return problem(401, "Log in first", "there is no session, or it has ended");
}

// A form on another site can send neither this header nor, by SameSite, the cookie.
bool isFromConsole(const Request& request) { return request.header("x-vardnav-request") == "1"; }

bool isReading(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

// Secure wherever the browser came over TLS, which is the proxy's to say.
std::string cookieHeader(const Request& request, const std::string& token, long maxAge) {
  return std::string(kCookie) + "=" + token +
         "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(maxAge) +
         (request.header("x-forwarded-proto") == "https" ? "; Secure" : "");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> Api::securityHeaders() {
  return {{"Content-Security-Policy",
           "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
           "object-src 'none'"},
          {"X-Content-Type-Options", "nosniff"},
          {"X-Frame-Options", "DENY"},
          {"Referrer-Policy", "no-referrer"},
          {"Cross-Origin-Opener-Policy", "same-origin"}};
}

Api::Api(Parts parts) : parts_(std::move(parts)) {
  const auto bound = [this](std::optional<Response> (Api::*handler)(Call&)) {
    return [this, handler](Call& call) { return (this->*handler)(call); };
  };
  routes_ = {
      {"GET", "/session", bound(&Api::showSession)},
      {"DELETE", "/session", bound(&Api::endSession)},
      {"GET", "/worklist", bound(&Api::showWorklist)},
      {"GET", "/episodes/{id}", bound(&Api::showEpisode)},
      {"POST", "/episodes/{id}/acknowledge", bound(&Api::acknowledge)},
      {"POST", "/episodes/{id}/begin", bound(&Api::begin)},
      {"POST", "/episodes/{id}/close", bound(&Api::close)},
      {"GET", "/patients/{person}/observations", bound(&Api::showObservations)},
      {"GET", "/monitoring", bound(&Api::showMonitoring)},
      {"GET", "/patients", bound(&Api::showPatients)},
      {"GET", "/patients/{person}", bound(&Api::showPatient)},
      {"POST", "/patients/{person}/pauses", bound(&Api::pause)},
      {"POST", "/patients/{person}/pauses/{id}/end", bound(&Api::endPause)},
      {"GET", "/patients/{person}/readings", bound(&Api::exportReadings)},
      {"GET", "/patients/{person}/context", bound(&Api::exportContext)},
      {"POST", "/patients/{person}/replay", bound(&Api::replay)},
      {"GET", "/technical-alerts", bound(&Api::showTechnicalAlerts)},
      {"POST", "/technical-alerts/{id}/acknowledge", bound(&Api::acknowledgeTechnicalAlert)},
      {"GET", "/events", bound(&Api::streamEvents)},
      {"GET", "/status", bound(&Api::showStatus)},
  };
}

std::vector<std::string> Api::operations() const {
  std::vector<std::string> all = {"POST /session", "GET /healthz", "GET /openapi.yaml"};
  for (const Route& route : routes_) all.push_back(route.method + " " + route.pattern);
  return all;
}

void Api::handle(Request request, std::shared_ptr<Exchange> exchange) {
  if (!request.path.starts_with(std::string(kBase) + "/")) {
    exchange->respond(isReading(request) ? parts_.files.get(request)
                                         : problem(405, "Method not allowed"));
    return;
  }
  request.path.erase(0, kBase.size());
  if (auto open = answerOpen(request)) {
    exchange->respond(std::move(*open));
    return;
  }
  if (!isReading(request) && !isFromConsole(request)) {
    exchange->respond(problem(403, "Header missing", "send X-Vardnav-Request: 1"));
    return;
  }
  if (request.method == "POST" && request.path == "/session") {
    logIn(request, std::move(exchange));
    return;
  }
  const auto isText = [](const auto& entry) { return isPlainText(entry.second); };
  if (!isPlainText(request.path) || !std::ranges::all_of(request.query, isText)) {
    exchange->respond(notFound());
    return;
  }
  bool isKnownPath = false;
  for (const Route& route : routes_) {
    auto parameters = match(route.pattern, request.path);
    if (!parameters) continue;
    isKnownPath = true;
    if (route.method != request.method) continue;
    parts_.post([this, &route,
                 call = Call{std::move(request), {}, std::move(*parameters), std::move(exchange)}] {
      answerPrivate(call, route);
    });
    return;
  }
  exchange->respond(isKnownPath ? problem(405, "Method not allowed") : notFound());
}

std::optional<Response> Api::answerOpen(const Request& request) const {
  if (!isReading(request)) return std::nullopt;
  if (request.path == "/healthz") {
    const bool isThere = parts_.isDatabaseThere();
    return jsonResponse({{"status", isThere ? "ok" : "unavailable"},
                         {"database", isThere ? "connected" : "disconnected"},
                         {"mqtt", parts_.brokerState()}},
                        isThere ? 200 : 503);
  }
  if (request.path == "/openapi.yaml") {
    return Response{200, "application/yaml", std::string(openApiDocument()), {}};
  }
  return std::nullopt;
}

void Api::answerPrivate(Call call, const Route& route) {
  auto user = parts_.gate.userOf(call.request.cookie(kCookie));
  if (!user) {
    call.exchange->respond(user.error().code == ErrorCode::kPermission ? unauthorised()
                                                                       : unavailable(user.error()));
    return;
  }
  call.user = std::move(*user);
  if (auto response = route.handler(call)) call.exchange->respond(std::move(*response));
}

void Api::logIn(const Request& request, std::shared_ptr<Exchange> exchange) {
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  const auto text = [&body](const char* name) -> std::string {
    if (!body.is_object() || !body.contains(name) || !body[name].is_string()) return {};
    return body[name].get<std::string>();
  };
  const std::string username = text("username");
  if (username.empty()) {
    exchange->respond(problem(400, "Bad request", "send username and password"));
    return;
  }
  // Without the body, which holds the password.
  Request head = request;
  head.body.clear();
  const auto done = [this, request = std::move(head),
                     exchange](std::expected<access::Login, access::LoginRefusal> login) {
    if (login) {
      Response response = userJson(login->user, 200);
      const auto age =
          std::chrono::duration_cast<std::chrono::seconds>(access::Gatekeeper::kAbsolute);
      response.headers.emplace_back("Set-Cookie", cookieHeader(request, login->token, age.count()));
      exchange->respond(std::move(response));
      return;
    }
    switch (login.error().why) {
      case access::LoginRefusal::Why::kWrong:
        exchange->respond(problem(401, "Wrong user name or password"));
        return;
      case access::LoginRefusal::Why::kTooMany: {
        const auto wait = std::chrono::ceil<std::chrono::seconds>(login.error().wait).count();
        Response response = problem(429, "Too many attempts", "wait before the next one");
        response.headers.emplace_back("Retry-After", std::to_string(wait));
        exchange->respond(std::move(response));
        return;
      }
      case access::LoginRefusal::Why::kUnavailable:
        exchange->respond(problem(503, "Not available now"));
        return;
    }
  };
  parts_.post([this, username, password = text("password"), address = request.address, done] {
    parts_.gate.logIn(username, password, address, done);
  });
}

Response Api::userJson(const access::User& user, unsigned status) const {
  const auto teams = parts_.reads.teams(user.teams);
  if (!teams) return unavailable(teams.error());
  return jsonResponse(
      {{"user", {{"username", user.username}, {"name", user.name}, {"teams", toJsonList(*teams)}}}},
      status);
}

std::optional<Response> Api::showSession(Call& call) { return userJson(call.user, 200); }

std::optional<Response> Api::endSession(Call& call) {
  const auto ended = parts_.gate.logOut(call.request.cookie(kCookie), call.request.address);
  if (!ended) return unavailable(ended.error());
  parts_.feed.dropExpired();
  return Response{204, "", "", {{"Set-Cookie", cookieHeader(call.request, "", 0)}}};
}

std::optional<Response> Api::streamEvents(Call& call) {
  std::optional<std::uint64_t> after;
  std::string given = call.request.header("last-event-id");
  if (given.empty()) given = call.request.queryValue("after").value_or("");
  if (!given.empty()) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (error != std::errc{} || end != given.data() + given.size()) {
      return problem(400, "Bad request", "Last-Event-ID and after are whole numbers");
    }
    after = value;
  }
  auto stream = call.exchange->beginEvents();
  // A stream that cannot be served ends, and the browser tries again.
  const auto subscribed = parts_.feed.subscribe(call.user, call.request.address,
                                                call.request.cookie(kCookie), after, stream);
  if (!subscribed) stream->close();
  return std::nullopt;
}

std::optional<Response> Api::showStatus(Call& /*call*/) {
  const auto counts = parts_.reads.counts(parts_.clock.utcNow());
  if (!counts) return unavailable(counts.error());
  return jsonResponse(toJson(*counts));
}

access::AccessEntry Api::entryOf(const Call& call, std::string_view action, const PersonId& person,
                                 const std::string& object, std::string_view outcome) const {
  return {parts_.clock.utcNow(), call.user.username,  std::string(action), person, object, {},
          call.request.address,  std::string(outcome)};
}

Result<void> Api::record(const Call& call, std::string_view action, const PersonId& person,
                         const std::string& object, std::string_view outcome) {
  const access::AccessEntry entry = entryOf(call, action, person, object, outcome);
  return parts_.gate.record({&entry, 1});
}

}  // namespace vardnav::cloud::api
