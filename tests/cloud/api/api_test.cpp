// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a console may see and do, through a real server over a real store.
#include "cloud/api/api.h"

#include <gmock/gmock.h>

#include "pipelines/model/digest.h"
#include "tests/cloud/api/backend.h"

namespace vardnav::cloud::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

struct Rest : ::testing::Test {
  std::string theEpisode(const Browser& browser) {
    return browser.json("/worklist").at("episodes").at(0).at("id").get<std::string>();
  }
  std::uint64_t versionOf(const Browser& browser, const std::string& id) {
    return browser.json("/episodes/" + id).at("version").get<std::uint64_t>();
  }
  Backend backend;
};

TEST_F(Rest, LetsNobodyInWithoutASession) {
  for (const char* path : {"/session", "/worklist", "/episodes/x", "/patients/p-1/observations",
                           "/events", "/status"}) {
    const auto answer = test::ask(backend.port(), "GET", std::string("/api/v1") + path);
    EXPECT_EQ(answer.status, 401) << path;
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  }
  const auto forged = test::ask(backend.port(), "GET", "/api/v1/worklist",
                                "Cookie: vardnav_session=" + std::string(64, '0') + "\r\n");
  EXPECT_EQ(forged.status, 401);
}

TEST_F(Rest, LogsInWithACookieThatScriptsAndOtherSitesCannotUse) {
  const auto answer = logIn(backend.port(), "anna", "right");
  ASSERT_EQ(answer.status, 200);
  const std::string& cookie = answer.headers.at("set-cookie");
  EXPECT_THAT(cookie, HasSubstr("HttpOnly"));
  EXPECT_THAT(cookie, HasSubstr("SameSite=Strict"));
  EXPECT_THAT(cookie, ::testing::Not(HasSubstr("Secure")));
  const Json user = Json::parse(answer.body).at("user");
  EXPECT_EQ(user.at("name"), "Anna Berg");
  ASSERT_EQ(user.at("teams").size(), 2U);
  EXPECT_EQ(user.at("teams").at(0).at("kind"), "region");
  EXPECT_EQ(user.at("teams").at(1).at("care_giver"), "Uppsala");
  EXPECT_THAT(logIn(backend.port(), "anna", "right", "X-Forwarded-Proto: https\r\n")
                  .headers.at("set-cookie"),
              HasSubstr("Secure"));
}

TEST_F(Rest, RefusesWrongPasswordsAndThenAllOfThem) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(logIn(backend.port(), "anna", "wrong").status, 401);
  const auto answer = logIn(backend.port(), "anna", "right");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.headers.at("retry-after"), "300");
  EXPECT_EQ(logIn(backend.port(), "anna", "right", "X-Forwarded-For: 192.0.2.9\r\n").status, 200);
  backend.clock.advance(std::chrono::minutes{5});
  EXPECT_EQ(logIn(backend.port(), "anna", "right").status, 200);
}

TEST_F(Rest, RefusesALoginThatIsNone) {
  for (const char* body :
       {"", "{", "[]", "{\"username\":1,\"password\":\"x\"}", "\xff\xfe", "null"}) {
    const auto answer =
        test::ask(backend.port(), "POST", "/api/v1/session", "X-Vardnav-Request: 1\r\n", body);
    EXPECT_EQ(answer.status, 400) << body;
  }
}

TEST_F(Rest, EndsTheSession) {
  const Browser anna(backend.port(), "anna");
  EXPECT_EQ(anna.get("/session").status, 200);
  EXPECT_EQ(anna.remove("/session").status, 204);
  EXPECT_EQ(anna.get("/session").status, 401);
}

TEST_F(Rest, EndsTheSessionOfAConsoleThatNobodyUses) {
  const Browser anna(backend.port(), "anna");
  backend.clock.advance(access::Gatekeeper::kIdle);
  EXPECT_EQ(anna.get("/session").status, 401);
}

