// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a console may see and do, through a real server over a real store.
#include "cloud/api/api.h"

#include <gmock/gmock.h>

#include <set>

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
            R"({"mqtt":"disconnected","status":"ok"})");
  EXPECT_THAT(test::ask(backend.port(), "GET", "/api/v1/openapi.yaml").body,
              HasSubstr("openapi: 3.1"));
}

// An event stream, as a browser has it.
struct Listener {
  Listener(const Backend& backend, const Browser& browser, const std::string& more = {},
           const std::string& query = {})
      : connection(backend.port()) {
    connection.send("GET /api/v1/events" + query + " HTTP/1.1\r\nHost: h\r\n" + browser.cookie() +
                    more + "\r\n");
    header = connection.receiveHeader();
  }
  // The next event that has data: name, id and data.
  struct Event {
    std::string name;
    std::string id;
    Json data;
  };
  Event next() {
    Event event;
    while (true) {
      std::string line = connection.receiveUntil("\n");
      if (line.empty()) return event;
      line.pop_back();
      if (line.starts_with("event: ")) event.name = line.substr(7);
      if (line.starts_with("id: ")) event.id = line.substr(4);
      if (line.starts_with("data: ")) event.data = Json::parse(line.substr(6));
      if (line.empty() && !event.data.is_null()) return event;
    }
  }
  test::HttpConnection connection;
  test::HttpAnswer header;
};

TEST_F(Rest, TellsAnOpenConsoleAtOnce) {
  const Browser karin(backend.port(), "karin");
  Listener console(backend, karin);
  ASSERT_EQ(console.header.status, 200);
  backend.storeReading(1);
  const auto reading = console.next();
  EXPECT_EQ(reading.name, "reading");
  EXPECT_EQ(reading.data.at("observation").at("value"), "6.1");
  EXPECT_TRUE(reading.data.contains("stored_at"));
  backend.raiseAlert(2);
  std::vector<std::string> states;
  while (states.empty() || states.back() != "notified") {
    const auto event = console.next();
    ASSERT_FALSE(event.name.empty());
    if (event.name == "episode") states.push_back(event.data.at("state"));
  }
  EXPECT_EQ(states.front(), "raised");
}

TEST_F(Rest, TellsNobodyOfAlertsOfOtherTeams) {
  const Browser rut(backend.port(), "rut");
  Listener console(backend, rut);
  backend.raiseAlert(1);
  EXPECT_EQ(rut.remove("/session").status, 204);
  // Up to the end of the stream: the patient is hers too, the alert is not.
  for (auto event = console.next(); !event.name.empty(); event = console.next()) {
    EXPECT_EQ(event.name, "reading");
  }
}

TEST_F(Rest, ResumesAfterTheLastEventThatWasSeen) {
  const Browser karin(backend.port(), "karin");
  const std::string cursor = karin.json("/worklist").at("cursor");
  backend.storeReading(1, 61);
  backend.storeReading(2, 62);
  std::string lastId;
  {
    Listener console(backend, karin, {}, "?after=" + cursor);
    const auto first = console.next();
    EXPECT_EQ(first.data.at("observation").at("value"), "6.1");
    lastId = first.id;
  }
  Listener again(backend, karin, "Last-Event-ID: " + lastId + "\r\n");
  EXPECT_EQ(again.next().data.at("observation").at("value"), "6.2");
  EXPECT_EQ(karin.get("/events?after=x").status, 400);
}

TEST_F(Rest, SendsALongAbsenceInPiecesThatFit) {
  const Browser karin(backend.port(), "karin");
  const std::string cursor = karin.json("/worklist").at("cursor");
  constexpr int kMany = 700;  // more than an event stream may have waiting
  for (int i = 1; i <= kMany; ++i) backend.storeReading(i);
  Listener console(backend, karin, {}, "?after=" + cursor);
  std::set<std::string> seen;
  while (seen.size() < kMany) {
    const auto event = console.next();
    ASSERT_EQ(event.name, "reading") << seen.size();
    seen.insert(event.data.at("observation").at("reading").get<std::string>());
  }
}

// A console that takes nothing until it is told to.
class SlowConsole final : public api::EventStream {
 public:
  bool send(std::string event) override {
    waiting += event.size();
    most = std::max(most, waiting);
    readings += event.find("event: reading") != std::string::npos ? 1 : 0;
    return true;
  }
  std::size_t unread() const override { return waiting; }
  void close() override {}
  bool isOpen() const override { return true; }
  std::size_t waiting = 0;
  std::size_t most = 0;
  int readings = 0;
};

TEST_F(Rest, WaitsForAConsoleThatIsSlowToTakeALongAbsence) {
  const Browser karin(backend.port(), "karin");
  const std::uint64_t cursor = std::stoull(karin.json("/worklist").at("cursor").get<std::string>());
  constexpr int kMany = 700;
  for (int i = 1; i <= kMany; ++i) backend.storeReading(i);
  const std::string& cookie = karin.cookie();
  const std::string token = cookie.substr(cookie.find('=') + 1, 64);
  const auto console = std::make_shared<SlowConsole>();
  backend.onCore([&] {
    const auto user = backend.gate().userOf(token);
    ASSERT_TRUE(user);
    ASSERT_TRUE(backend.feed().subscribe(*user, "127.0.0.1", token, cursor, console));
    for (int round = 0; round < kMany && backend.feed().catchUp(); ++round) {
      EXPECT_LT(console->readings, kMany);
      console->waiting = 0;
    }
  });
  EXPECT_EQ(console->readings, kMany);
  EXPECT_LT(console->most, api::HttpLimits{}.unread);
}

TEST_F(Rest, AsksAConsoleThatIsTooFarBehindToLoadAnew) {
  const Browser karin(backend.port(), "karin");
  backend.storeReading(1);
  Listener console(backend, karin, "Last-Event-ID: 999999\r\n");
  EXPECT_EQ(console.next().name, "reload");
}

TEST_F(Rest, EndsTheStreamsOfASessionThatHasEnded) {
  const Browser karin(backend.port(), "karin");
  Listener console(backend, karin);
  ASSERT_EQ(console.header.status, 200);
  karin.remove("/session");
  EXPECT_TRUE(console.connection.isClosedByServer());
}

}  // namespace
}  // namespace vardnav::cloud::testing
