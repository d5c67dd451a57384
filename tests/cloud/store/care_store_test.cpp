// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The contract of CareStore, for every implementation.
#include <gtest/gtest.h>

#include <algorithm>

#include "cloud/alerts/life_cycle.h"
#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud {
namespace {

using namespace testing;

/// A store with the registry of two care givers in it.
struct Held {
  virtual ~Held() = default;
  virtual CareStore& store() = 0;
};

struct SqliteHeld final : Held {
  CareStore& store() override { return *care.careStore; }
  Care care;
};

using MakeHeld = std::unique_ptr<Held> (*)();

class CareStoreContract : public ::testing::TestWithParam<MakeHeld> {
 protected:
  void SetUp() override { held = GetParam()(); }
  std::unique_ptr<CareTransaction> begin() {
    auto begun = held->store().begin();
    EXPECT_TRUE(begun.has_value());
    return *std::move(begun);
  }
  StoredEpisode raised(const Verdict& on, UtcTime now) {
    StoredEpisode episode;
    episode.id = EpisodeId(on.key.toHex());
    episode.person = on.person;
    episode.rule = on.rule;
    episode.condition = on.condition;
    episode.hub = HubId("hub-1");
    episode.title = on.title;
    episode.why = on.why;
    alerts::apply(episode.state, alerts::raise(on, now));
    return episode;
  }