TEST_F(Rest, RefusesEveryChangeWithoutItsHeader) {
  const Browser anna(backend.port(), "anna");
  backend.raiseAlert(1);
  const std::string id = theEpisode(anna);
  for (const auto& [method, path] : std::vector<std::pair<std::string, std::string>>{
           {"POST", "/session"},
           {"DELETE", "/session"},
           {"POST", "/episodes/" + id + "/acknowledge"},
           {"POST", "/episodes/" + id + "/begin"},
           {"POST", "/episodes/" + id + "/close"}}) {
    EXPECT_EQ(test::ask(backend.port(), method, "/api/v1" + path, anna.cookie(), "{\"version\":1}")
                  .status,
              403)
        << method << " " << path;
  }
  EXPECT_EQ(anna.json("/episodes/" + id).at("owner"), nullptr);
}

TEST_F(Rest, ShowsEachOperatorTheAlertsOfHisTeamsAlone) {
  backend.raiseAlert(1);
  const Browser karin(backend.port(), "karin");
  const Browser rut(backend.port(), "rut");
  ASSERT_EQ(karin.json("/worklist").at("episodes").size(), 1U);
  const std::string id = theEpisode(karin);
  const Json seen = karin.json("/episodes/" + id);
  EXPECT_EQ(seen.at("patient").at("name"), "Test Testsson");
  EXPECT_EQ(seen.at("priority"), "P1");
  EXPECT_EQ(seen.at("team").at("id"), "home");
  EXPECT_EQ(seen.at("latest").at("value"), "2.5");
  EXPECT_TRUE(rut.json("/worklist").at("episodes").empty());
  EXPECT_EQ(rut.get("/episodes/" + id).status, 404);
  EXPECT_EQ(rut.post("/episodes/" + id + "/acknowledge", {{"version", 1}}).status, 404);
  EXPECT_EQ(karin.get("/episodes/nothing").status, 404);
  EXPECT_EQ(karin.json("/episodes/" + id).at("owner"), nullptr);
}

TEST_F(Rest, AcknowledgesOnceAndSaysWhoWasFirst) {
  backend.raiseAlert(1);
  const Browser karin(backend.port(), "karin");
  const Browser anna(backend.port(), "anna");
  const std::string id = theEpisode(karin);
  const std::uint64_t version = versionOf(karin, id);
  EXPECT_EQ(karin
                .post("/episodes/" + id + "/close",
                      {{"version", version}, {"reason", "expected"}, {"note", ""}})
                .status,
            409)
      << "not acknowledged yet";
  const auto done = karin.post("/episodes/" + id + "/acknowledge", {{"version", version}});
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(Json::parse(done.body).at("owner").at("username"), "karin");
  const auto second = anna.post("/episodes/" + id + "/acknowledge", {{"version", version}});
  ASSERT_EQ(second.status, 409);
  EXPECT_EQ(second.headers.at("content-type"), "application/problem+json");
  EXPECT_EQ(Json::parse(second.body).at("current").at("owner").at("name"), "Karin Kommun");
}

TEST_F(Rest, ClosesWithAReasonAndKeepsItAmongTheClosed) {
  backend.raiseAlert(1);
  const Browser karin(backend.port(), "karin");
  const std::string id = theEpisode(karin);
  ASSERT_EQ(
      karin.post("/episodes/" + id + "/acknowledge", {{"version", versionOf(karin, id)}}).status,
      200);
  EXPECT_EQ(karin
                .post("/episodes/" + id + "/close",
                      {{"version", versionOf(karin, id)}, {"reason", "because"}})
                .status,
            400);
  const auto closed = karin.post("/episodes/" + id + "/close", {{"version", versionOf(karin, id)},
                                                                {"reason", "contacted-advice"},
                                                                {"note", "Åt en macka \"nu\""}});
  ASSERT_EQ(closed.status, 200) << closed.body;
  EXPECT_EQ(Json::parse(closed.body).at("state"), "closed");
  EXPECT_TRUE(karin.json("/worklist").at("episodes").empty());
  EXPECT_EQ(karin.json("/worklist?state=closed&limit=50").at("episodes").size(), 1U);
}

