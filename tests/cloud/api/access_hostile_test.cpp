// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// An operator who tries what is not his, and two who want the same.
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <thread>

#include "tests/cloud/api/backend.h"

namespace vardnav::cloud::testing {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

struct Prying : ::testing::Test {
  std::vector<std::string> logOf(const std::string& user) {
    std::vector<std::string> lines;
    for (const access::LoggedAccess& link : backend.accessLog()) {
      const access::AccessEntry& entry = link.entry;
      if (entry.username != user || entry.action == "log-in") continue;
      lines.push_back(entry.action + " " + entry.object + " " + entry.outcome);
    }
    return lines;
  }
  Backend backend;
};

TEST_F(Prying, IsKeptEvenWhereNothingWasShown) {
  backend.raiseAlert(1);
  const Browser karin(backend.port(), "karin");
  const std::string id = karin.json("/worklist").at("episodes").at(0).at("id");
  const Browser rut(backend.port(), "rut");
  EXPECT_EQ(rut.get("/episodes/" + id).status, 404);
  EXPECT_THAT(logOf("rut"), Contains("read-episode " + id + " refused"));
  const nlohmann::json seen = {{"version", 1}, {"reason", "expected"}};
  EXPECT_EQ(rut.post("/episodes/" + id + "/acknowledge", seen).status, 404);
  EXPECT_EQ(rut.post("/episodes/" + id + "/close", seen).status, 404);
  EXPECT_THAT(logOf("rut"), Contains("acknowledge " + id + " refused"));
  EXPECT_THAT(logOf("rut"), Contains("close " + id + " refused"));
}

TEST_F(Prying, FillsNoLogWithNonsense) {
  const Browser rut(backend.port(), "rut");
  const std::string nonsense(10'000, 'x');
  EXPECT_EQ(rut.get("/episodes/" + nonsense).status, 404);
  EXPECT_EQ(rut.get("/patients/" + nonsense + "/observations").status, 404);
  EXPECT_THAT(logOf("rut"), IsEmpty());
}

TEST_F(Prying, BreaksNoChainWithOctetsThatAreNoText) {
  const Browser rut(backend.port(), "rut");
  for (const char* octets : {"%00", "a%00b", "%ff%fe", "%ed%a0%80", "%0d%0a"}) {
    EXPECT_EQ(rut.get("/patients/" + std::string(octets) + "/observations").status, 404);
    EXPECT_EQ(rut.get("/episodes/" + std::string(octets)).status, 404);
    EXPECT_TRUE(backend.isAccessLogWhole()) << octets;
  }
}

TEST_F(Prying, TakesNoNoteOrReasonThatIsNoText) {
  backend.raiseAlert(1);
  const Browser karin(backend.port(), "karin");
  const std::string id = karin.json("/worklist").at("episodes").at(0).at("id");
  const auto version = karin.json("/episodes/" + id).at("version").get<std::uint64_t>();
  const std::string nul("a\0b", 3);
  EXPECT_EQ(karin
                .post("/episodes/" + id + "/close",
                      {{"version", version}, {"reason", "expected"}, {"note", nul}})
                .status,
            400);
  const nlohmann::json wish = {
      {"rule", "weight-gain"}, {"until", "2026-11-25T10:00:00Z"}, {"reason", nul}};
  EXPECT_EQ(karin.post("/patients/p-1/pauses", wish).status, 400);
}

TEST_F(Prying, GivesAnEpisodeToOneOfManyWhoTakeItAtOnce) {
  backend.raiseAlert(1);
  const Browser anna(backend.port(), "anna");
  const Browser karin(backend.port(), "karin");
  const std::string id = anna.json("/worklist").at("episodes").at(0).at("id");
  const auto version = anna.json("/episodes/" + id).at("version").get<std::uint64_t>();
  std::array<int, 8> statuses{};
  std::vector<std::thread> operators;
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    operators.emplace_back([&, i] {
      const Browser& browser = i % 2 == 0 ? anna : karin;
      statuses.at(i) =
          browser.post("/episodes/" + id + "/acknowledge", {{"version", version}}).status;
    });
  }
  for (std::thread& one : operators) one.join();
  EXPECT_EQ(std::ranges::count(statuses, 200), 1);
  EXPECT_EQ(std::ranges::count(statuses, 409), 7);
}

}  // namespace
}  // namespace vardnav::cloud::testing
