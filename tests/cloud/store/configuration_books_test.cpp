// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// From a registry and signed rule sets to what is sent to a hub.
#include "cloud/store/sql_configuration_books.h"

#include <gmock/gmock.h>

#include "cloud/core/rule_shelf.h"
#include "rules/document/context_file.h"
#include "tests/cloud/core/care_fixture.h"
#include "tests/cloud/registry/signed_rules.h"

namespace vardnav::cloud {
namespace {

using namespace testing;
using registry::ConfigurationDesk;
using registry::IssuedConfiguration;

registry::Registry registryWithRules(std::uint32_t version) {
  registry::Registry made = registryOfTwoCareGivers();
  made.patients[0].context = R"({"format":1,"prescribed":{}})";
  made.hubs[0].bindings = {{DeviceId("C0:FF:EE:00:00:01"), {}, {}, PersonId("p-1"), at(0), {}}};
  made.rules = {{EnrolmentId("e-diabetes"), "diabetes", version, at(10)}};
  made.messages = {{"m-1", PersonId("p-1"), {"Hej", "Hello"}, at(0), at(60)}};
  return made;
}

class ConfigurationBooks : public ::testing::Test {
 protected:
  ConfigurationBooks() : books(*care.database), desk(books, key) {}

  void importSet(int version, const std::vector<std::string>& templates = {"glucose-low"}) {
    const auto set = registry::checkRuleSet(
        by.sign(cloud::test::ruleSet("diabetes", version, templates)), by.trusted());
    ASSERT_TRUE(set) << set.error();
    const auto done = books.insert(*set, at(0));
    ASSERT_TRUE(done) << done.error().context;
  }
  void import(const registry::Registry& registry) {
    const auto done = store::SqlRegistryStore(*care.database).upsert(registry);
    ASSERT_TRUE(done) << done.error().context;
  }
  wire::Configuration documentOf(const IssuedConfiguration& issued) {
    const auto envelope = wire::decodeEnvelope(issued.envelope);
    EXPECT_TRUE(envelope && isSignedBy(key.publicKey(), envelope->payload, envelope->signature));
    return wire::decodeConfiguration(envelope->payload).value();
  }
  static wire::Status statusOf(const std::string& hub, const std::string& hash) {
    wire::Status status;
    status.hub = HubId(hub);
    status.configuration.hash = hash;
    return status;
  }

  Care care;
  cloud::test::Signers by;
  store::SqlConfigurationBooks books;
  SigningKey key = SigningKey::generate().value();
  ConfigurationDesk desk;
};

TEST_F(ConfigurationBooks, CarriesWhatACarePlanSaysToDoWhenAnAlertIsNotReceived) {
  registry::Registry made = registryOfTwoCareGivers();
  const Text words{"Ring Anna.", "Call Anna."};
  made.patients[0].whenUnreached = words;
  import(made);
  EXPECT_EQ(documentOf(desk.renewAll(at(0)).value()[0]).patients.at(0).whenUnreached, words);
  made.patients[0].whenUnreached.reset();
  import(made);
  EXPECT_FALSE(documentOf(desk.renewAll(at(1)).value().at(0)).patients.at(0).whenUnreached);
}

TEST_F(ConfigurationBooks, IssuesWhatTheRegistrySaysOnceAndAgainOnlyWhenItChanges) {
  importSet(1);
  import(registryWithRules(1));
  const auto issued = desk.renewAll(at(0)).value();
  ASSERT_EQ(issued.size(), 2U) << "both hubs";
  const wire::Configuration document = documentOf(issued[0]);
  EXPECT_EQ(document.hub, HubId("hub-1"));
  EXPECT_EQ(document.bindings.size(), 1U);
  ASSERT_EQ(document.patients.size(), 1U);
  ASSERT_EQ(document.patients[0].rules.size(), 1U);
  EXPECT_EQ(document.patients[0].rules[0].from, at(10));
  EXPECT_EQ(document.rules.at(0).hash, document.patients[0].rules[0].hash);
  EXPECT_EQ(document.messages.size(), 1U);
  EXPECT_TRUE(documentOf(issued[1]).patients[0].rules.empty()) << "another person's";

  EXPECT_TRUE(desk.renewAll(at(1)).value().empty());
  importSet(2, {"glucose-low", "weight-gain"});
  import(registryWithRules(2));
  const auto newer = desk.renewAll(at(2)).value();
  ASSERT_EQ(newer.size(), 1U);
  EXPECT_GT(newer[0].serial, issued[0].serial);
  EXPECT_EQ(documentOf(newer[0]).rules.size(), 2U);
}

TEST_F(ConfigurationBooks, SerialsRiseEvenAfterTheDatabaseWasRestoredFromABackup) {
  const auto before = desk.renewAll(at(0)).value();
  ASSERT_TRUE(care.database->execute("DELETE FROM hub_configuration"));
  EXPECT_GT(desk.renewAll(at(1)).value().at(0).serial, before.at(0).serial);
}

TEST_F(ConfigurationBooks, AnotherSigningKeyIssuesAnew) {
  ASSERT_EQ(desk.renewAll(at(0)).value().size(), 2U);
  ConfigurationDesk next(books, SigningKey::generate().value());
  EXPECT_EQ(next.renewAll(at(1)).value().size(), 2U);
}

TEST_F(ConfigurationBooks, AnswersAHeartbeatThatReportsAnotherButNotAtEveryOne) {
  const auto issued = desk.renewAll(at(0)).value();
  EXPECT_FALSE(desk.answer(statusOf("hub-1", issued[0].hash), at(1)).value());
  const auto again = desk.answer(statusOf("hub-1", ""), at(2)).value();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->envelope, issued[0].envelope) << "the same document, not a new one";
  const UtcTime soon = at(2) + ConfigurationDesk::kPatience - Milliseconds{1};
  EXPECT_FALSE(desk.answer(statusOf("hub-1", ""), soon).value());
  EXPECT_TRUE(desk.answer(statusOf("hub-1", ""), at(3)).value());
  EXPECT_FALSE(desk.answer(statusOf("hub-9", ""), at(3)).value()) << "not in the registry";
}

TEST_F(ConfigurationBooks, AMessageThatIsOverIsNoLongerSent) {
  importSet(1);
  import(registryWithRules(1));
  (void)desk.renewAll(at(0));
  const auto later = desk.renewAll(at(60)).value();
  ASSERT_EQ(later.size(), 1U);
  EXPECT_TRUE(documentOf(later[0]).messages.empty());
}

TEST_F(ConfigurationBooks, ASetNeverChangesUnderItsVersion) {
  importSet(1);
  importSet(1);
  const auto other = registry::checkRuleSet(
      by.sign(cloud::test::ruleSet("diabetes", 1, {"weight-gain"})), by.trusted());
  ASSERT_TRUE(other);
  const auto refused = books.insert(*other, at(0));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().context, ::testing::HasSubstr("sign a new version"));
  EXPECT_FALSE(care.database->execute("UPDATE rule_set SET approver='x'"));
  EXPECT_FALSE(care.database->execute("DELETE FROM rule_set"));
}