TEST_F(Rest, RefusesWhatIsNoVersion) {
  backend.raiseAlert(1);
  const Browser karin(backend.port(), "karin");
  const std::string path = "/episodes/" + theEpisode(karin) + "/acknowledge";
  for (const Json& body : {Json(nullptr), Json::array(), Json{{"version", "1"}},
                           Json{{"version", -1}}, Json{{"version", 1.5}}, Json::object()}) {
    EXPECT_EQ(karin.post(path, body).status, 400) << body;
  }
}

TEST_F(Rest, ShowsObservationsOfOnesOwnPatientsAlone) {
  backend.storeReading(1);
  backend.storeReading(2, 72);
  const Browser karin(backend.port(), "karin");
  const Json seen = karin.json("/patients/p-1/observations?code=glucose");
  ASSERT_EQ(seen.at("observations").size(), 2U);
  EXPECT_EQ(seen.at("observations").at(0).at("unit"), "mmol/L");
  EXPECT_TRUE(karin.json("/patients/p-1/observations?code=weight").at("observations").empty());
  EXPECT_TRUE(karin.json("/patients/p-1/observations?until=2020-01-01T00:00:00Z")
                  .at("observations")
                  .empty());
  EXPECT_EQ(karin.get("/patients/p-1/observations?code=happiness").status, 400);
  EXPECT_EQ(karin.get("/patients/p-1/observations?from=yesterday").status, 400);
  EXPECT_EQ(karin.get("/patients/p-2/observations").status, 404) << "nobody's patient";
  EXPECT_EQ(karin.get("/patients/p-unknown/observations").status, 404);
}

TEST_F(Rest, CountsForTheDemoAndForTests) {
  backend.storeReading(1);
  backend.storeReading(1);
  backend.raiseAlert(2);
  const Json status = Browser(backend.port(), "rut").json("/status");
  EXPECT_EQ(status.at("readings_stored"), 2);
  EXPECT_EQ(status.at("duplicates_refused"), 1);
  EXPECT_EQ(status.at("alerts_received"), 1);
  EXPECT_EQ(status.at("episodes_raised"), 1);
  EXPECT_EQ(status.at("episodes_routed"), 1);
  ASSERT_EQ(status.at("hubs").size(), 2U);
  EXPECT_EQ(status.at("hubs").at(0).at("hub"), "hub-1");
}

TEST_F(Rest, WritesDownWhoSawAndDidWhat) {
  backend.raiseAlert(1);
  const Browser karin(backend.port(), "karin");
  const std::string id = theEpisode(karin);
  karin.post("/episodes/" + id + "/acknowledge", {{"version", versionOf(karin, id)}});
  karin.get("/patients/p-1/observations");
  const Browser rut(backend.port(), "rut");
  rut.get("/patients/p-2/observations");
  std::vector<std::string> lines;
  for (const access::LoggedAccess& link : backend.accessLog()) {
    lines.push_back(link.entry.username + " " + link.entry.action + " " + link.entry.person.value +
                    " " + link.entry.outcome);
  }
  EXPECT_THAT(lines,
              ::testing::IsSupersetOf({"karin log-in  done", "karin read-worklist p-1 done",
                                       "karin read-episode p-1 done", "karin acknowledge p-1 done",
                                       "karin read-observations p-1 done",
                                       "rut read-observations p-2 refused"}));
  EXPECT_TRUE(backend.isAccessLogWhole());
}

