// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What an open console is told, through a real server over a real store.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/cloud/api/backend.h"

namespace vardnav::cloud::testing {
namespace {

using Json = nlohmann::json;

struct Events : ::testing::Test {
  Backend backend;
};

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

TEST_F(Events, TellsAnOpenConsoleAtOnce) {
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

TEST_F(Events, TellsNobodyOfAlertsOfOtherTeams) {
  const Browser rut(backend.port(), "rut");
  Listener console(backend, rut);
  backend.raiseAlert(1);
  EXPECT_EQ(rut.remove("/session").status, 204);
  // Up to the end of the stream: the patient is hers too, the alert is not.
  for (auto event = console.next(); !event.name.empty(); event = console.next()) {
    EXPECT_EQ(event.name, "reading");
  }
}

TEST_F(Events, ResumesAfterTheLastEventThatWasSeen) {
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

TEST_F(Events, SendsALongAbsenceInPiecesThatFit) {
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

TEST_F(Events, WaitsForAConsoleThatIsSlowToTakeALongAbsence) {
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

TEST_F(Events, AsksAConsoleThatIsTooFarBehindToLoadAnew) {
  const Browser karin(backend.port(), "karin");
  backend.storeReading(1);
  Listener console(backend, karin, "Last-Event-ID: 999999\r\n");
  EXPECT_EQ(console.next().name, "reload");
}

TEST_F(Events, EndsTheStreamsOfASessionThatHasEnded) {
  const Browser karin(backend.port(), "karin");
  Listener console(backend, karin);
  ASSERT_EQ(console.header.status, 200);
  karin.remove("/session");
  EXPECT_TRUE(console.connection.isClosedByServer());
}

}  // namespace
}  // namespace vardnav::cloud::testing