TEST_F(ConfigurationBooks, AnEnrolmentCannotNameASetThatIsNotImported) {
  const auto refused = store::SqlRegistryStore(*care.database).upsert(registryWithRules(7));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().context, ::testing::HasSubstr("import it first"));
  EXPECT_TRUE(desk.renewAll(at(0)).value().at(0).envelope.find("C0:FF") == std::string::npos)
      << "nothing of that file was taken";
}

TEST_F(ConfigurationBooks, KeepsWhoMaySign) {
  ASSERT_TRUE(books.trust(by.trusted()[0]));
  ASSERT_TRUE(books.trust({by.author.publicKey(), "Dr Annan", false, true}));
  const auto signers = books.signers().value();
  ASSERT_EQ(signers.size(), 1U);
  EXPECT_EQ(signers[0].name, "Dr Annan");
  EXPECT_EQ(signers[0].key, by.author.publicKey());
  EXPECT_TRUE(signers[0].mayApprove && !signers[0].mayAuthor);
}

TEST_F(ConfigurationBooks, TellsTheHubOfAPauseAndOfItsEarlierEnd) {
  importSet(1, {"glucose-high"});
  import(registryWithRules(1));
  ASSERT_TRUE(desk.renewAll(at(20)));
  const TeamId home[] = {TeamId("home")};
  const alerts::Actor karin{"karin", "Karin Kommun"};
  const auto plan = [&] { return **care.reader->carePlan(PersonId("p-1"), at(20)); };

  const auto pause =
      pauseOf(plan(), {RuleId("glucose-high"), at(90), "sjukhus"}, home, karin, at(20));
  ASSERT_TRUE(pause) << nameOf(pause.error());
  EXPECT_TRUE(*care.core->keepPause(*pause));
  EXPECT_FALSE(care.core->keepPause(*pause).has_value()) << "its id is there";
  const auto context = [&](int minute) {
    const auto issued = *desk.renewAll(at(minute));
    return issued.empty() ? std::string("nothing new") : documentOf(issued[0]).patients[0].context;
  };
  EXPECT_THAT(
      context(20),
      ::testing::HasSubstr(
          R"("pauses":[{"from":"2026-11-24T09:21:00.000Z","rules":["glucose-high"],"until":"2026-11-24T10:30:00.000Z"}])"));
  EXPECT_EQ(context(20), "nothing new");

  const auto ended = endedPauseOf(plan(), pause->id, home, {"anna", "Anna Berg"}, at(40));
  ASSERT_TRUE(ended) << nameOf(ended.error());
  EXPECT_TRUE(*care.core->keepPause(*ended));
  EXPECT_FALSE(*care.core->keepPause(*ended)) << "once";
  EXPECT_THAT(context(40), ::testing::HasSubstr(R"("until":"2026-11-24T09:41:00.000Z"}])"));
  const Pause kept = plan().pauses.at(0);
  EXPECT_EQ(kept.reason + " " + kept.by.name + " " + kept.endedBy->name,
            "sjukhus Karin Kommun Anna Berg");
  EXPECT_EQ(kept.until, at(90));
  EXPECT_EQ(kept.endedAt, at(41));
}