TEST_F(Rest, SaysThatNobodyWatchesUntilEverythingIsThere) {
  const Browser karin(backend.port(), "karin");
  const Browser rut(backend.port(), "rut");
  const auto gaps = [&] {
    std::string found;
    const Json patients = karin.json("/patients").at("patients");
    for (const Json& one : patients.at(0).at("enrolments")) {
      found += one.at("condition").get<std::string>() + ":" + one.at("gaps").dump() + " ";
    }
    return found;
  };
  EXPECT_EQ(gaps(), R"(copd:["no-rules","no-device","hub-never-heard"] )"
                    R"(diabetes:["no-rules","no-device","hub-never-heard"] )");
  backend.watchBy({"glucose-above-range", "glucose-high", "glucose-low", "ketones"});
  EXPECT_EQ(gaps(), R"(copd:["no-rules","hub-never-heard"] diabetes:["hub-never-heard"] )");
  backend.storeReading(1);
  EXPECT_EQ(gaps(), R"(copd:["no-rules"] diabetes:[] )");
  EXPECT_FALSE(karin.json("/patients/p-1").at("monitored"));
  backend.reportFault("radio-dead");
  EXPECT_EQ(gaps(), R"(copd:["no-rules","hub-away"] diabetes:["hub-away"] )");
  EXPECT_EQ(rut.json("/patients").at("patients").size(), 1U);
  EXPECT_TRUE(Browser(backend.port(), "tove").json("/patients").at("patients").empty());
  EXPECT_EQ(karin.get("/patients/p-2").status, 404);
}

TEST_F(Rest, PausesARuleForItsOwnTeamAndSaysWho) {
  backend.watchBy({"glucose-high", "glucose-low"});
  const Browser karin(backend.port(), "karin");
  const Browser rut(backend.port(), "rut");
  const Json wish = {
      {"rule", "glucose-high"}, {"until", "2026-11-30T00:00:00Z"}, {"reason", "Inlagd på sjukhus"}};
  EXPECT_EQ(rut.post("/patients/p-1/pauses", wish).status, 403) << "it watches for team home";
  Json floor = wish;
  floor["rule"] = "glucose-low";
  EXPECT_EQ(karin.post("/patients/p-1/pauses", floor).status, 409);
  EXPECT_EQ(backend.plansChanged, 0);
  const auto answer = karin.post("/patients/p-1/pauses", wish);
  ASSERT_EQ(answer.status, 200U) << answer.body;
  EXPECT_EQ(backend.plansChanged, 1) << "the hub is to be told at once";
  const Json pause = Json::parse(answer.body).at("pauses").at(0);
  EXPECT_EQ(pause.at("by").at("name"), "Karin Kommun");
  EXPECT_EQ(pause.at("reason"), "Inlagd på sjukhus");
  EXPECT_TRUE(pause.at("active"));
  const std::string end = "/patients/p-1/pauses/" + pause.at("id").get<std::string>() + "/end";
  EXPECT_EQ(rut.post(end, {}).status, 403);

  // The verdicts say so, here and wherever the same context judges.
  EXPECT_THAT(karin.json("/patients/p-1/context").at("pauses").at(0).at("rules").at(0),
              "glucose-high");
  EXPECT_THAT(karin
                  .post("/patients/p-1/replay", {{"rules", "in-force"},
                                                 {"from", "2026-11-24T00:00:00Z"},
                                                 {"until", "2026-12-02T00:00:00Z"}})
                  .body,
              ::testing::AllOf(HasSubstr(R"("transition":"paused")"),
                               HasSubstr(R"("told":"2026-11-30T00:00:00.000Z")")));

  EXPECT_EQ(karin.post(end, {}).status, 200);
  EXPECT_EQ(karin.post(end, {}).status, 409);
  EXPECT_EQ(backend.plansChanged, 2);
  std::vector<std::string> lines;
  for (const access::LoggedAccess& link : backend.accessLog()) {
    lines.push_back(link.entry.username + " " + link.entry.action + " " + link.entry.person.value +
                    " " + link.entry.object);
  }
  EXPECT_THAT(lines, ::testing::IsSupersetOf({std::string("karin pause-rule p-1 glucose-high"),
                                              std::string("rut pause-rule p-1 glucose-high"),
                                              std::string("karin end-pause p-1 ") +
                                                  pause.at("id").get<std::string>()}));
}

