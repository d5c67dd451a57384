// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/access/gatekeeper.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "cloud/access/password.h"
#include "pipelines/model/bytes.h"
#include "tests/cloud/access/memory_account_store.h"

namespace vardnav::cloud::access {
namespace {

using Outcome = std::expected<Login, LoginRefusal>;
using std::chrono::hours;
using std::chrono::minutes;

// The core thread of the test: runs what is posted until a login is done.
class CoreThread {
 public:
  void post(std::function<void()> task) {
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    changed_.notify_one();
  }
  bool runUntil(const std::function<bool()>& isDone) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!isDone()) {
      std::unique_lock lock(mutex_);
      if (!changed_.wait_until(lock, deadline, [this] { return !tasks_.empty(); })) return false;
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
    }
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
};

struct Gate : testing::Test {
  void SetUp() override {
    ASSERT_TRUE(openPasswords());
    ASSERT_TRUE(gatekeeper.open());
    Account account{"anna", "Anna Berg", hashPassword("right").value(), {TeamId("team-home")}};
    ASSERT_TRUE(store.putAccount(account));
  }
  Outcome logIn(const std::string& user, const std::string& password) {
    std::optional<Outcome> outcome;
    gatekeeper.logIn(user, password, "127.0.0.1",
                     [&](Outcome result) { outcome = std::move(result); });
    EXPECT_TRUE(core.runUntil([&] { return outcome.has_value(); }));
    return outcome.value_or(std::unexpected(LoginRefusal{LoginRefusal::Why::kUnavailable, {}}));
  }

  MemoryAccountStore store;
  StandingClock clock;
  CoreThread core;
  Gatekeeper gatekeeper{store, clock, [this](std::function<void()> t) { core.post(std::move(t)); }};
};

TEST(Password, IsKeptAsArgon2idAndToldFromAnother) {
  ASSERT_TRUE(openPasswords());
  const auto hash = hashPassword("demo");
  ASSERT_TRUE(hash);
  // The text form of RFC 9106's function as the reference implementation writes it.
  EXPECT_EQ(hash->rfind("$argon2id$v=19$m=65536,t=2,p=1$", 0), 0U) << *hash;
  EXPECT_TRUE(isPasswordOf(*hash, "demo"));
  EXPECT_FALSE(isPasswordOf(*hash, "Demo"));
  EXPECT_FALSE(isPasswordOf(*hash, ""));
  EXPECT_FALSE(isPasswordOf("not a hash", "demo"));
  EXPECT_NE(*hash, *hashPassword("demo"));
}

TEST(Password, RefusesEmptyAndOverlongOnes) {
  ASSERT_TRUE(openPasswords());
  EXPECT_FALSE(hashPassword(""));
  EXPECT_FALSE(hashPassword(std::string(kMaxPassword + 1, 'x')));
}

TEST(Username, AllowsOnlyWhatCannotConfuseALog) {
  EXPECT_TRUE(isUsername("anna.berg-2@region_x"));
  for (const char* bad : {"", "Anna", "an na", "an\nna", "anna\x01", "ånna"}) {
    EXPECT_FALSE(isUsername(bad)) << bad;
  }
  EXPECT_FALSE(isUsername(std::string(65, 'a')));
}

TEST_F(Gate, LetsTheRightPasswordIn) {
  const auto login = logIn("anna", "right");
  ASSERT_TRUE(login);
  EXPECT_EQ(login->user.name, "Anna Berg");
  EXPECT_EQ(login->token.size(), 64U);
  const auto user = gatekeeper.userOf(login->token);
  ASSERT_TRUE(user);
  EXPECT_TRUE(mayRead(*user, TeamId("team-home")));
  EXPECT_FALSE(mayRead(*user, TeamId("team-copd")));
}

TEST_F(Gate, KeepsOnlyAHashOfTheToken) {
  const auto login = logIn("anna", "right");
  ASSERT_TRUE(login);
  ASSERT_EQ(store.sessions.size(), 1U);
  const Sha256 kept = store.sessions.begin()->first;
  EXPECT_EQ(login->token.find(toHex(ByteView(kept).first(8))), std::string::npos);
}

TEST_F(Gate, RefusesAWrongPasswordAndAnUnknownUserAlike) {
  const auto wrong = logIn("anna", "wrong");
  const auto unknown = logIn("nobody", "right");
  ASSERT_FALSE(wrong);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(wrong.error().why, LoginRefusal::Why::kWrong);
  EXPECT_EQ(unknown.error().why, LoginRefusal::Why::kWrong);
}

// An unknown user costs an Argon2 verification too (64 MiB written twice), so that his answer does
// not come back at once.
TEST_F(Gate, TakesItsTimeForAnUnknownUserToo) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(logIn("nobody", "wrong"));
  EXPECT_GT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds{10});
}