TEST_F(ConfigurationBooks, LeavesOutAPauseThatEndedBeforeItBegan) {
  importSet(1, {"glucose-high"});
  import(registryWithRules(1));
  Pause pause;
  pause.id = "x";
  pause.person = PersonId("p-1");
  pause.rule = RuleId("glucose-high");
  pause.from = at(21);
  pause.until = at(90);
  ASSERT_TRUE(*care.core->keepPause(pause));
  pause.endedAt = pause.from;
  ASSERT_TRUE(*care.core->keepPause(pause));
  const auto issued = *desk.renewAll(at(22));
  EXPECT_THAT(documentOf(issued[0]).patients[0].context,
              ::testing::Not(::testing::HasSubstr("pauses")));
}

TEST_F(ConfigurationBooks, SendsAContextThatCanBeReadHoweverOftenSomebodyHasPaused) {
  importSet(1, {"glucose-high"});
  import(registryWithRules(1));
  for (int i = 0; i < 600; ++i) {
    Pause pause;
    pause.id = std::to_string(i);
    pause.person = PersonId("p-1");
    pause.rule = RuleId("glucose-high");
    pause.from = at(3 * i);
    pause.until = at(3 * i + 2);
    ASSERT_TRUE(*care.core->keepPause(pause));
  }
  const auto issued = *desk.renewAll(at(2000));
  const std::string context = documentOf(issued[0]).patients[0].context;
  const auto read = rules::parseContext(context);
  ASSERT_TRUE(read) << read.error().reason;
  ASSERT_EQ(read->context.pauses.size(), registry::kMostPauses);
  EXPECT_EQ(read->context.pauses.front().from, at(3 * 599)) << "the last to end";
}

TEST_F(ConfigurationBooks, PlansWhatWatchesAPerson) {
  const auto plan = [&](int minute) {
    CarePlan read = **care.reader->carePlan(PersonId("p-1"), at(minute));
    RuleShelf().judge(read);
    return read;
  };
  importSet(1, {"glucose-above-range", "glucose-high", "glucose-low", "ketones"});
  import(registryWithRules(1));
  const CarePlan before = plan(5);
  ASSERT_EQ(before.enrolments.size(), 2U) << "copd and diabetes, by condition";
  const PlannedEnrolment& diabetes = before.enrolments[1];
  EXPECT_EQ(diabetes.view.team + ", " + diabetes.view.careGiver, "Hemsjukvården, Uppsala");
  ASSERT_EQ(diabetes.rules.size(), 4U);
  EXPECT_TRUE(diabetes.rules[2].isFloor) << "glucose-low";
  EXPECT_FALSE(diabetes.rules[1].isFloor);
  ASSERT_EQ(before.hubs.size(), 1U);
  EXPECT_EQ(before.hubs[0].devices, 1U);
  EXPECT_FALSE(before.hubs[0].heardAt);
  EXPECT_EQ(gapsOf(before, diabetes, at(5)), (std::vector<Gap>{Gap::kNoRules, Gap::kNeverHeard}))
      << "the rules begin at 10:10";
  EXPECT_EQ(gapsOf(before, before.enrolments[0], at(15)),
            (std::vector<Gap>{Gap::kNoRules, Gap::kNeverHeard}));

  care.sendReadings({readingItem(1, {glucose(1, 0, 61)})}, at(12));
  EXPECT_TRUE(gapsOf(plan(12), plan(12).enrolments[1], at(12)).empty());
  care.core->setListening(at(0));
  ASSERT_TRUE(care.core->watchHubs(at(40)));
  EXPECT_EQ(gapsOf(plan(40), plan(40).enrolments[1], at(40)), std::vector<Gap>{Gap::kHubAway});

  const TeamId home[] = {TeamId("home")};
  EXPECT_EQ(*care.reader->enrolledWith(home, at(0)), std::vector<PersonId>{PersonId("p-1")});
  const TeamId owner[] = {TeamId("desk")};
  EXPECT_TRUE(care.reader->enrolledWith(owner, at(0))->empty());
  EXPECT_TRUE(care.reader->enrolledWith({}, at(0))->empty());
  EXPECT_TRUE(care.reader->enrolledWith(home, at(0) - std::chrono::years{1})->empty());
  EXPECT_FALSE(care.reader->carePlan(PersonId("p-9"), at(0))->has_value());
}

}  // namespace
}  // namespace vardnav::cloud