TEST_F(Rest, GivesAPatientsPastToItsOwnTeamsAndWritesItDown) {
  backend.storeReading(1);
  const Browser karin(backend.port(), "karin");
  const Browser tove(backend.port(), "tove");
  for (const char* path : {"/patients/p-1/readings", "/patients/p-1/context"}) {
    EXPECT_EQ(karin.get(path).status, 200) << path;
    EXPECT_EQ(tove.get(path).status, 404) << path << ": a technician sees no values";
  }
  const Json request = {{"rules", "in-force"}};
  EXPECT_EQ(karin.post("/patients/p-1/replay", request).status, 200);
  Json large = request;
  large["language"] = std::string(100'000, 'x');
  EXPECT_EQ(karin.post("/patients/p-1/replay", large).status, 400) << "read, and refused";
  EXPECT_EQ(karin.post("/patients/p-1/pauses", large).status, 413);
  EXPECT_EQ(tove.post("/patients/p-1/replay", request).status, 404);
  EXPECT_EQ(karin.post("/patients/p-2/replay", request).status, 404);
  std::vector<std::string> lines;
  for (const access::LoggedAccess& link : backend.accessLog()) {
    lines.push_back(link.entry.username + " " + link.entry.action + " " + link.entry.person.value +
                    " " + link.entry.object + " " + link.entry.outcome);
  }
  const std::string digest = sha256Hex(request.dump());
  EXPECT_THAT(lines, ::testing::IsSupersetOf(std::vector<std::string>{
                         "karin export-readings p-1  done", "karin read-context p-1  done",
                         "karin replay-rules p-1 " + digest + " done",
                         "tove replay-rules p-1 " + digest + " refused",
                         "tove export-readings p-1  refused",
                         "karin replay-rules p-2 " + digest + " refused"}));
}

TEST_F(Rest, SendsItsSecurityHeadersWithEveryAnswer) {
  for (const char* path : {"/", "/api/v1/healthz", "/api/v1/worklist", "/nothing.js"}) {
    const auto answer = test::ask(backend.port(), "GET", path);
    EXPECT_THAT(answer.headers.at("content-security-policy"), HasSubstr("default-src 'self'"));
    EXPECT_THAT(answer.headers.at("content-security-policy"), HasSubstr("frame-ancestors 'none'"));
    EXPECT_EQ(answer.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.headers.at("referrer-policy"), "no-referrer");
  }
  const Browser anna(backend.port(), "anna");
  EXPECT_EQ(anna.get("/worklist").headers.at("cache-control"), "no-store");
}

TEST_F(Rest, NeverServesWhatIsNotTheConsoles) {
  for (const char* path : {"//etc/resolv.conf", "/%2Fetc/resolv.conf", "/../care.db",
                           "/%2e%2e/care.db", "/api/../../care.db"}) {
    EXPECT_EQ(test::ask(backend.port(), "GET", path).status, 404) << path;
  }
}

TEST_F(Rest, KnowsItsPathsAndMethods) {
  const Browser anna(backend.port(), "anna");
  EXPECT_EQ(anna.get("/nothing").status, 404);
  EXPECT_EQ(anna.get("/episodes/").status, 404);
  EXPECT_EQ(anna.post("/worklist", {}).status, 405);
  EXPECT_EQ(test::ask(backend.port(), "POST", "/index.html", {}, "x").status, 405);
  EXPECT_EQ(test::ask(backend.port(), "GET", "/api/v1/healthz").body,
            R"({"database":"connected","mqtt":"disconnected","status":"ok"})");
  EXPECT_THAT(test::ask(backend.port(), "GET", "/api/v1/openapi.yaml").body,
              HasSubstr("openapi: 3.1"));
}

}  // namespace
}  // namespace vardnav::cloud::testing