  const StreamKey stream{HubId("hub-1"), EpochId("epoch-1"), wire::Stream::kReading};
  const Observation low = glucose(1, 0, 28);
  const Verdict verdict = verdictOn(low, Transition::kRaised, Priority::kP1);
  std::unique_ptr<Held> held;
};

TEST_P(CareStoreContract, ForgetsWhatWasNotCommitted) {
  begin()->insertReading(low.reading, low.person, HubId("hub-1"), Bringer::kReadingItem, at(0));
  auto transaction = begin();
  EXPECT_EQ(*transaction->insertReading(low.reading, low.person, HubId("hub-1"),
                                        Bringer::kReadingItem, at(0)),
            ReadingInsert::kNew);
  ASSERT_TRUE(transaction->commit());
  transaction.reset();
  EXPECT_EQ(*begin()->insertReading(low.reading, low.person, HubId("hub-1"), Bringer::kReadingItem,
                                    at(0)),
            ReadingInsert::kKnown);
}

TEST_P(CareStoreContract, UndoesOneItemAndKeepsItsNeighbours) {
  auto transaction = begin();
  const auto insert = [&](int number) {
    return *transaction->insertReading(readingKey(number), low.person, HubId("hub-1"),
                                       Bringer::kReadingItem, at(0));
  };
  ASSERT_TRUE(transaction->beginItem());
  EXPECT_EQ(insert(1), ReadingInsert::kNew);
  ASSERT_TRUE(transaction->keepItem());
  ASSERT_TRUE(transaction->beginItem());
  EXPECT_EQ(insert(2), ReadingInsert::kNew);
  ASSERT_TRUE(transaction->undoItem());
  EXPECT_EQ(insert(1), ReadingInsert::kKnown);
  EXPECT_EQ(insert(2), ReadingInsert::kNew);
}

TEST_P(CareStoreContract, KeepsReceivedRangesByStream) {
  using Ranges = std::vector<wire::SequenceRange>;
  const Ranges ranges = {{1, 4}, {7, 9}};
  auto transaction = begin();
  ASSERT_TRUE(transaction->setReceived(stream, ranges));
  EXPECT_EQ(*transaction->received(stream), ranges);
  StreamKey alerts = stream;
  alerts.stream = wire::Stream::kAlert;
  EXPECT_TRUE(transaction->received(alerts)->empty());
  ASSERT_TRUE(transaction->setReceived(stream, Ranges{{1, 9}}));
  EXPECT_EQ(*transaction->received(stream), (Ranges{{1, 9}}));
}

TEST_P(CareStoreContract, KeepsWhatIsSetAsideOnce) {
  auto transaction = begin();
  SetAsideItem item{HubId("hub-1"), stream, 4, "conflict", "", "{}"};
  ASSERT_TRUE(transaction->setAside(item, at(0)));
  ASSERT_TRUE(transaction->setAside(item, at(1)));
  item.sequence = 9;
  ASSERT_TRUE(transaction->setAside(item, at(1)));
  EXPECT_EQ(*transaction->setAsideIn(stream, 1, 8), (std::vector<wire::SetAside>{{4, "conflict"}}));
  EXPECT_EQ(transaction->setAsideIn(stream, 1, 9)->size(), 2U);
}

TEST_P(CareStoreContract, KnowsWhoBroughtAReading) {
  auto transaction = begin();
  const auto insert = [&](Bringer bringer, const char* person = "p-1") {
    return *transaction->insertReading(low.reading, PersonId(person), HubId("hub-1"), bringer,
                                       at(0));
  };
  EXPECT_EQ(insert(Bringer::kAlertItem), ReadingInsert::kNew);
  EXPECT_EQ(insert(Bringer::kAlertItem), ReadingInsert::kKnown);
  EXPECT_EQ(insert(Bringer::kReadingItem), ReadingInsert::kExpected);
  EXPECT_EQ(insert(Bringer::kReadingItem), ReadingInsert::kKnown);
  EXPECT_EQ(insert(Bringer::kReadingItem, "p-2"), ReadingInsert::kConflict);
}

TEST_P(CareStoreContract, HoldsOneValueForAReadingItsCodeAndRevision) {
  auto transaction = begin();
  ASSERT_TRUE(transaction->insertReading(low.reading, low.person, HubId("hub-1"),
                                         Bringer::kReadingItem, at(0)));
  EXPECT_EQ(*transaction->insertObservation(low), ObservationInsert::kNew);
  EXPECT_EQ(*transaction->insertObservation(low), ObservationInsert::kKnown);
  Observation other = low;
  other.value = Value::of(Decimal(29, -1));
  EXPECT_EQ(*transaction->insertObservation(other), ObservationInsert::kConflict);
  other.revision = 2;
  EXPECT_EQ(*transaction->insertObservation(other), ObservationInsert::kNew);
}

TEST_P(CareStoreContract, RefusesAnObservationWithoutItsReading) {
  EXPECT_FALSE(begin()->insertObservation(low).has_value());
}

TEST_P(CareStoreContract, KnowsAVerdictAgainAndFindsThoseThatWait) {
  auto transaction = begin();
  const auto say = [&](Speaker speaker) {
    return *transaction->insertVerdict(verdict, {}, HubId("hub-1"), at(0), speaker);
  };
  EXPECT_EQ(say(Speaker::kHub), VerdictInsert::kNew);
  EXPECT_EQ(say(Speaker::kHub), VerdictInsert::kKnown);
  EXPECT_EQ(say(Speaker::kBackend), VerdictInsert::kWaited);
  EXPECT_EQ(say(Speaker::kBackend), VerdictInsert::kKnown);
  const auto waiting = [&](int told) {
    return transaction->unattachedVerdicts(verdict.person, verdict.rule, at(told))->size();
  };
  EXPECT_EQ(waiting(0), 1U);
  EXPECT_EQ(waiting(1), 0U);
  const auto found = *transaction->unattachedVerdicts(verdict.person, verdict.rule, at(0));
  EXPECT_EQ(found[0].key, verdict.key);
  EXPECT_EQ(found[0].why, verdict.why);
  ASSERT_TRUE(transaction->attachVerdict(verdict, EpisodeId("e")));
  EXPECT_EQ(waiting(0), 0U);
}

TEST_P(CareStoreContract, HoldsOneOpenEpisodePerCause) {
  auto transaction = begin();
  const StoredEpisode episode = raised(verdict, at(0));
  ASSERT_TRUE(transaction->insertEpisode(episode));
  StoredEpisode second = episode;
  second.id = EpisodeId("another");
  const auto refused = transaction->insertEpisode(second);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
  second.rule = RuleId("another-rule");
  EXPECT_TRUE(transaction->insertEpisode(second));
}

TEST_P(CareStoreContract, FoldsAnEpisodeFromItsEvents) {
  auto transaction = begin();
  StoredEpisode episode = raised(verdict, at(0));
  ASSERT_TRUE(transaction->insertEpisode(episode));
  const auto append = [&](const alerts::Event& event) {
    alerts::apply(episode.state, event);
    ASSERT_TRUE(transaction->appendEvent(episode.id, event));
  };
  ASSERT_TRUE(transaction->appendEvent(episode.id, alerts::raise(verdict, at(0))));
  const routing::Decision decision =
      routing::decide({verdict.person, verdict.condition, Priority::kP1, at(0)},
                      *transaction->directory(verdict.person));
  ASSERT_TRUE(transaction->appendRoute(episode.id, decision));
  append(alerts::routed(decision, at(0)));
  const alerts::Actor anna{"anna", "Anna Berg"};
  append(*alerts::acknowledge(episode.state, episode.state.version, anna, at(3)));
  append(*alerts::close(episode.state, episode.state.version, anna,
                        alerts::CloseReason::kVisitBooked, "kl 14", at(4)));
  episode.audience = {TeamId("home")};
  ASSERT_TRUE(transaction->updateEpisode(episode));
  ASSERT_TRUE(transaction->commit());
  transaction.reset();

  transaction = begin();
  EXPECT_FALSE(transaction->openEpisodeOf(verdict.person, verdict.rule)->has_value());
  const auto read = **transaction->episode(episode.id);
  EXPECT_EQ(read.state.state, alerts::State::kClosed);
  EXPECT_EQ(read.state.version, 4U);
  EXPECT_EQ(read.state.owner, anna);
  EXPECT_EQ(read.audience, episode.audience);
  const auto events = *transaction->eventsOf(episode.id);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[0].firing->verdict, verdict.key);
  EXPECT_EQ(events[3].reason, alerts::CloseReason::kVisitBooked);
  EXPECT_EQ(events[3].note, "kl 14");
  const auto route = *transaction->routeOf(episode.id);
  EXPECT_EQ(route.explanation, decision.explanation);
  EXPECT_EQ(route.enrolment->id, EnrolmentId("e-diabetes"));
  EXPECT_EQ(route.steps.size(), decision.steps.size());
  EXPECT_EQ(route.recipients()[1].team, TeamId("duty"));
}

