// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/alerts/episode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "cloud/alerts/life_cycle.h"

namespace vardnav::cloud::alerts {
namespace {

using namespace std::chrono_literals;

const Actor kAnna{"anna", "Anna Berg"};
const Actor kBo{"bo", "Bo Ek"};

/// Minutes after 10:00 on Tuesday 24 November 2026 in Stockholm.
UtcTime at(int minutes) {
  return *parseRfc3339("2026-11-24T09:00:00Z") + std::chrono::minutes{minutes};
}

Verdict verdict(Transition transition, Priority priority, int told, std::uint8_t id = 0) {
  Verdict made;
  made.key.octets[0] = static_cast<std::uint8_t>(told);
  made.key.octets[1] = id;
  made.transition = transition;
  made.priority = priority;
  made.at = made.told = at(told);
  made.title = {"Lågt glukos", "Low glucose"};
  return made;
}

routing::Decision route() {
  using routing::Level;
  using routing::Outcome;
  routing::Decision made;
  made.steps = {{Level::kTeam, Outcome::kChosen, TeamId("team"), "Team", {}},
                {Level::kBackup, Outcome::kNext, TeamId("backup"), "Backup", {}},
                {Level::kDuty, Outcome::kNext, TeamId("duty"), "Duty", {}},
                {Level::kServiceOwner, Outcome::kNext, TeamId("desk"), "Desk", {}}};
  return made;
}

/// An episode in virtual time: what happens, and what is due.
class Timeline {
 public:
  explicit Timeline(Priority priority) {
    append(raise(verdict(Transition::kRaised, priority, 0), at(0)));
    append(routed(route(), at(0)));
  }

  void append(const Event& event) { events_.push_back(event); }
  Episode now() const { return fold(events_); }
  void tellAt(int minutes, Transition transition, Priority priority) {
    append(tell(now(), verdict(transition, priority, minutes), at(minutes)));
  }
  void acknowledgeAt(int minutes, const Actor& by = kAnna) {
    append(*acknowledge(now(), now().version, by, at(minutes)));
  }
  /// "escalate 10": what is due and when, in minutes.
  std::string due() const {
    const Episode episode = now();
    const auto minutes =
        std::chrono::duration_cast<std::chrono::minutes>(episode.dueAt - at(0)).count();
    return std::string(nameOf(episode.due)) + " " + std::to_string(minutes);
  }
  /// Lets the next due thing happen at its time: "10 escalated desk".
  std::string next() {
    const Episode episode = now();
    const auto event = advance(episode, route(), episode.dueAt);
    if (!event) return "nothing";
    append(*event);
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(event->at - at(0));
    return std::to_string(minutes.count()) + " " + std::string(nameOf(event->kind)) + " " +
           event->team.value;
  }