TEST_F(Gate, RefusesTheRightPasswordAfterFiveFailuresUntilTheWindowHasPassed) {
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(logIn("anna", "wrong"));
  const auto early = logIn("anna", "right");
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().why, LoginRefusal::Why::kTooMany);
  EXPECT_EQ(early.error().wait, LoginThrottle::kWindow);
  clock.advance(LoginThrottle::kWindow);
  EXPECT_TRUE(logIn("anna", "right"));
}

TEST_F(Gate, RefusesWhatIsNoToken) {
  for (const std::string& token :
       {std::string(), std::string("x"), std::string(64, '0'), std::string(10000, 'f')}) {
    const auto user = gatekeeper.userOf(token);
    ASSERT_FALSE(user);
    EXPECT_EQ(user.error().code, ErrorCode::kPermission);
  }
}

TEST_F(Gate, EndsASessionThatIsNotUsed) {
  const auto login = logIn("anna", "right");
  clock.advance(Gatekeeper::kIdle - Milliseconds{1});
  EXPECT_TRUE(gatekeeper.userOf(login->token));
  clock.advance(Gatekeeper::kIdle - Milliseconds{1});
  EXPECT_TRUE(gatekeeper.userOf(login->token)) << "use had been noted";
  clock.advance(Gatekeeper::kIdle);
  EXPECT_FALSE(gatekeeper.userOf(login->token));
  EXPECT_TRUE(store.sessions.empty());
}

TEST_F(Gate, EndsASessionAfterAShiftHoweverBusy) {
  const auto login = logIn("anna", "right");
  for (Milliseconds passed{0}; passed + minutes{30} < Gatekeeper::kAbsolute;
       passed += minutes{30}) {
    clock.advance(minutes{30});
    ASSERT_TRUE(gatekeeper.userOf(login->token));
  }
  clock.advance(minutes{30});
  EXPECT_FALSE(gatekeeper.userOf(login->token));
}

TEST_F(Gate, EndsTheSessionAtLogout) {
  const auto login = logIn("anna", "right");
  ASSERT_TRUE(gatekeeper.logOut(login->token, "127.0.0.1"));
  EXPECT_FALSE(gatekeeper.userOf(login->token));
  EXPECT_TRUE(gatekeeper.logOut(login->token, "127.0.0.1"));
}

TEST_F(Gate, EndsSessionsWhenThePasswordIsChanged) {
  const auto login = logIn("anna", "right");
  ASSERT_TRUE(store.putAccount({"anna", "Anna Berg", hashPassword("new").value(), {}}));
  EXPECT_FALSE(gatekeeper.userOf(login->token));
}

TEST_F(Gate, LogsEveryLoginAndLogout) {
  ASSERT_FALSE(logIn("anna", "wrong"));
  const auto login = logIn("anna", "right");
  ASSERT_TRUE(gatekeeper.logOut(login->token, "127.0.0.1"));
  ASSERT_EQ(store.log.size(), 3U);
  EXPECT_EQ(store.log[0].entry.outcome, outcome::kRefused);
  EXPECT_EQ(store.log[1].entry.outcome, outcome::kDone);
  EXPECT_EQ(store.log[2].entry.action, action::kLogOut);
  for (const LoggedAccess& link : store.log) EXPECT_EQ(link.entry.username, "anna");
}

TEST_F(Gate, LetsNobodyInWhatCannotBeLogged) {
  store.isLogFull = true;
  const auto login = logIn("anna", "right");
  ASSERT_FALSE(login);
  EXPECT_EQ(login.error().why, LoginRefusal::Why::kUnavailable);
  EXPECT_TRUE(store.sessions.empty());
}

TEST_F(Gate, RefusesWhatItsWorkerCannotTake) {
  std::size_t refused = 0;
  std::size_t done = 0;
  const std::size_t many = Gatekeeper::kMaxWaiting + 20;
  for (std::size_t i = 0; i < many; ++i) {
    gatekeeper.logIn("user" + std::to_string(i), "x", "10.0.0." + std::to_string(i),
                     [&](Outcome outcome) {
                       ++done;
                       if (outcome.error().why == LoginRefusal::Why::kUnavailable) ++refused;
                     });
  }
  EXPECT_GT(refused, 0U);
  EXPECT_TRUE(core.runUntil([&] { return done == many; }));
}

}  // namespace
}  // namespace vardnav::cloud::access
