// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/core/delivery_watch.h"

#include <gtest/gtest.h>

#include <string>

#include "hub/core/home_signal.h"
#include "tests/support/fake_journal.h"
#include "tests/support/observations.h"

namespace vardnav::hub {
namespace {

using namespace std::chrono_literals;
using wire::Stream;

const PersonId kPerson("p-7f3a");
const PersonId kSpouse("p-2");

Verdict raised(std::uint32_t key) { return test::lowGlucose(key, key); }

class DeliveryWatchTest : public ::testing::Test {
 protected:
  std::uint64_t commit(const Verdict& verdict) {
    return journal.add(Stream::kAlert, wire::AlertItem{verdict, {}}, now());
  }
  void receive(const wire::Receipt& receipt) {
    if (!receipt.setAside.empty()) watch->onSetAside(receipt, steady);
    ASSERT_TRUE(journal.forget(receipt));
  }
  void receive(std::uint64_t through, std::vector<wire::SequenceRange> gaps = {},
               std::vector<wire::SetAside> setAside = {}) {
    receive({HubId("hub-1"), journal.epoch(), Stream::kAlert, through, std::move(gaps),
             std::move(setAside)});
  }
  void pass(Milliseconds time) { steady += time; }
  UtcTime now() const { return test::kMorning + wallOffset + steady.time_since_epoch(); }
  /// After a look.
  std::vector<Undelivered> overdue() {
    EXPECT_TRUE(watch->onTick(now(), steady));
    return watch->overdue();
  }
  bool isOverdue() { return !overdue().empty(); }
  void restart() { watch.emplace(journal); }

