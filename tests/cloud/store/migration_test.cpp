// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Each published version of the backend's database, filled with what the program of then kept of a
// person, reaches the newest: the repositories read all of it, and the core goes on from it. A new
// migration needs rows of the version before it in tests/data/care.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "pipelines/sqlite/migrate.h"
#include "rules/engine/state.h"
#include "tests/cloud/core/care_fixture.h"
#include "tests/support/postgres_cluster.h"

namespace vardnav::cloud {
namespace {

using namespace testing;

const PersonId kPerson("p-2");
const EpisodeId kOpen("27c243ca5c2f4286b792901659cf33bc");
const std::vector<TeamId> kTeams{TeamId("team")};
const UtcTime kLater = *parseRfc3339("2026-11-18T12:00:00Z");

/// x'00' outside of text is '\x00' in PostgreSQL.
std::string asPostgresTakesIt(const std::string& script) {
  std::string text;
  bool isInText = false;
  for (std::size_t i = 0; i < script.size(); ++i) {
    const bool isOctets = !isInText && script.compare(i, 2, "x'") == 0;
    if (isOctets) text += "'\\x";
    if (isOctets) ++i;
    if (script[i] == '\'') isInText = !isInText;
    if (!isOctets) text += script[i];
  }
  return text;
}

class CareMigration : public ::testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    const std::string name = "version-" + std::to_string(GetParam());
    std::ifstream rows(VARDNAV_TEST_DATA "/care/" + name + ".sql");
    ASSERT_TRUE(rows) << "tests/data/care has no rows for " << name;
    std::string script(std::istreambuf_iterator<char>(rows), {});
    where_ = directory_.file("care.db");
    if (test::isOnPostgres()) {
      test::sharedCluster().run("CREATE DATABASE " + place());
      where_ = "postgres:" + test::sharedCluster().database(place());
      script = asPostgresTakesIt(script);
    }
    {
      auto old = store::openCareDatabase(where_, store::Durability::kForgone, GetParam());
      ASSERT_TRUE(old) << old.error().context;
      const auto filled = (*old)->execute(script);
      ASSERT_TRUE(filled) << filled.error().context;
    }
    auto opened = store::openCareDatabase(where_, store::Durability::kForgone);
    ASSERT_TRUE(opened) << opened.error().context;
    database = *std::move(opened);
    store_.emplace(*database);
    reader.emplace(*database);
  }
  void TearDown() override {
    reader.reset();
    store_.reset();
    database.reset();
    if (test::isOnPostgres()) test::sharedCluster().run("DROP DATABASE IF EXISTS " + place());
  }
  static std::string place() { return "migrated_" + std::to_string(GetParam()); }
  bool hasRules() const { return GetParam() >= 2; }

  TemporaryDirectory directory_;
  std::string where_;
  std::unique_ptr<sql::Database> database;
  std::optional<store::SqlCareStore> store_;
  std::optional<store::SqlReadModel> reader;
};

TEST_P(CareMigration, KeepsEpisodesWithTheirEventsAndRoutes) {
  const auto open = reader->openEpisodes(kTeams).value();
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].id, kOpen);
  EXPECT_EQ(open[0].priority, Priority::kP1);
  EXPECT_EQ(open[0].title.sv, "Lågt blodsocker");
  EXPECT_EQ(open[0].patient.name, "Test Testsson");
  EXPECT_NE(open[0].nextAction.what, alerts::Due::kNothing);
  EXPECT_EQ(reader->closedEpisodes(kTeams, 10).value().size(), 1U);
  const auto detail = reader->episode(kOpen, kTeams).value();
  ASSERT_TRUE(detail);
  EXPECT_EQ(detail->events.size(), 7U);
  EXPECT_EQ(detail->route.steps.size(), 5U);
  ASSERT_EQ(detail->inputs.size(), 1U);
  EXPECT_EQ(toString(detail->inputs[0].value), "42");
}

TEST_P(CareMigration, KeepsReadingsWithTheirRevisionsAndCounts) {
  const auto readings =
      reader->observations(kPerson, Code::kGlucose, UtcTime{}, UtcTime::max()).value();
  ASSERT_EQ(readings.size(), 5U);
  EXPECT_EQ(readings.back().revision, 2);
  EXPECT_EQ(toString(readings.back().value), "42");
  EXPECT_EQ(readings.back().unit, Unit::kMilligramPerDecilitre);
  const auto counts = reader->counts(kLater).value();
  EXPECT_EQ(counts.readingsStored, 2787U);
  EXPECT_EQ(counts.alertsReceived, 1289U);
  const auto events = reader->eventsAfter(6166, 99).value();
  ASSERT_TRUE(events);
  EXPECT_EQ(events->size(), 6U);
}

TEST_P(CareMigration, KeepsWhatRulesKnowAndWhatTechniciansSaw) {
  if (!hasRules()) GTEST_SKIP() << "there were no rules then";
  const auto transaction = store_->begin().value();
  for (const char* rule : {"glucose-low", "readings-missing", "weight-loss"}) {
    const auto text = transaction->ruleState(kPerson, RuleId(rule)).value();
    ASSERT_TRUE(text) << rule;
    EXPECT_TRUE(rules::decodeState(*text)) << rule;
    EXPECT_FALSE(text->checkpoints.empty()) << rule;
    EXPECT_EQ(text->standing.find('|'), std::string::npos) << rule;
  }
  const auto low = transaction->ruleState(kPerson, RuleId("glucose-low")).value();
  EXPECT_EQ(rules::decodeState(*low)->open, Priority::kP1);
  EXPECT_TRUE(transaction->judgedUntil(kPerson).value());
  EXPECT_EQ(transaction->rulesOf(kPerson, kLater).value().rules.size(), 1U);
  EXPECT_EQ(reader->technicalAlerts(false, 10).value().size(), 3U);
  const auto plan = reader->carePlan(kPerson, kLater).value();
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->pauses.size(), 1U);
  EXPECT_EQ(plan->pauses[0].by.username, "nurse");
  EXPECT_EQ(plan->pauses[0].by.name, GetParam() >= 4 ? "Nurse Test" : "");
}

TEST_P(CareMigration, IsGoneOnFrom) {
  CountingSink sink;
  CareCore core(*store_, sink);
  const std::string epoch = "98806980f4aa8ded0c19695691d7f05c";
  const auto send = [&](std::uint64_t sequence, const Observation& reading) {
    const auto text =
        message(wire::Stream::kReading, {readingItem(sequence, {reading})}, "hub-1", epoch);
    return core.ingest(HubId("hub-1"), "reading", text, kLater).value();
  };
  Observation reading = glucose(1, 0, 61);
  reading.person = kPerson;
  reading.at = reading.receivedAt = kLater;
  const auto receipts = send(2886, reading).receipts;
  ASSERT_EQ(receipts.size(), 1U);
  EXPECT_EQ(receipts[0].through, 2886U);  // what was received before is remembered
  EXPECT_TRUE(receipts[0].gaps.empty());
  EXPECT_EQ(reader->counts(kLater)->readingsStored, 2788U);
  send(2886, reading);
  EXPECT_EQ(reader->counts(kLater)->readingsStored, 2788U);
  EXPECT_EQ(reader->observations(kPerson, Code::kGlucose, UtcTime{}, UtcTime::max())->size(), 6U);
}

INSTANTIATE_TEST_SUITE_P(EveryVersion, CareMigration,
                         ::testing::Range(std::size_t{1},
                                          store::careSchema().migrations.size() + 1),
                         [](const auto& version) { return std::to_string(version.param); });

}  // namespace
}  // namespace vardnav::cloud
