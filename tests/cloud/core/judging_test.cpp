// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The backend's own verdicts, and how they meet the hub's.
#include "cloud/core/judging.h"

#include <gtest/gtest.h>

#include "cloud/store/sqlite_configuration_books.h"
#include "tests/cloud/core/care_fixture.h"
#include "tests/cloud/registry/signed_rules.h"

namespace vardnav::cloud {
namespace {

using namespace testing;

class Judged : public ::testing::Test {
 protected:
  Judged() {
    store::SqliteConfigurationBooks books(*care.database);
    const cloud::test::Signers by;
    const auto set =
        registry::checkRuleSet(by.sign(cloud::test::ruleSet("diabetes", 1)), by.trusted());
    EXPECT_TRUE(set) << set.error();
    EXPECT_TRUE(books.insert(*set, at(-99)));
    registry::Registry registry = registryOfTwoCareGivers();
    registry.rules = {{EnrolmentId("e-diabetes"), "diabetes", 1, at(-99)}};
    EXPECT_TRUE(store::SqliteRegistryStore(*care.database).upsert(registry));
    registry::ConfigurationDesk desk(books, SigningKey::generate().value());
    issued = desk.renewAll(at(-1)).value().at(0).hash;
  }

  void beat(int minutes, std::uint64_t backlog = 0) {
    wire::Status status;
    status.hub = HubId("hub-1");
    status.epoch = EpochId("epoch-1");
    status.at = at(minutes);
    status.readingBacklog = backlog;
    status.configuration.hash = issued;
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
};

TEST_F(Judged, AReadingIsJudgedInTheTransactionThatStoresIt) {
  care.sendReadings({readingItem(1, {glucose(1, 0, 25)})}, at(0));
  ASSERT_EQ(care.worklist("home").size(), 1U) << "without any word of the hub";
  EXPECT_EQ(care.worklist("home")[0].priority, Priority::kP1);
  EXPECT_EQ(care.worklist("home")[0].rule, RuleId("glucose-low"));
  EXPECT_TRUE(care.worklist("copd").empty());
}

TEST_F(Judged, TheSameVerdictOfBothSidesIsOneEventOfOneEpisode) {
  const Observation low = glucose(1, 0, 25);
  care.sendReadings({readingItem(1, {low})}, at(0));
  const auto events = care.number("SELECT count(*) FROM episode_event");
  care.sendAlerts({alertItem(1, ownVerdict(), {low})}, at(1));
  EXPECT_EQ(care.number("SELECT count(*) FROM episode"), 1);
  EXPECT_EQ(care.number("SELECT count(*) FROM episode_event"), events);
  EXPECT_EQ(care.number("SELECT count(*) FROM verdict WHERE said_by_hub AND said_by_backend"), 1);
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

TEST_F(Judged, AHubThatIsSilentAboutWhatTheBackendFoundDiverges) {
  care.sendReadings({readingItem(1, {glucose(1, 0, 25)})}, at(0));
  beat(2);
  EXPECT_EQ(divergences().size(), 1U);
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
