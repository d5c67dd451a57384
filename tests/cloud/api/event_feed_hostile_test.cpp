// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a console that stays, or comes back, must not be told any more; and what no console could
// take.
#include <gmock/gmock.h>

#include "cloud/api/event_feed.h"
#include "cloud/store/sql_account_store.h"
#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Keeps what it is told, and takes no more at once than a console's stream does.
class KeepingStream final : public api::EventStream {
 public:
  bool send(std::string event) override {
    if (event.size() > api::HttpLimits{}.unread) isOpen_ = false;
    if (isOpen_) told += event;
    return isOpen_;
  }
  std::size_t unread() const override { return 0; }
  void close() override { isOpen_ = false; }
  bool isOpen() const override { return isOpen_; }

  std::string told;

 private:
  bool isOpen_ = true;
};

struct HandClock final : Clock {
  UtcTime utcNow() const override { return at(minutes); }
  SteadyTime steadyNow() const override { return SteadyTime(std::chrono::minutes{minutes}); }
  int minutes = 0;
};

struct Feed : ::testing::Test {
  Feed() {
    care.core.emplace(*care.careStore, feed);
    feed.attach(*care.core);
    EXPECT_TRUE(gate.open());
    putKarin({TeamId("home")});
    access::Sha256 hash{};
    const std::string hex = sha256Hex(std::string_view(token));
    std::ranges::copy(*fromHex(hex), hash.begin());
    EXPECT_TRUE(accounts.insertSession({hash, "karin", at(0), at(0)}));
  }
  void putKarin(std::vector<TeamId> teams) {
    EXPECT_TRUE(accounts.putAccount({"karin", "Karin Kommun", "none", std::move(teams)}));
  }
  std::shared_ptr<KeepingStream> listen(std::optional<std::uint64_t> after = {}) {
    auto stream = std::make_shared<KeepingStream>();
    const auto user = gate.userOf(token);
    EXPECT_TRUE(user.has_value());
    EXPECT_TRUE(feed.subscribe(*user, "127.0.0.1", token, after, stream));
    return stream;
  }
  void raise(int number, const std::string& title = "Low glucose") {
    const Observation input = glucose(number, clock.minutes, 25);
    Verdict verdict = verdictOn(input, Transition::kRaised, Priority::kP1);
    verdict.title = {title, title};
    care.sendAlerts({alertItem(static_cast<std::uint64_t>(number), verdict, {input})},
                    clock.utcNow());
  }
  void endEnrolments() {
    auto moved = registryOfTwoCareGivers();
    moved.enrolments[1] = enrolment("e-diabetes", "diabetes", "region", "copd");
    EXPECT_TRUE(store::SqlRegistryStore(*care.database).upsert(moved));
  }

  const std::string token = std::string(64, 'a');
  Care care;
  HandClock clock;
  store::SqlAccountStore accounts{*care.database};
  access::Gatekeeper gate{accounts, clock, [](const std::function<void()>&) {}};
  api::EventFeed feed{*care.reader, gate, clock};
};

TEST_F(Feed, TellsNothingMoreOnceTheAccountWasReplaced) {
  const auto stream = listen();
  putKarin({TeamId("copd")});
  raise(1);
  EXPECT_THAT(stream->told, Not(HasSubstr("data:")));
  EXPECT_FALSE(stream->isOpen());
}

TEST_F(Feed, TellsNothingMoreOnceTheSessionIsTooOld) {
  const auto stream = listen();
  for (int passed = 0; passed < 12 * 60; passed += 30) {  // watched, so that it is not idle
    clock.minutes = passed;
    feed.dropExpired();
  }
  EXPECT_TRUE(stream->isOpen());
  clock.minutes = 12 * 60;
  raise(1);
  EXPECT_THAT(stream->told, Not(HasSubstr("data:")));
  EXPECT_FALSE(stream->isOpen());
}

TEST_F(Feed, ReplaysNoReadingOfAPatientWhoIsAnotherTeamsNow) {
  care.sendReadings({readingItem(1, {glucose(1, 0, 55)})});
  EXPECT_THAT(listen(0)->told, HasSubstr("event: reading"));
  endEnrolments();
  EXPECT_THAT(listen(0)->told, Not(HasSubstr("event: reading")));
}

TEST_F(Feed, ReplaysNoEpisodeToATeamThatItHasLeft) {
  raise(1);
  const std::string id = care.worklist("home").front().id.value;
  EXPECT_THAT(listen(0)->told, HasSubstr(R"("state":"raised")"));
  endEnrolments();
  for (const int minute : {10, 20, 30}) ASSERT_TRUE(care.core->runDue(at(minute)));
  ASSERT_TRUE(care.worklist("home").empty());
  // What is replayed shows the episode as it stands now, at the other care giver's.
  const auto stream = listen(0);
  EXPECT_THAT(stream->told, Not(HasSubstr("state")));
  EXPECT_THAT(stream->told, HasSubstr(R"({"gone":true,"id":")" + id));
}

TEST_F(Feed, AsksToLoadAnewWhereAnEventFitsIntoNoStream) {
  const auto stream = listen();
  raise(1, std::string(400'000, 'x'));
  EXPECT_TRUE(stream->isOpen());
  EXPECT_THAT(stream->told, AllOf(HasSubstr("event: reload"), Not(HasSubstr("event: episode"))));
  // The console comes back for what followed, and is not sent away over and over.
  EXPECT_TRUE(listen(0)->isOpen());
}

}  // namespace
}  // namespace vardnav::cloud::testing