  test::FakeJournal journal;
  SteadyTime steady{1h};
  Milliseconds wallOffset{0};
  std::optional<DeliveryWatch> watch{std::in_place, journal};
};

TEST_F(DeliveryWatchTest, TellsAfterSixtySecondsAndNotBefore) {
  EXPECT_FALSE(isOverdue());
  const UtcTime committed = now();
  commit(raised(1));
  EXPECT_FALSE(isOverdue());
  pass(59'999ms);
  EXPECT_FALSE(isOverdue());
  pass(1ms);
  EXPECT_EQ(overdue(), (std::vector<Undelivered>{{kPerson, committed, 1}}));
}

TEST_F(DeliveryWatchTest, AReceiptInTimeKeepsItSilent) {
  EXPECT_FALSE(isOverdue());
  const auto sequence = commit(raised(1));
  EXPECT_FALSE(isOverdue());
  receive(sequence);
  pass(60s);
  EXPECT_FALSE(isOverdue());
}

TEST_F(DeliveryWatchTest, AReceiptEndsIt) {
  EXPECT_FALSE(isOverdue());
  commit(raised(1));
  EXPECT_FALSE(isOverdue());
  pass(60s);
  EXPECT_TRUE(isOverdue());
  receive(1);
  EXPECT_FALSE(isOverdue());
}

TEST_F(DeliveryWatchTest, OneThatIsSetAsideHasReachedNobodyAndIsToldAtOnceForADay) {
  const UtcTime committed = now();
  commit(raised(1));
  receive(1, {}, {{1, "unknown-person"}});
  EXPECT_EQ(overdue(), (std::vector<Undelivered>{{kPerson, committed, 1}}));
  receive(1, {}, {{1, "unknown-person"}});  // comes twice
  pass(24h - 1ms);
  EXPECT_TRUE(isOverdue());
  pass(1ms);
  EXPECT_FALSE(isOverdue());
}

TEST_F(DeliveryWatchTest, WhatIsNoP1MayBeSetAside) {
  Verdict verdict = raised(1);
  verdict.priority = Priority::kP2;
  commit(verdict);
  receive(0, {}, {{1, "poison"}, {7, "poison"}, {0, "poison"}});
  EXPECT_FALSE(isOverdue());
  wire::Receipt reading{HubId("hub-1"), journal.epoch(), Stream::kReading, 0, {}, {{2, "poison"}}};
  commit(raised(2));
  watch->onSetAside(reading, steady);
  wire::Receipt foreign{HubId("hub-1"), EpochId("other"), Stream::kAlert, 0, {}, {{2, "poison"}}};
  watch->onSetAside(foreign, steady);
  EXPECT_FALSE(isOverdue());
}

TEST_F(DeliveryWatchTest, ALaterP1OfThePersonThatIsReceivedEndsWhatWasSetAside) {
  commit(raised(1));
  receive(0, {}, {{1, "poison"}});
  Verdict spouses = raised(2);
  spouses.person = kSpouse;
  commit(spouses);
  commit(raised(3));
  EXPECT_TRUE(isOverdue());
  receive(2);
  pass(60s);
  EXPECT_EQ(overdue().at(0).newest, 3U) << "neither reached anybody";
  receive(3);
  EXPECT_FALSE(isOverdue());
}

TEST_F(DeliveryWatchTest, AReceiptWithAGapLeavesTheOneInTheGap) {
  EXPECT_FALSE(isOverdue());
  commit(raised(1));
  pass(1s);
  const UtcTime second = now();
  commit(raised(2));
  commit(raised(3));
  EXPECT_FALSE(isOverdue());
  pass(61s);
  EXPECT_TRUE(isOverdue());
  receive(3, {{2, 2}});
  EXPECT_EQ(overdue(), (std::vector<Undelivered>{{kPerson, second, 3}}));
  receive(3);
  EXPECT_FALSE(isOverdue());
}

TEST_F(DeliveryWatchTest, OnlyWhatRaisesOrWorsensAtP1Counts) {
  EXPECT_FALSE(isOverdue());
  Verdict verdict = raised(1);
  verdict.priority = Priority::kP2;
  commit(verdict);
  verdict = raised(2);
  for (const auto transition : {Transition::kCleared, Transition::kCandidate, Transition::kHeld}) {
    verdict.transition = transition;
    commit(verdict);
  }
  EXPECT_FALSE(isOverdue());
  pass(24h);
  EXPECT_FALSE(isOverdue());
  verdict.transition = Transition::kWorsened;
  commit(verdict);
  EXPECT_FALSE(isOverdue());
  pass(60s);
  EXPECT_TRUE(isOverdue());
}

TEST_F(DeliveryWatchTest, AClearingDoesNotEndItAndAWithdrawalOfThatOneDoes) {
  EXPECT_FALSE(isOverdue());
  const Verdict first = raised(1);
  commit(first);
  Verdict cleared = raised(2);
  cleared.transition = Transition::kCleared;
  commit(cleared);
  Verdict ofAnother = raised(3);
  ofAnother.transition = Transition::kWithdrawn;
  ofAnother.withdraws = Transition::kRaised;
  commit(ofAnother);
  EXPECT_FALSE(isOverdue());
  pass(60s);
  EXPECT_TRUE(isOverdue());
  Verdict withdrawn = first;
  withdrawn.transition = Transition::kWithdrawn;
  withdrawn.withdraws = Transition::kRaised;
  commit(withdrawn);
  EXPECT_FALSE(isOverdue());
}

TEST_F(DeliveryWatchTest, TheWallClockHasNoSayInWhatThisProcessSaw) {
  EXPECT_FALSE(isOverdue());
  commit(raised(1));
  wallOffset = 24h * 365;
  EXPECT_FALSE(isOverdue());
  pass(59s);
  EXPECT_FALSE(isOverdue());
  wallOffset = -24h * 365;
  pass(1s);
  EXPECT_TRUE(isOverdue());
}

TEST_F(DeliveryWatchTest, ARestartedHubGoesOnFromTheCommit) {
  EXPECT_FALSE(isOverdue());
  commit(raised(1));
  EXPECT_FALSE(isOverdue());
  pass(30s);
  restart();
  EXPECT_FALSE(isOverdue());
  pass(29s);
  EXPECT_FALSE(isOverdue());
  pass(1s);
  EXPECT_TRUE(isOverdue());
}

TEST_F(DeliveryWatchTest, ARestartedHubGivesTheLinkAMomentAndThenTellsWhatWaitedTooLong) {
  commit(raised(1));
  commit(raised(2));
  pass(24h * 30);
  restart();
  EXPECT_FALSE(isOverdue());
  pass(14'999ms);
  EXPECT_FALSE(isOverdue());
  receive(1);
  pass(1ms);
  EXPECT_EQ(overdue().at(0).newest, 2U);
  receive(2);
  EXPECT_FALSE(isOverdue());
}

TEST_F(DeliveryWatchTest, AShortPatienceIsNeverMadeLongerByTheStart) {
  commit(raised(1));
  pass(1h);
  watch.emplace(journal, 5s);
  EXPECT_FALSE(isOverdue());
  pass(5s);
  EXPECT_TRUE(isOverdue());
}

TEST_F(DeliveryWatchTest, ARestartedHubWhoseClockIsBackTellsAMinuteAfterItsStart) {
  commit(raised(1));
  wallOffset = -24h;
  restart();
  EXPECT_FALSE(isOverdue());
  pass(59s);
  EXPECT_FALSE(isOverdue());
  pass(1s);
  EXPECT_TRUE(isOverdue());
}

TEST_F(DeliveryWatchTest, FindsWhatWaitsBehindALongBacklogOfOtherAlerts) {
  Verdict other = raised(1);
  other.priority = Priority::kP2;
  for (int i = 0; i < 250; ++i) commit(other);
  commit(raised(2));
  for (int i = 0; i < 250; ++i) commit(other);
  EXPECT_FALSE(isOverdue());
  pass(60s);
  EXPECT_EQ(overdue().at(0).newest, 251U);
}

TEST_F(DeliveryWatchTest, TellsEachPersonOnce) {
  EXPECT_FALSE(isOverdue());
  const UtcTime committed = now();
  commit(raised(1));
  commit(raised(2));
  Verdict spouses = raised(3);
  spouses.person = kSpouse;
  commit(spouses);
  EXPECT_FALSE(isOverdue());
  pass(60s);
  EXPECT_EQ(overdue(),
            (std::vector<Undelivered>{{kSpouse, committed, 3}, {kPerson, committed, 2}}));
  receive(2);
  EXPECT_EQ(overdue(), (std::vector<Undelivered>{{kSpouse, committed, 3}}));
}

TEST_F(DeliveryWatchTest, OneMoreThatWaitsTooLongShowsAndOneThatWasReceivedMeanwhileDoesNot) {
  EXPECT_FALSE(isOverdue());
  commit(raised(1));
  EXPECT_FALSE(isOverdue());
  pass(30s);
  commit(raised(2));
  commit(raised(3));
  EXPECT_FALSE(isOverdue());
  receive(3, {{1, 2}});
  pass(30s);
  EXPECT_EQ(overdue().at(0).newest, 1U);
  pass(30s);
  EXPECT_EQ(overdue().at(0).newest, 2U);
}

TEST_F(DeliveryWatchTest, ADiskThatCannotBeReadKeepsNobodyFromBeingToldOfWhatIsKnownToWait) {
  EXPECT_FALSE(isOverdue());
  commit(raised(1));
  EXPECT_FALSE(isOverdue());
  journal.outboxFault = Error{ErrorCode::kStorage, "disk"};
  pass(60s);
  EXPECT_FALSE(watch->onTick(now(), steady));
  ASSERT_EQ(watch->overdue().size(), 1U);
  EXPECT_EQ(watch->overdue()[0].newest, 1U);
  journal.outboxFault.reset();
  receive(1);
  EXPECT_FALSE(isOverdue());
}

TEST(Notices, SayWhatToDoInThePersonsLanguageAndNameNothingAboutHer) {
  Household household;
  Patient patient;
  patient.context.person = kPerson;
  patient.language = "en";
  household.patients = {patient};
  auto notices = noticesOf({{kPerson, test::kMorning, 3}, {kSpouse, test::kMorning, 4}}, household);
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_EQ(notices[0].kind, "undelivered");
  EXPECT_EQ(notices[0].language, "en");
  EXPECT_EQ(notices[1].language, "sv") << "of whom nothing is known";
  EXPECT_EQ(notices[0].text.en,
            "Your readings have not reached the care team yet. If you feel unwell, call 112. If "
            "you are unsure, call 1177 or your care team. The readings are kept, and are sent as "
            "soon as possible.");
  EXPECT_EQ(notices[0].text.sv,
            "Dina mätvärden har inte nått vården än. Mår du dåligt: ring 112. Är du osäker: ring "
            "1177 eller ditt vårdteam. Mätvärdena är sparade och skickas så snart det går.");
  EXPECT_EQ(notices[0].since, test::kMorning);
  EXPECT_EQ(notices[1].newest, 4U);
}

TEST(Notices, TheCarePlansWordsTakeThePlaceOf1177ButNotOf112) {
  Household household;
  Patient patient;
  patient.context.person = kPerson;
  patient.whenUnreached = Text{"Ta druvsocker och ring Anna, 070.", "Take glucose, call Anna."};
  household.patients = {patient};
  const auto notices = noticesOf({{kPerson, test::kMorning, 1}}, household);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_NE(notices[0].text.sv.find("ring 112. Ta druvsocker och ring Anna, 070. Mät"),
            std::string::npos);
  EXPECT_NE(notices[0].text.en.find("call 112. Take glucose, call Anna. The"), std::string::npos);
  EXPECT_EQ(notices[0].text.sv.find("1177"), std::string::npos);
}

}  // namespace
}  // namespace vardnav::hub
