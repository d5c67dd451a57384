// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The backend's own verdicts, and how they meet the hub's.
#include "cloud/core/judging.h"

#include <gtest/gtest.h>

#include <array>

#include "cloud/store/sql_configuration_books.h"
#include "tests/cloud/core/care_fixture.h"
#include "tests/cloud/registry/signed_rules.h"

namespace vardnav::cloud {
namespace {

using namespace testing;

class Judged : public ::testing::Test {
 protected:
  Judged() {
    store::SqlConfigurationBooks books(*care.database);
    const cloud::test::Signers by;
    const auto set = registry::checkRuleSet(
        by.sign(cloud::test::ruleSet("diabetes", 1, {"glucose-low", "temperature"})), by.trusted());
    EXPECT_TRUE(set) << set.error();
    EXPECT_TRUE(books.insert(*set, at(-99)));
    registry::Registry registry = registryOfTwoCareGivers();
    registry.rules = {{EnrolmentId("e-diabetes"), "diabetes", 1, at(-99)}};
    EXPECT_TRUE(store::SqlRegistryStore(*care.database).upsert(registry));
    registry::ConfigurationDesk desk(books, SigningKey::generate().value());
    issued = desk.renewAll(at(-1)).value().at(0).hash;
    beat(0);
  }

  void beat(int minutes, std::uint64_t backlog = 0) {
    wire::Status status;
    status.hub = HubId("hub-1");
    status.epoch = EpochId("epoch-1");
    status.at = at(minutes);
    status.readingBacklog = backlog;
    status.configuration.hash = issued;
    status.isClockSynchronised = isSynchronised;
    ASSERT_TRUE(care.core->ingest(HubId("hub-1"), "status", encode(status), at(minutes)));
  }
  /// The backend's one verdict, as the hub would send it.
  Verdict ownVerdict() {
    auto rows = care.database->prepare("SELECT body FROM verdict WHERE said_by_backend=1");
    EXPECT_TRUE(rows.step().value_or(false));
    return wire::decodeVerdict(rows.text(0)).value();
  }
  std::vector<TechnicalView> divergences() {
    auto alerts = care.reader->technicalAlerts(true, 99).value();
    std::erase_if(alerts, [](const TechnicalView& view) {
      return view.alert.cause.kind != technical_kind::kDivergence;
    });
    return alerts;
  }

