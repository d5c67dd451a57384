// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/access/access_log.h"

#include <gtest/gtest.h>

#include "tests/cloud/access/memory_account_store.h"

namespace vardnav::cloud::access {
namespace {

AccessEntry entryOf(std::string username, std::string object) {
  AccessEntry entry;
  entry.at = *parseRfc3339("2026-11-24T10:00:00Z");
  entry.username = std::move(username);
  entry.action = action::kReadEpisode;
  entry.person = PersonId("p-7f3a");
  entry.object = std::move(object);
  entry.team = TeamId("team-home");
  entry.address = "127.0.0.1";
  entry.outcome = outcome::kDone;
  return entry;
}

struct AccessLogOfThree : testing::Test {
  void SetUp() override {
    ASSERT_TRUE(log.open());
    const std::vector<AccessEntry> two = {entryOf("anna", "e1"), entryOf("anna", "e2")};
    ASSERT_TRUE(log.append(two));
    const AccessEntry third = entryOf("bo", "e1");
    ASSERT_TRUE(log.append({&third, 1}));
  }
  MemoryAccountStore store;
  AccessLog log{store};
};

TEST_F(AccessLogOfThree, IsWhole) {
  ASSERT_EQ(store.log.size(), 3U);
  EXPECT_EQ(store.log[0].previous, Sha256{});
  EXPECT_EQ(store.log[2].sequence, 3U);
  EXPECT_EQ(log.firstBroken().value(), std::nullopt);
}

TEST_F(AccessLogOfThree, ShowsEveryChangedField) {
  const std::vector<void (*)(AccessEntry&)> changes = {
      [](AccessEntry& e) { e.at += Milliseconds{1}; }, [](AccessEntry& e) { e.username = "bo"; },
      [](AccessEntry& e) { e.action = action::kAcknowledge; },
      [](AccessEntry& e) { e.person = PersonId("p-other"); },
      [](AccessEntry& e) { e.object = "e9"; }, [](AccessEntry& e) { e.team = TeamId("team-copd"); },
      [](AccessEntry& e) { e.address = "127.0.0.2"; },
      [](AccessEntry& e) { e.outcome = outcome::kRefused; },
      // Moving a character from one field to the next leaves their concatenation as it was.
      [](AccessEntry& e) {
        e.username = "ann";
        e.action = "aread-episode";
      }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto kept = store.log;
    changes[i](store.log[1].entry);
    EXPECT_EQ(log.firstBroken().value(), std::optional<std::uint64_t>(2)) << i;
    store.log = kept;
  }
}

TEST_F(AccessLogOfThree, ShowsARemovedEntryAndACutTail) {
  const auto kept = store.log;
  store.log.erase(store.log.begin() + 1);
  EXPECT_EQ(log.firstBroken().value(), std::optional<std::uint64_t>(2));
  store.log = kept;
  store.log.pop_back();
  EXPECT_EQ(log.firstBroken().value(), std::optional<std::uint64_t>(3));
}

TEST_F(AccessLogOfThree, GoesOnWhereItStoodAfterARestart) {
  AccessLog again(store);
  ASSERT_TRUE(again.open());
  const AccessEntry fourth = entryOf("anna", "e3");
  ASSERT_TRUE(again.append({&fourth, 1}));
  EXPECT_EQ(store.log.back().sequence, 4U);
  EXPECT_EQ(again.firstBroken().value(), std::nullopt);
}

TEST_F(AccessLogOfThree, RefusesToOpenOnATamperedHead) {
  store.log.back().entry.username = "nobody";
  AccessLog again(store);
  const auto opened = again.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kStorage);
}

TEST_F(AccessLogOfThree, KeepsItsPlaceWhenTheStoreFails) {
  store.isLogFull = true;
  const AccessEntry lost = entryOf("anna", "e4");
  EXPECT_FALSE(log.append({&lost, 1}));
  store.isLogFull = false;
  ASSERT_TRUE(log.append({&lost, 1}));
  EXPECT_EQ(log.firstBroken().value(), std::nullopt);
}

TEST_F(AccessLogOfThree, FollowsAnEntryOfWhichNobodyKnewWhetherItWasStored) {
  store.isAnswerLost = true;
  const AccessEntry lost = entryOf("anna", "e4");
  EXPECT_FALSE(log.append({&lost, 1}));
  store.isAnswerLost = false;
  EXPECT_EQ(log.firstBroken().value(), std::nullopt);
  const AccessEntry next = entryOf("anna", "e5");
  ASSERT_TRUE(log.append({&next, 1}));
  EXPECT_EQ(store.log.size(), 5U);
  EXPECT_EQ(log.firstBroken().value(), std::nullopt);
}

TEST_F(AccessLogOfThree, FollowsNoForeignEntry) {
  store.isAnswerLost = true;
  const AccessEntry lost = entryOf("anna", "e4");
  EXPECT_FALSE(log.append({&lost, 1}));
  store.isAnswerLost = false;
  store.log.back().entry.object = "e9";
  const AccessEntry next = entryOf("anna", "e5");
  const auto refused = log.append({&next, 1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kStorage);
}

}  // namespace
}  // namespace vardnav::cloud::access