TEST_P(CareStoreContract, GivesWhatIsDueTheLongestOverdueFirst) {
  auto transaction = begin();
  for (int i = 0; i < 3; ++i) {
    Verdict one = verdict;
    one.rule = RuleId("rule-" + std::to_string(i));
    StoredEpisode episode = raised(one, at(-i));
    episode.id = EpisodeId("e-" + std::to_string(i));
    ASSERT_TRUE(transaction->insertEpisode(episode));
  }
  EXPECT_TRUE(transaction->due(at(7), 10)->empty());
  EXPECT_EQ(*transaction->due(at(9), 10),
            (std::vector<EpisodeId>{EpisodeId("e-2"), EpisodeId("e-1")}));
  EXPECT_EQ(transaction->due(at(60), 1)->size(), 1U);
  ASSERT_TRUE(transaction->commit());
  transaction.reset();
  EXPECT_EQ(*held->store().nextDue(), at(8));
}

TEST_P(CareStoreContract, KnowsPersonsOfAHub) {
  auto transaction = begin();
  EXPECT_EQ(**transaction->personsOf(HubId("hub-1")), (std::vector<PersonId>{PersonId("p-1")}));
  EXPECT_FALSE(transaction->personsOf(HubId("hub-9"))->has_value());
}

INSTANTIATE_TEST_SUITE_P(Sqlite, CareStoreContract,
                         ::testing::Values(+[]() -> std::unique_ptr<Held> {
                           return std::make_unique<SqliteHeld>();
                         }));

}  // namespace
}  // namespace vardnav::cloud