 private:
  std::vector<Event> events_;
};

TEST(Episode, P1ClimbsUntilAHumanAccepts) {
  Timeline line(Priority::kP1);
  EXPECT_EQ(line.next(), "10 escalated backup");
  EXPECT_FALSE(isRoutedAnew(fold({})));
  EXPECT_EQ(line.next(), "20 escalated desk");
  EXPECT_TRUE(isRoutedAnew(line.now()));
  EXPECT_EQ(line.next(), "30 escalated team");
  EXPECT_EQ(line.next(), "40 escalated backup");
  for (int i = 0; i < 1000; ++i) ASSERT_NE(line.next(), "nothing");
  EXPECT_TRUE(line.now().isEscalated);
  EXPECT_EQ(line.now().state, State::kRaised);
}

TEST(Episode, P2ClimbsHourlyAndStaysAtTheDesk) {
  Timeline line(Priority::kP2);
  EXPECT_EQ(line.next(), "60 escalated backup");
  EXPECT_EQ(line.next(), "120 escalated duty");
  EXPECT_EQ(line.next(), "180 escalated desk");
  EXPECT_EQ(line.next(), "240 escalated desk");
}

TEST(Episode, P3IsRemindedEachWorkingMorning) {
  Timeline line(Priority::kP3);
  EXPECT_EQ(line.next(), std::to_string(22 * 60) + " reminded team");
  EXPECT_EQ(line.next(), std::to_string(46 * 60) + " reminded team");
}

TEST(Episode, NothingIsDueOneMillisecondBefore) {
  Timeline line(Priority::kP1);
  EXPECT_FALSE(advance(line.now(), route(), at(10) - 1ms).has_value());
  EXPECT_TRUE(advance(line.now(), route(), at(10)).has_value());
}

TEST(Episode, ADeskAloneIsCalledAgainAndAgain) {
  routing::Decision only;
  only.steps = {{routing::Level::kServiceOwner, routing::Outcome::kChosen, TeamId("desk"), "", {}}};
  std::vector<Event> events = {raise(verdict(Transition::kRaised, Priority::kP1, 0), at(0)),
                               routed(only, at(0))};
  for (int i = 1; i <= 6; ++i) {
    events.push_back(*advance(fold(events), only, at(10 * i)));
    EXPECT_EQ(events.back().team, TeamId("desk"));
  }
}

struct ContactRow {
  Priority priority;
  int acknowledgedAt;
  std::string due;
};

class Contact : public testing::TestWithParam<ContactRow> {};

TEST_P(Contact, IsDueAfterTheAcknowledgementAndTheRaise) {
  Timeline line(GetParam().priority);
  line.acknowledgeAt(GetParam().acknowledgedAt);
  EXPECT_EQ(line.due(), GetParam().due);
}

INSTANTIATE_TEST_SUITE_P(Table, Contact,
                         testing::Values(ContactRow{Priority::kP1, 2, "remind 17"},
                                         ContactRow{Priority::kP1, 15, "remind 30"},
                                         ContactRow{Priority::kP1, 20, "remind 30"},
                                         ContactRow{Priority::kP1, 45, "remind 50"},
                                         ContactRow{Priority::kP2, 2, "remind 62"},
                                         ContactRow{Priority::kP2, 50, "remind 90"},
                                         ContactRow{Priority::kP3, 2, "remind 1320"}));

TEST(Episode, OverdueContactEscalatesLikeAnUnacceptedAlert) {
  Timeline line(Priority::kP1);
  line.acknowledgeAt(2);
  EXPECT_EQ(line.next(), "17 reminded team");
  EXPECT_EQ(line.now().state, State::kAcknowledged);
  EXPECT_EQ(line.next(), "27 escalated backup");
  EXPECT_EQ(line.now().state, State::kRaised);
  EXPECT_EQ(line.now().owner, kAnna);
  EXPECT_EQ(line.next(), "37 escalated desk");
  line.acknowledgeAt(40, kBo);
  EXPECT_EQ(line.now().owner, kBo);
  EXPECT_EQ(line.due(), "remind 45");
}

TEST(Episode, BegunHasAReviewDate) {
  Timeline line(Priority::kP1);
  line.acknowledgeAt(2);
  line.append(*begin(line.now(), line.now().version, kAnna, at(5)));
  EXPECT_EQ(line.now().state, State::kInProgress);
  EXPECT_EQ(line.due(), "remind 1320");
  EXPECT_EQ(line.next(), "1320 reminded team");
  EXPECT_EQ(line.due(), "remind 2760");
}

TEST(Episode, ClearingClosesNothingAndStopsNoTimer) {
  for (const Priority priority : {Priority::kP1, Priority::kP2, Priority::kP3}) {
    Timeline line(priority);
    const std::string before = line.due();
    line.tellAt(3, Transition::kCleared, priority);
    EXPECT_TRUE(line.now().isCleared);
    EXPECT_EQ(line.now().state, State::kRaised);
    EXPECT_EQ(line.due(), before);
  }
}

TEST(Episode, ANewP1CallsTheOwnerAgainForFiveMinutes) {
  Timeline line(Priority::kP1);
  line.acknowledgeAt(2);
  line.tellAt(10, Transition::kRaised, Priority::kP1);
  EXPECT_EQ(line.now().state, State::kRaised);
  EXPECT_EQ(line.now().owner, kAnna);
  EXPECT_EQ(line.next(), "15 escalated backup");
}

TEST(Episode, ANewP1NeverPostponesWhatIsDue) {
  Timeline line(Priority::kP1);
  line.tellAt(8, Transition::kRaised, Priority::kP1);
  EXPECT_EQ(line.due(), "escalate 10");
  Timeline early(Priority::kP1);
  early.tellAt(2, Transition::kRaised, Priority::kP1);
  EXPECT_EQ(early.due(), "escalate 7");
}

TEST(Episode, AfterAClearTheLadderStartsAnew) {
  Timeline line(Priority::kP2);
  EXPECT_EQ(line.next(), "60 escalated backup");
  line.acknowledgeAt(65);
  line.tellAt(70, Transition::kCleared, Priority::kP2);
  EXPECT_EQ(line.now().state, State::kAcknowledged);
  line.tellAt(80, Transition::kRaised, Priority::kP2);
  EXPECT_EQ(line.now().state, State::kRaised);
  EXPECT_FALSE(line.now().isCleared);
  EXPECT_EQ(line.due(), "escalate 140");
}

TEST(Episode, WorseningCallsAgainAndNeverEases) {
  Timeline line(Priority::kP2);
  line.acknowledgeAt(5);
  line.tellAt(20, Transition::kWorsened, Priority::kP1);
  EXPECT_EQ(line.now().priority, Priority::kP1);
  EXPECT_EQ(line.next(), "25 escalated backup");
  line.acknowledgeAt(26);
  line.tellAt(30, Transition::kCleared, Priority::kP1);
  line.tellAt(40, Transition::kRaised, Priority::kP2);
  EXPECT_EQ(line.now().priority, Priority::kP1);
}

TEST(Episode, AnOldFiringThatComesLateDisturbsNobody) {
  Timeline line(Priority::kP1);
  line.tellAt(5, Transition::kRaised, Priority::kP1);
  line.acknowledgeAt(6);
  const std::string before = line.due();
  line.append(tell(line.now(), verdict(Transition::kRaised, Priority::kP1, 3), at(10)));
  EXPECT_EQ(line.now().state, State::kAcknowledged);
  EXPECT_EQ(line.due(), before);
}

TEST(Episode, ShownOnceBecomesNotifiedWithoutMovingTheVersion) {
  Timeline line(Priority::kP1);
  const auto version = line.now().version;
  line.append(*notified(line.now(), kAnna, at(1)));
  EXPECT_EQ(line.now().state, State::kNotified);
  EXPECT_EQ(line.now().version, version);
  EXPECT_EQ(line.due(), "escalate 10");
  EXPECT_FALSE(notified(line.now(), kBo, at(2)).has_value());
}

TEST(Episode, RefusesWhatDoesNotFit) {
  Timeline line(Priority::kP1);
  const auto version = line.now().version;
  EXPECT_EQ(close(line.now(), version, kAnna, CloseReason::kExpected, "", at(1)).error(),
            Refusal::kNotAcknowledged);
  EXPECT_EQ(begin(line.now(), version, kAnna, at(1)).error(), Refusal::kNotAcknowledged);
  EXPECT_EQ(acknowledge(line.now(), version + 1, kAnna, at(1)).error(), Refusal::kVersionMoved);
  line.acknowledgeAt(1);
  EXPECT_EQ(acknowledge(line.now(), version, kBo, at(1)).error(), Refusal::kVersionMoved);
  EXPECT_EQ(acknowledge(line.now(), version + 1, kBo, at(1)).error(),
            Refusal::kAlreadyAcknowledged);
  line.append(
      *close(line.now(), version + 1, kAnna, CloseReason::kContactedAdvice, "called", at(2)));
  EXPECT_EQ(line.now().state, State::kClosed);
  EXPECT_EQ(line.due().substr(0, 4), "none");
  EXPECT_EQ(acknowledge(line.now(), line.now().version, kBo, at(3)).error(), Refusal::kClosed);
  EXPECT_EQ(close(line.now(), line.now().version, kBo, CloseReason::kExpected, "", at(3)).error(),
            Refusal::kClosed);
  EXPECT_FALSE(advance(line.now(), route(), at(100000)).has_value());
}

TEST(Episode, NamesGoBothWays) {
  for (int i = 0; i < 11; ++i) {
    const auto kind = static_cast<EventKind>(i);
    EXPECT_EQ(eventKindFromName(nameOf(kind)), kind);
  }
  for (int i = 0; i < 9; ++i) {
    const auto reason = static_cast<CloseReason>(i);
    EXPECT_EQ(closeReasonFromName(nameOf(reason)), reason);
  }
  EXPECT_EQ(nameOf(CloseReason::kRuleUnsuitable), "rule-unsuitable");
  EXPECT_EQ(nameOf(State::kInProgress), "in_progress");
  EXPECT_FALSE(stateFromName("open").has_value());
}

/// Clinical facts of an episode that has had these verdicts in this order.
std::string facts(const std::vector<Verdict>& verdicts) {
  std::vector<Event> events = {raise(verdicts.front(), at(500))};
  for (std::size_t i = 1; i < verdicts.size(); ++i) {
    events.push_back(tell(fold(events), verdicts[i], at(500)));
  }
  const Episode episode = fold(events);
  return std::string(nameOf(episode.priority)) + (episode.isCleared ? " cleared " : " holds ") +
         episode.earliest.verdict.toHex() + " " + episode.newestRaise.verdict.toHex();
}

TEST(Episode, ClinicalFactsDoNotDependOnTheOrderOfArrival) {
  std::vector<Verdict> verdicts = {verdict(Transition::kRaised, Priority::kP3, 0),
                                   verdict(Transition::kWorsened, Priority::kP2, 5),
                                   verdict(Transition::kRaised, Priority::kP2, 9),
                                   verdict(Transition::kCleared, Priority::kP2, 12),
                                   verdict(Transition::kRaised, Priority::kP1, 20),
                                   verdict(Transition::kCleared, Priority::kP1, 30)};
  const std::string expected = facts(verdicts);
  EXPECT_TRUE(expected.starts_with("P1 cleared"));
  std::mt19937 random(42);
  for (int round = 0; round < 500; ++round) {
    std::ranges::shuffle(verdicts, random);
    const auto raise = std::ranges::find_if(
        verdicts, [](const Verdict& v) { return v.transition != Transition::kCleared; });
    std::iter_swap(verdicts.begin(), raise);
    ASSERT_EQ(facts(verdicts), expected);
  }
}

TEST(Episode, EveryOpenOneHasANextAction) {
  std::mt19937 random(11);
  const auto pick = [&](int n) { return std::uniform_int_distribution(0, n - 1)(random); };
  for (int round = 0; round < 500; ++round) {
    Timeline line(static_cast<Priority>(1 + pick(3)));
    for (int minute = 1; minute < 200 && line.now().state != State::kClosed;
         minute += 1 + pick(9)) {
      const Episode episode = line.now();
      Step act = std::unexpected(Refusal::kClosed);
      switch (pick(6)) {
        case 0:
          line.tellAt(minute, static_cast<Transition>(pick(3)), static_cast<Priority>(1 + pick(3)));
          break;
        case 1:
          act = acknowledge(episode, episode.version, kAnna, at(minute));
          break;
        case 2:
          act = begin(episode, episode.version, kAnna, at(minute));
          break;
        case 3:
          if (pick(8) == 0) {
            act = close(episode, episode.version, kAnna, CloseReason::kExpected, "", at(minute));
          }
          break;
        default:
          if (const auto event = advance(episode, route(), at(minute))) line.append(*event);
      }
      if (act) line.append(*act);
      const Episode after = line.now();
      if (after.state == State::kClosed) break;
      ASSERT_NE(after.due, Due::kNothing);
      ASSERT_GT(after.dueAt, at(0));
      ASSERT_LE(after.dueAt - at(minute), 96h);
    }
  }
}

}  // namespace
}  // namespace vardnav::cloud::alerts