  Care care;
  std::string issued;
  bool isSynchronised = true;
};

TEST_F(Judged, AReadingIsJudgedInTheTransactionThatStoresIt) {
  care.sendReadings({readingItem(1, {glucose(1, 0, 25)})}, at(0));
  ASSERT_EQ(care.worklist("home").size(), 1U) << "without any word of the hub";
  EXPECT_EQ(care.worklist("home")[0].priority, Priority::kP1);
  EXPECT_EQ(care.worklist("home")[0].rule, RuleId("glucose-low"));
  EXPECT_TRUE(care.worklist("copd").empty());
}

Observation fever(int number, int minutes) {
  Observation one = glucose(number, minutes, 0);
  one.code = Code::kTemperature;
  one.value = Value::of(Decimal(405, -1));
  one.unit = Unit::kDegreeCelsius;
  one.shown = Quantity{Decimal(405, -1), Unit::kDegreeCelsius};
  return one;
}

Pause pauseOfRule(const std::string& rule, int from, int until) {
  Pause pause;
  pause.id = rule;
  pause.person = PersonId("p-1");
  pause.rule = RuleId(rule);
  pause.from = at(from);
  pause.until = at(until);
  return pause;
}

TEST_F(Judged, APausedRuleTellsNothingUntilItsEndAndThenWhatHolds) {
  const auto told = [&] {
    return care.number("SELECT count(*) FROM verdict WHERE rule='temperature'");
  };
  ASSERT_TRUE(*care.core->keepPause(pauseOfRule("temperature", 1, 60)));
  care.sendReadings({readingItem(1, {fever(1, 10)})}, at(10));
  beat(59);
  EXPECT_EQ(told(), 0);
  beat(61);
  EXPECT_EQ(told(), 1) << "it ends by itself, and the fever is still what is known";
}

TEST_F(Judged, APauseThatIsEndedEarlierTellsFromThen) {
  Pause pause = pauseOfRule("temperature", 1, 600);
  ASSERT_TRUE(*care.core->keepPause(pause));
  care.sendReadings({readingItem(1, {fever(1, 10)})}, at(10));
  pause.endedAt = at(21);
  ASSERT_TRUE(*care.core->keepPause(pause));
  care.sendReadings({readingItem(2, {fever(2, 30)})}, at(30));
  EXPECT_EQ(care.number("SELECT count(*) FROM verdict WHERE rule='temperature' AND at_utc_ms=" +
                        std::to_string(at(21).time_since_epoch().count())),
            1);
}

TEST_F(Judged, AFloorRuleIsNeverHeldWhateverIsStored) {
  ASSERT_TRUE(*care.core->keepPause(pauseOfRule("glucose-low", -60, 600)));
  care.sendReadings({readingItem(1, {glucose(1, 0, 25)})}, at(0));
  EXPECT_EQ(care.worklist("home").size(), 1U);
}

/// One rule or a context that this version cannot read silences nothing else, and is no secret.
TEST_F(Judged, WhatCannotBeReadIsToldAndTheRestWatches) {
  const auto unreadable = [&] {
    auto alerts = care.reader->technicalAlerts(true, 99).value();
    std::erase_if(alerts, [](const TechnicalView& view) {
      return view.alert.cause.kind != technical_kind::kRulesUnreadable;
    });
    return alerts;
  };
  ASSERT_TRUE(care.database->execute(
      "UPDATE rule_document SET document='{\"format\":9}' WHERE rule='temperature'"));
  // Compiled rules are looked at again when the registry says something else.
  ASSERT_TRUE(care.database->execute(
      R"(UPDATE patient_care SET context='{"format":1,"facts":{"sglt2-inhibitor":true}}')"));
  beat(1);
  ASSERT_EQ(unreadable().size(), 1U);
  EXPECT_EQ(unreadable()[0].alert.cause.person, PersonId("p-1"));
  EXPECT_NE(unreadable()[0].alert.detail.find("update the backend"), std::string::npos);
  care.sendReadings({readingItem(1, {glucose(1, 2, 25)})}, at(2));
  EXPECT_EQ(care.worklist("home").size(), 1U) << "the other rule watches";

  ASSERT_TRUE(care.database->execute("UPDATE patient_care SET context='{\"format\":9}'"));
  care.sendReadings({readingItem(2, {glucose(2, 3, 70)}), readingItem(3, {glucose(3, 4, 24)})},
                    at(4));
  EXPECT_EQ(care.number("SELECT count(*) FROM verdict WHERE said_by_backend=1"), 3)
      << "raised, cleared, raised: a floor rule needs no context";
  beat(5);
  EXPECT_NE(unreadable().at(0).alert.detail.find("context"), std::string::npos);

  ASSERT_TRUE(care.database->execute("DELETE FROM hub_person WHERE hub='hub-1'"));
  beat(6);
  EXPECT_TRUE(unreadable().empty()) << "nobody of this hub's any more";
}

TEST_F(Judged, TheSameVerdictOfBothSidesIsOneEventOfOneEpisode) {
  const Observation low = glucose(1, 0, 25);
  care.sendReadings({readingItem(1, {low})}, at(0));
  const auto events = care.number("SELECT count(*) FROM episode_event");
  care.sendAlerts({alertItem(1, ownVerdict(), {low})}, at(1));
  EXPECT_EQ(care.number("SELECT count(*) FROM episode"), 1);
  EXPECT_EQ(care.number("SELECT count(*) FROM episode_event"), events);
  EXPECT_EQ(care.number("SELECT count(*) FROM verdict WHERE said_by_hub=1 AND said_by_backend=1"),
            1);
  beat(2);
  EXPECT_TRUE(divergences().empty());
}

TEST_F(Judged, AHubThatTellsAnotherThingOfTheSameReadingsDiverges) {
  const Observation low = glucose(1, 0, 25);
  care.sendReadings({readingItem(1, {low})}, at(0));
  Verdict other = ownVerdict();
  other.priority = Priority::kP3;
  other.key = verdictOn(low, Transition::kRaised, Priority::kP3).key;
  care.sendAlerts({alertItem(1, other, {low})}, at(1));
  beat(2, 1);
  EXPECT_TRUE(divergences().empty()) << "not while readings are on their way";
  beat(3);
  ASSERT_EQ(divergences().size(), 1U);
  EXPECT_EQ(divergences()[0].alert.cause.subject, "glucose-low");
  EXPECT_EQ(divergences()[0].alert.cause.person, PersonId("p-1"));
  EXPECT_EQ(care.number("SELECT count(*) FROM episode WHERE rule='divergence'"), 0);
}

TEST_F(Judged, WhatAHubToldByAnotherConfigurationIsNoDivergence) {
  const std::string newest = issued;
  issued = std::string(64, '0');
  beat(1);
  care.sendReadings({readingItem(1, {glucose(1, 1, 25)})}, at(2));
  issued = newest;
  beat(5);
  beat(6);
  EXPECT_TRUE(divergences().empty());
}

TEST_F(Judged, AHubThatDoesNotKnowTheTimeTellsNothingThatIsDue) {
  care.sendReadings({readingItem(1, {glucose(1, 0, 25)})}, at(0));
  isSynchronised = false;
  beat(5);
  EXPECT_TRUE(divergences().empty());
  isSynchronised = true;
  beat(6);
  EXPECT_EQ(divergences().size(), 1U);
}

TEST_F(Judged, AHeartbeatMayOvertakeWhatTheClockBrings) {
  care.sendReadings({readingItem(1, {glucose(1, 1, 25)})}, at(1));
  beat(2);
  EXPECT_TRUE(divergences().empty());
  beat(3);
  EXPECT_EQ(divergences().size(), 1U);
}

TEST_F(Judged, WhatTheHubHasNotToldYetIsNoOtherResult) {
  const Observation low = glucose(1, 0, 25);
  care.sendReadings({readingItem(1, {low})}, at(60));
  beat(61);
  EXPECT_TRUE(divergences().empty()) << "known here since a minute, however long ago it was";
  beat(62);
  EXPECT_EQ(divergences().size(), 1U);
}

TEST_F(Judged, AHeartbeatFromBeforeAReadingSaysNothingOfIt) {
  const Observation low = glucose(1, 0, 25);
  care.sendReadings({readingItem(1, {low})}, at(0));
  Verdict other = ownVerdict();
  other.priority = Priority::kP3;
  other.key = verdictOn(low, Transition::kRaised, Priority::kP3).key;
  care.sendAlerts({alertItem(1, ownVerdict(), {low}), alertItem(2, other, {low})}, at(1));
  Observation next = glucose(2, 9, 61);
  next.receivedAt = at(10);
  care.sendReadings({readingItem(2, {next})}, at(10));
  beat(10);
  EXPECT_TRUE(divergences().empty()) << "the hub may take it back by that reading";
  beat(11);
  EXPECT_EQ(divergences().size(), 1U);
}

TEST_F(Judged, ARevisionThatItsCorrectionOvertookIsNotJudged) {
  Observation corrected = glucose(1, 1, 25);
  corrected.revision = 2;
  care.sendReadings({readingItem(2, {corrected})}, at(2));
  care.sendReadings({readingItem(1, {glucose(1, 1, 61)})}, at(3));
  EXPECT_EQ(care.number("SELECT count(*) FROM verdict WHERE said_by_backend=1"), 1);
  care.sendReadings({readingItem(3, {glucose(2, 4, 61)})}, at(4));
  EXPECT_EQ(care.number("SELECT count(*) FROM verdict WHERE said_by_backend=1"), 2)
      << "the low one stands, and the next reading clears it";
}

TEST_F(Judged, AHubThatIsSilentAboutWhatTheBackendFoundDiverges) {
  care.sendReadings({readingItem(1, {glucose(1, 0, 25)})}, at(0));
  beat(2);
  EXPECT_EQ(divergences().size(), 1U);
}

TEST_F(Judged, TheHubsAlertIsToldAtOnceThoughReadingsAreOnTheirWay) {
  const Observation low = glucose(2, 5, 25);
  care.sendReadings({readingItem(2, {low})}, at(6));
  care.sendAlerts({alertItem(1, ownVerdict(), {low})}, at(6));
  EXPECT_EQ(care.worklist("home").size(), 1U);
}

TEST_F(Judged, WhatReadingsOnTheirWayMayTakeBackWaitsUntilTheyAreHere) {
  care.sendReadings({readingItem(2, {glucose(2, 5, 25)})}, at(6));
  EXPECT_TRUE(care.worklist("home").empty()) << "reading 1 is on its way; the hub's alert is not";
  EXPECT_EQ(care.number("SELECT count(*) FROM verdict WHERE said_by_backend=1"), 1);
  beat(7, 1);
  EXPECT_TRUE(care.worklist("home").empty());
  care.sendReadings({readingItem(1, {glucose(1, 0, 61)})}, at(8));
  beat(9);
  EXPECT_EQ(care.worklist("home").size(), 1U) << "the hub was silent about it";
  beat(10);
  EXPECT_EQ(care.number("SELECT count(*) FROM episode_event WHERE kind='raised'"), 1);
}

TEST_F(Judged, AHubThatNeverCatchesUpHidesNothing) {
  care.sendReadings({readingItem(2, {glucose(2, 5, 25)})}, at(6));
  ASSERT_TRUE(care.core->tellHeld(at(11) - Milliseconds{1}));
  EXPECT_TRUE(care.worklist("home").empty());
  ASSERT_TRUE(care.core->tellHeld(at(11)));
  ASSERT_EQ(care.worklist("home").size(), 1U);
  ASSERT_TRUE(care.core->tellHeld(at(12)));
  EXPECT_EQ(care.number("SELECT count(*) FROM episode_event WHERE kind='raised'"), 1);
}

TEST_F(Judged, AnAlertOfTheHubTakesNoHeldVerdictWithIt) {
  care.sendReadings({readingItem(3, {glucose(3, 8, 25)})}, at(8));
  const Verdict held = ownVerdict();
  const Observation low = glucose(2, 5, 25);
  care.sendAlerts({alertItem(1, verdictOn(low, Transition::kRaised, Priority::kP1), {low})}, at(9));
  ASSERT_EQ(care.worklist("home").size(), 1U);
  auto rows = care.database->prepare("SELECT episode IS NULL FROM verdict WHERE key=?");
  rows.with(ByteView(held.key.octets));
  ASSERT_TRUE(rows.step().value_or(false));
  EXPECT_TRUE(rows.int64(0) != 0) << "it may be taken back by reading 1";
}

/// The same in every respect that people are told of, under another key.
Verdict alikeTo(Verdict verdict, std::uint8_t mark) {
  verdict.key.octets[0] ^= mark;
  return verdict;
}

SaidVerdict said(const Verdict& verdict, Speaker by, bool isInEpisode) {
  SaidVerdict one{verdict, by == Speaker::kHub, by == Speaker::kBackend, std::nullopt};
  if (isInEpisode) one.episode = EpisodeId("e-1");
  return one;
}

Verdict withdrawalOf(const Verdict& verdict) {
  Verdict withdrawal = alikeTo(verdict, 0x80);
  withdrawal.transition = Transition::kWithdrawn;
  withdrawal.withdraws = verdict.transition;
  return withdrawal;
}

TEST_F(Judged, WhatIsAlikeUnderAnotherKeyIsNeitherToldTwiceNorADivergence) {
  const Observation low = glucose(1, 0, 25);
  care.sendReadings({readingItem(1, {low})}, at(0));
  const auto events = care.number("SELECT count(*) FROM episode_event");
  care.sendAlerts({alertItem(1, alikeTo(ownVerdict(), 1), {low})}, at(1));
  EXPECT_EQ(care.number("SELECT count(*) FROM episode_event"), events);
  EXPECT_EQ(care.number("SELECT count(*) FROM verdict WHERE episode IS NULL"), 0);
  beat(2);
  EXPECT_TRUE(divergences().empty());
}

TEST(HeldVerdicts, AreThoseThatStandAndNoEpisodeKnows) {
  const Verdict raise = verdictOn(glucose(1, 0, 25), Transition::kRaised, Priority::kP1);
  const Verdict back = withdrawalOf(raise);
  const Verdict again = alikeTo(raise, 1);
  constexpr auto kHub = Speaker::kHub;
  constexpr auto kBackend = Speaker::kBackend;
  const auto keysHeld = [](std::vector<SaidVerdict> all) {
    std::vector<Key128> keys;
    for (const Verdict& verdict : heldOf(all)) keys.push_back(verdict.key);
    return keys;
  };
  using Keys = std::vector<Key128>;
  EXPECT_EQ(keysHeld({said(raise, kBackend, false)}), Keys{raise.key});
  EXPECT_EQ(keysHeld({said(raise, kBackend, false), said(back, kBackend, false)}), Keys{});
  EXPECT_EQ(keysHeld({said(raise, kBackend, false), said(back, kBackend, false),
                      said(again, kBackend, false)})
                .size(),
            1U)
      << "once";
  EXPECT_EQ(keysHeld({said(raise, kHub, true), said(again, kBackend, false)}), Keys{});
  EXPECT_EQ(keysHeld({said(raise, kBackend, true), said(back, kBackend, false)}), Keys{back.key});
  EXPECT_EQ(keysHeld({said(raise, kHub, true), said(again, kBackend, false),
                      said(back, kBackend, false)}),
            Keys{})
      << "the hub stands by it";
}

TEST(HeldVerdicts, WhatWasTakenBackAndIsToldAgainCallsAgain) {
  const Verdict raise = verdictOn(glucose(1, 0, 25), Transition::kRaised, Priority::kP1);
  const Verdict again = alikeTo(raise, 1);
  const std::vector<SaidVerdict> all = {said(raise, Speaker::kHub, true),
                                        said(withdrawalOf(raise), Speaker::kHub, true),
                                        said(again, Speaker::kHub, false)};
  EXPECT_TRUE(tellingOf(again, Speaker::kHub, all).isTold);
  const std::span<const SaidVerdict> two(all.data(), 1);
  EXPECT_FALSE(tellingOf(again, Speaker::kHub, two).isTold);
  EXPECT_EQ(tellingOf(again, Speaker::kHub, two).joins, EpisodeId("e-1"));
}

/// Judged anew by another context, what was open may have been lower: a clear stays a clear.
TEST(Difference, OfAClearIsNotItsPriority) {
  const Verdict clear = verdictOn(glucose(1, 0, 61), Transition::kCleared, Priority::kP2);
  Verdict lower = alikeTo(clear, 1);
  lower.priority = Priority::kP3;
  EXPECT_TRUE(differenceOf(std::vector{said(clear, Speaker::kHub, true),
                                       said(lower, Speaker::kBackend, false)})
                  .empty());
  EXPECT_TRUE(differenceOf(std::vector{said(clear, Speaker::kBackend, true),
                                       said(withdrawalOf(lower), Speaker::kBackend, true)})
                  .empty())
      << "taken back";
  const Verdict raise = verdictOn(glucose(1, 0, 25), Transition::kRaised, Priority::kP2);
  lower = alikeTo(raise, 1);
  lower.priority = Priority::kP3;
  EXPECT_EQ(differenceOf(std::vector{said(raise, Speaker::kHub, true),
                                     said(lower, Speaker::kBackend, false)})
                .size(),
            2U);
}

TEST(PastOfTwoSides, IsAlikeWhereTheSameWasOpenAndNothingElseCoolsDown) {
  using std::chrono::hours;
  const auto verdict = [](int number, int minutes, Transition transition) {
    return verdictOn(glucose(number, minutes, 25), transition, Priority::kP2);
  };
  const Verdict raised = verdict(1, 0, Transition::kRaised);
  const Verdict cleared = verdict(2, 60, Transition::kCleared);
  const Verdict next = verdict(3, 120, Transition::kRaised);
  constexpr auto kHub = Speaker::kHub;
  constexpr auto kBackend = Speaker::kBackend;
  SaidVerdict common = said(raised, kHub, true);
  common.byBackend = true;
  const SaidVerdict alone = said(raised, kHub, true);

  EXPECT_TRUE(stoodAlikeBefore(raised, std::array{alone}, {})) << "it is the first that differs";
  EXPECT_TRUE(stoodAlikeBefore(next, std::array{common}, hours{12}));
  EXPECT_FALSE(stoodAlikeBefore(next, std::array{alone}, {})) << "only the hub's is open";
  EXPECT_FALSE(stoodAlikeBefore(cleared, std::array{said(raised, kBackend, true)}, {}));
  const std::array ended{alone, said(cleared, kHub, true)};
  EXPECT_TRUE(stoodAlikeBefore(next, ended, hours{2}));
  EXPECT_FALSE(stoodAlikeBefore(next, ended, hours{2} + Milliseconds{1})) << "it cools down still";
  EXPECT_TRUE(
      stoodAlikeBefore(next, std::array{alone, said(withdrawalOf(raised), kHub, true)}, hours{12}))
      << "it was taken back";
}

TEST_F(Judged, OtherInputsAreNoDivergence) {
  const Observation low = glucose(1, 0, 25);
  care.sendReadings({readingItem(1, {low})}, at(0));
  Verdict same = ownVerdict();
  care.sendAlerts({alertItem(1, same, {low})}, at(1));
  Verdict other = same;
  other.key = verdictOn(low, Transition::kWorsened, Priority::kP2).key;
  other.ruleHash = std::string(64, 'b');  // a version that is not in force here
  care.sendAlerts({alertItem(2, other, {low})}, at(1));
  Verdict elsewhere = same;
  elsewhere.key = verdictOn(low, Transition::kWorsened, Priority::kP3).key;
  elsewhere.contextVersion = "another";
  care.sendAlerts({alertItem(3, elsewhere, {low})}, at(1));
  beat(2);
  EXPECT_TRUE(divergences().empty());
}

TEST_F(Judged, LateReadingsEndInTheSameHistoryWhateverTheirOrder) {
  care.sendReadings({readingItem(1, {glucose(1, 0, 25)})}, at(0));
  care.sendReadings({readingItem(2, {glucose(2, 30, 60)})}, at(30));
  const auto cleared = care.worklist("home").at(0);
  EXPECT_TRUE(cleared.isCleared);
  care.sendReadings({readingItem(3, {glucose(3, 15, 24)})}, at(90));
  EXPECT_EQ(care.worklist("home").size(), 1U);
}

}  // namespace
}  // namespace vardnav::cloud
