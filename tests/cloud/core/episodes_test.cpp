// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud {
namespace {

using namespace testing;

const alerts::Actor kAnna{"anna", "Anna Berg"};
const alerts::Actor kBo{"bo", "Bo Ek"};
const std::vector<TeamId> kHome = {TeamId("home")};
const std::vector<TeamId> kCopd = {TeamId("copd")};

/// One open P1 of the diabetes team.
class OneEpisode : public ::testing::Test {
 protected:
  void SetUp() override {
    care.alertOn(1, glucose(1, 0, 28), Transition::kRaised, Priority::kP1, at(0));
    ASSERT_EQ(care.worklist("home").size(), 1U);
    id = care.worklist("home").front().id;
  }
  EpisodeSummary summary(const std::string& team = "home") { return care.worklist(team).at(0); }
  EpisodeDetail detail() { return **care.reader->episode(id, kHome); }
  ActOutcome acknowledge(std::uint64_t version, int minutes, const alerts::Actor& by = kAnna) {
    return *care.core->acknowledge(id, kHome, version, by, at(minutes));
  }
  std::string kinds() {
    std::string text;
    for (const EventView& event : detail().events) {
      if (!text.empty()) text += " ";
      text += alerts::nameOf(event.kind);
    }
    return text;
  }

  Care care;
  EpisodeId id;
};

TEST_F(OneEpisode, ReachesTheTeamOfItsEnrolmentAndNoOther) {
  EXPECT_EQ(summary().team.id, TeamId("home"));
  EXPECT_EQ(summary().team.kind, "municipality");
  EXPECT_EQ(summary().patient.name, "Test Testsson");
  EXPECT_EQ(summary().latest->value, Value::of(Decimal(28, -1)));
  EXPECT_TRUE(care.worklist("copd").empty());
  EXPECT_FALSE(care.reader->episode(id, kCopd)->has_value());
  const auto foreign = care.core->acknowledge(id, kCopd, summary().version, kBo, at(1));
  EXPECT_EQ(*foreign, ActOutcome::kNotFound);
}

TEST_F(OneEpisode, SaysWhyItCameHere) {
  const EpisodeDetail shown = detail();
  EXPECT_EQ(kinds(), "raised routed");
  EXPECT_EQ(shown.why.en, "Glucose 2.8.");
  ASSERT_TRUE(shown.route.enrolment.has_value());
  EXPECT_EQ(shown.route.enrolment->id, EnrolmentId("e-diabetes"));
  EXPECT_EQ(shown.route.enrolment->careGiver, "Uppsala");
  ASSERT_EQ(shown.route.steps.size(), 5U);
  EXPECT_EQ(shown.route.steps[0].outcome, routing::Outcome::kChosen);
  ASSERT_EQ(shown.inputs.size(), 1U);
  EXPECT_EQ(shown.inputs[0].reading, readingKey(1));
  ASSERT_TRUE(shown.trend.has_value());
  EXPECT_EQ(shown.trend->points.size(), 1U);
}

TEST_F(OneEpisode, ASecondAlertOfTheSameCauseIsTheSameEpisode) {
  care.alertOn(2, glucose(2, 3, 27), Transition::kRaised, Priority::kP1, at(3));
  ASSERT_EQ(care.worklist("home").size(), 1U);
  EXPECT_EQ(summary().id, id);
  EXPECT_EQ(kinds(), "raised routed repeated");
  EXPECT_EQ(detail().why.en, "Glucose 2.7.");
  EXPECT_EQ(care.counts().episodesRaised, 1U);
  EXPECT_EQ(care.counts().alertsReceived, 2U);
}

TEST_F(OneEpisode, IsOwnedByTheFirstOfTwo) {
  const auto version = summary().version;
  EXPECT_EQ(acknowledge(version, 1), ActOutcome::kDone);
  EXPECT_EQ(acknowledge(version, 1, kBo), ActOutcome::kVersionMoved);
  EXPECT_EQ(acknowledge(version + 1, 1, kBo), ActOutcome::kAlreadyAcknowledged);
  EXPECT_EQ(summary().owner, kAnna);
  EXPECT_EQ(summary().state, alerts::State::kAcknowledged);
}

TEST_F(OneEpisode, ClosesOnlyAfterAcknowledgementAndLeavesTheWorklist) {
  const auto close = [&](std::uint64_t version) {
    return *care.core->close(id, kHome, version, kAnna, alerts::CloseReason::kContactedAdvice,
                             "druckit saft", at(5));
  };
  EXPECT_EQ(close(summary().version), ActOutcome::kNotAcknowledged);
  EXPECT_EQ(acknowledge(summary().version, 1), ActOutcome::kDone);
  EXPECT_EQ(close(summary().version), ActOutcome::kDone);
  EXPECT_TRUE(care.worklist("home").empty());
  EXPECT_EQ(care.reader->closedEpisodes(kHome, 10)->size(), 1U);
  EXPECT_EQ(*care.core->runDue(at(10000)), std::nullopt);
  // A new firing is a new episode: the cause has none open.
  care.alertOn(2, glucose(2, 60, 27), Transition::kRaised, Priority::kP1, at(60));
  ASSERT_EQ(care.worklist("home").size(), 1U);
  EXPECT_NE(summary().id, id);
}

TEST_F(OneEpisode, ClimbsUntilSomebodyAccepts) {
  EXPECT_EQ(summary().nextAction.what, alerts::Due::kEscalate);
  EXPECT_EQ(summary().nextAction.at, at(10));
  EXPECT_EQ(summary().nextAction.to, "Kommunens jour");
  EXPECT_EQ(*care.core->runDue(at(9)), at(10));
  EXPECT_TRUE(care.worklist("duty").empty());
  EXPECT_EQ(*care.core->runDue(at(10)), at(20));
  EXPECT_EQ(care.worklist("duty").size(), 1U);
  EXPECT_EQ(care.worklist("home").size(), 1U);
  EXPECT_TRUE(summary().isEscalated);
  EXPECT_EQ(*care.core->runDue(at(20)), at(30));
  EXPECT_EQ(care.worklist("desk").size(), 1U);
  EXPECT_EQ(*care.core->runDue(at(30)), at(40));
  EXPECT_EQ(summary().team.id, TeamId("home"));
  EXPECT_EQ(kinds(), "raised routed escalated escalated routed escalated");
}

TEST_F(OneEpisode, IsRoutedAnewWhenItsEnrolmentHasMoved) {
  ASSERT_TRUE(care.core->runDue(at(10)));
  ASSERT_TRUE(care.core->runDue(at(20)));
  auto moved = registryOfTwoCareGivers();
  moved.enrolments[1] = enrolment("e-diabetes", "diabetes", "region", "copd");
  ASSERT_TRUE(store::SqlRegistryStore(*care.database).upsert(moved));
  ASSERT_TRUE(care.core->runDue(at(30)));
  EXPECT_EQ(care.worklist("copd").size(), 1U);
  EXPECT_TRUE(care.worklist("home").empty());
  const auto events = **care.reader->eventsAfter(0, 100);
  const auto& last = std::get<EpisodeChanged>(events.back().what);
  EXPECT_EQ(last.goneFrom, (std::vector<TeamId>{TeamId("duty"), TeamId("home")}));
}

TEST_F(OneEpisode, ANewP1CallsItsOwnerAgain) {
  EXPECT_EQ(acknowledge(summary().version, 1), ActOutcome::kDone);
  care.alertOn(2, glucose(2, 6, 26), Transition::kRaised, Priority::kP1, at(6));
  EXPECT_EQ(summary().state, alerts::State::kRaised);
  EXPECT_EQ(summary().owner, kAnna);
  EXPECT_EQ(summary().nextAction.at, at(11));
}

TEST_F(OneEpisode, ClearingLeavesItOpen) {
  care.alertOn(2, glucose(2, 6, 60), Transition::kCleared, Priority::kP1, at(6));
  EXPECT_TRUE(summary().isCleared);
  EXPECT_EQ(summary().state, alerts::State::kRaised);
  EXPECT_EQ(summary().nextAction.at, at(10));
  EXPECT_EQ(detail().why.en, "Glucose 2.8.");
}

TEST_F(OneEpisode, BecomesNotifiedWhenItIsShown) {
  const EpisodeId ids[] = {id};
  const auto version = summary().version;
  ASSERT_TRUE(care.core->noteShown(ids, kAnna, at(1)));
  const int rings = care.sink.rings;
  ASSERT_TRUE(care.core->noteShown(ids, kBo, at(1)));
  EXPECT_EQ(care.sink.rings, rings);
  EXPECT_EQ(summary().state, alerts::State::kNotified);
  EXPECT_EQ(acknowledge(version, 2), ActOutcome::kDone);
}

TEST_F(OneEpisode, SurvivesARestartWithItsTimer) {
  care.open();
  EXPECT_EQ(*care.core->runDue(at(3)), at(10));
  EXPECT_EQ(*care.core->runDue(at(50)), at(60));
  EXPECT_TRUE(summary().isEscalated);
}

TEST(Episodes, AClearThatOvertakesItsRaiseWaitsForIt) {
  Care care;
  care.alertOn(2, glucose(2, 6, 60), Transition::kCleared, Priority::kP1, at(7));
  EXPECT_TRUE(care.worklist("home").empty());
  care.alertOn(1, glucose(1, 0, 28), Transition::kRaised, Priority::kP1, at(8));
  ASSERT_EQ(care.worklist("home").size(), 1U);
  EXPECT_TRUE(care.worklist("home").front().isCleared);
}

TEST(Episodes, AClearOfAClosedOneDoesNotClearTheNext) {
  Care care;
  care.alertOn(2, glucose(2, 6, 60), Transition::kCleared, Priority::kP1, at(7));
  care.alertOn(3, glucose(3, 20, 28), Transition::kRaised, Priority::kP1, at(20));
  ASSERT_EQ(care.worklist("home").size(), 1U);
  EXPECT_FALSE(care.worklist("home").front().isCleared);
}

TEST(Episodes, ListsP1FirstThenTheOldestThatNobodyHas) {
  Care care;
  const auto raise = [&](int number, const std::string& rule, Priority priority) {
    const Observation input = glucose(number, number, 28);
    Verdict verdict = verdictOn(input, Transition::kRaised, priority);
    verdict.rule = RuleId(rule);
    care.sendAlerts({alertItem(static_cast<std::uint64_t>(number), verdict, {input})}, at(number));
  };
  raise(1, "a", Priority::kP2);
  raise(2, "b", Priority::kP2);
  raise(3, "c", Priority::kP1);
  raise(4, "d", Priority::kP1);
  const auto first = care.worklist("home").front();
  EXPECT_EQ(first.rule, RuleId("c"));
  ASSERT_EQ(*care.core->acknowledge(first.id, kHome, first.version, kAnna, at(5)),
            ActOutcome::kDone);
  std::string order;
  for (const EpisodeSummary& one : care.worklist("home")) order += one.rule.value;
  EXPECT_EQ(order, "dcab");
}

TEST(Episodes, WithoutAnEnrolmentReachTheServiceDesk) {
  Care care;
  const Observation input = glucose(1, 0, 28);
  Verdict verdict = verdictOn(input, Transition::kRaised, Priority::kP1);
  verdict.condition = ConditionId("heart-failure");
  care.sendAlerts({alertItem(1, verdict, {input})});
  ASSERT_EQ(care.worklist("desk").size(), 1U);
  EXPECT_EQ(care.worklist("desk").front().team.kind, "service");
  EXPECT_EQ(care.counts().episodesRouted, 1U);
}

}  // namespace
}  // namespace vardnav::cloud
