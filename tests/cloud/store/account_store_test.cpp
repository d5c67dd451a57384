// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/store/sql_account_store.h"

#include <gtest/gtest.h>

#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud {
namespace {

using namespace testing;
using access::Account;
using access::LoggedAccess;
using access::Session;
using access::Sha256;

class AccountStore : public ::testing::Test {
 protected:
  static Sha256 hash(std::uint8_t value) {
    Sha256 made{};
    made.fill(value);
    return made;
  }
  static LoggedAccess logged(std::uint64_t sequence) {
    LoggedAccess one;
    one.sequence = sequence;
    one.entry = {at(static_cast<int>(sequence)),
                 "anna",
                 "read-episode",
                 PersonId("p-1"),
                 "e-1",
                 TeamId("home"),
                 "127.0.0.1",
                 "done"};
    one.previous = hash(static_cast<std::uint8_t>(sequence - 1));
    one.hash = hash(static_cast<std::uint8_t>(sequence));
    return one;
  }

  Care care;
  store::SqlAccountStore accounts{*care.database};
  const Account anna{"anna", "Anna Berg", "$argon2id$…", {TeamId("home"), TeamId("copd")}};
};

TEST_F(AccountStore, KeepsAnAccountWithItsTeamsInOrder) {
  EXPECT_FALSE(accounts.account("anna")->has_value());
  ASSERT_TRUE(accounts.putAccount(anna));
  const Account read = **accounts.account("anna");
  EXPECT_EQ(read.name, "Anna Berg");
  EXPECT_EQ(read.passwordHash, anna.passwordHash);
  EXPECT_EQ(read.teams, anna.teams);
  EXPECT_FALSE(accounts.account("Anna")->has_value());
}

TEST_F(AccountStore, ReplacingAnAccountEndsItsSessions) {
  ASSERT_TRUE(accounts.putAccount(anna));
  ASSERT_TRUE(accounts.insertSession({hash(1), "anna", at(0), at(0)}));
  Account changed = anna;
  changed.teams = {TeamId("desk")};
  ASSERT_TRUE(accounts.putAccount(changed));
  EXPECT_EQ((*accounts.account("anna"))->teams, changed.teams);
  EXPECT_FALSE(accounts.session(hash(1))->has_value());
}

TEST_F(AccountStore, NamesTheTeamThatIsMissing) {
  Account lost = anna;
  lost.teams = {TeamId("nowhere")};
  const auto refused = accounts.putAccount(lost);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kNotFound);
  EXPECT_NE(refused.error().context.find("'nowhere'"), std::string::npos);
  EXPECT_FALSE(accounts.account("anna")->has_value());
}

TEST_F(AccountStore, ForgetsOldAndIdleSessions) {
  ASSERT_TRUE(accounts.putAccount(anna));
  ASSERT_TRUE(accounts.insertSession({hash(1), "anna", at(0), at(90)}));
  ASSERT_TRUE(accounts.insertSession({hash(2), "anna", at(50), at(50)}));
  ASSERT_TRUE(accounts.insertSession({hash(3), "anna", at(50), at(50)}));
  ASSERT_TRUE(accounts.setSessionUsed(hash(3), at(90)));
  ASSERT_TRUE(accounts.eraseSessions(at(10), at(60)));
  EXPECT_FALSE(accounts.session(hash(1))->has_value());
  EXPECT_FALSE(accounts.session(hash(2))->has_value());
  ASSERT_TRUE(accounts.session(hash(3))->has_value());
  EXPECT_EQ((*accounts.session(hash(3)))->usedAt, at(90));
  ASSERT_TRUE(accounts.eraseSession(hash(3)));
  ASSERT_TRUE(accounts.eraseSession(hash(3)));
  EXPECT_FALSE(accounts.session(hash(3))->has_value());
}

TEST_F(AccountStore, AppendsToTheAccessLogAllOrNothing) {
  EXPECT_FALSE(accounts.newestAccess()->has_value());
  const LoggedAccess first[] = {logged(1), logged(2)};
  ASSERT_TRUE(accounts.appendAccess(first));
  const LoggedAccess clash[] = {logged(3), logged(2)};
  const auto refused = accounts.appendAccess(clash);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  const auto newest = **accounts.newestAccess();
  EXPECT_EQ(newest.sequence, 2U);
  EXPECT_EQ(newest.previous, hash(1));
  EXPECT_EQ(newest.entry.person, PersonId("p-1"));
  EXPECT_EQ(newest.entry.at, at(2));
  EXPECT_EQ(accounts.accessAfter(1, 10)->size(), 1U);
  EXPECT_EQ(accounts.accessAfter(0, 1)->front().sequence, 1U);
}

TEST_F(AccountStore, RefusesToChangeTheAccessLog) {
  const LoggedAccess first[] = {logged(1)};
  ASSERT_TRUE(accounts.appendAccess(first));
  EXPECT_FALSE(care.database->execute("UPDATE access_log SET username='bo'").has_value());
  EXPECT_FALSE(care.database->execute("DELETE FROM access_log").has_value());
  EXPECT_EQ((*accounts.newestAccess())->entry.username, "anna");
}

}  // namespace
}  // namespace vardnav::cloud
