// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <gmock/gmock.h>

#include "tests/cloud/core/care_fixture.h"

namespace vardnav::cloud {
namespace {

using namespace testing;

const std::vector<TeamId> kHome = {TeamId("home")};
constexpr int kDay = 24 * 60;

TEST(ReadModel, ShowsThirtyDaysBeforeTheRaiseUntilNow) {
  Care care;
  care.sendReadings({readingItem(1, {glucose(1, -31 * kDay, 80)}),
                     readingItem(2, {glucose(2, -30 * kDay, 81)}),
                     readingItem(3, {glucose(3, -kDay, 82)})});
  care.alertOn(1, glucose(4, 0, 28), Transition::kRaised, Priority::kP1, at(0));
  care.sendReadings({readingItem(4, {glucose(4, 0, 28)}), readingItem(5, {glucose(5, 60, 83)})});
  const auto id = care.worklist("home").front().id;
  const EpisodeDetail detail = **care.reader->episode(id, kHome);
  std::string values;
  for (const TrendPoint& point : detail.trend->points) values += toString(point.value) + " ";
  EXPECT_EQ(values, "8.1 8.2 2.8 8.3 ");
  EXPECT_EQ(detail.trend->unit, Unit::kMillimolePerLitre);
  EXPECT_EQ(toString(detail.summary.latest->value), "8.3");
  EXPECT_EQ(toString(detail.inputs.front().value), "2.8");
}

TEST(ReadModel, TellsWhenTheNewestFiringWasMeasuredBesideTheFirst) {
  Care care;
  care.alertOn(1, glucose(1, -3 * kDay, 28), Transition::kRaised, Priority::kP1, at(0));
  care.alertOn(2, glucose(2, 5, 27), Transition::kRaised, Priority::kP1, at(6));
  const EpisodeSummary summary = care.worklist("home").front();
  EXPECT_EQ(summary.raisedAt, at(-3 * kDay));
  EXPECT_EQ(summary.measuredAt, at(5));
  EXPECT_FALSE(summary.isLate);
}

TEST(ReadModel, ShowsTheProductsUnitInTheTrend) {
  Care care;
  Observation input = glucose(1, 0, 28);
  input.value = Value::of(Decimal(50, 0));
  input.unit = Unit::kMilligramPerDecilitre;
  care.alertOn(1, input, Transition::kRaised, Priority::kP1, at(0));
  const auto id = care.worklist("home").front().id;
  const EpisodeDetail detail = **care.reader->episode(id, kHome);
  EXPECT_EQ(toString(detail.trend->points.front().value), "2.8");
  EXPECT_EQ(toString(detail.inputs.front().value), "50");
}

TEST(ReadModel, ReadsObservationsOfOneCodeInTime) {
  Care care;
  Observation weight = glucose(2, 5, 800);
  weight.code = Code::kWeight;
  weight.unit = Unit::kKilogram;
  weight.shown = Quantity{Decimal(800, -1), Unit::kKilogram};
  care.sendReadings({readingItem(1, {glucose(1, 0, 55)}), readingItem(2, {weight}),
                     readingItem(3, {glucose(3, 9, 56)})});
  const auto read = [&](std::optional<Code> code, int from, int until) {
    return care.reader->observations(PersonId("p-1"), code, at(from), at(until))->size();
  };
  EXPECT_EQ(read(Code::kGlucose, 0, 9), 2U);
  EXPECT_EQ(read(Code::kGlucose, 1, 8), 0U);
  EXPECT_EQ(read(std::nullopt, 0, 9), 3U);
}

TEST(ReadModel, ReadsTheNewestRevisionOnly) {
  Care care;
  Observation corrected = glucose(1, 3, 55);
  corrected.revision = 2;
  care.sendReadings({readingItem(1, {glucose(1, 0, 55)}), readingItem(2, {corrected})});
  const auto read = *care.reader->observations(PersonId("p-1"), Code::kGlucose, at(0), at(9));
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].revision, 2);
  EXPECT_EQ(care.counts().readingsStored, 1U);
  EXPECT_EQ(care.counts().observationsStored, 2U);
}

TEST(ReadModel, KeepsEveryRevisionForAReplay) {
  Care care;
  Observation second = glucose(1, 0, 62);
  second.revision = 2;
  care.sendReadings({readingItem(1, {glucose(1, 0, 61)}), readingItem(2, {second}),
                     readingItem(3, {glucose(2, 5, 70)})});
  const auto revisions = *care.reader->revisions(PersonId("p-1"));
  std::vector<std::string> seen;
  for (const Observation& one : revisions) {
    seen.push_back(toString(one.value) + "/" + std::to_string(one.revision));
  }
  EXPECT_THAT(seen, ::testing::UnorderedElementsAre("6.1/1", "6.2/2", "7.0/1"));
  EXPECT_TRUE(care.reader->revisions(PersonId("p-2"))->empty());
}

TEST(ReadModel, KnowsPausesThatEndedLongAgo) {
  Care care;
  care.number(
      "INSERT INTO pause(person, id, rule, from_utc_ms, until_utc_ms, reason, by_username)"
      " VALUES('p-1', 'x', 'weight-gain', 1000, 2000, 'resa', 'karin') RETURNING 1");
  const PersonRules rules = *care.reader->rulesOfAllTime(PersonId("p-1"));
  EXPECT_THAT(rules.context, ::testing::HasSubstr(R"("until":"1970-01-01T00:00:02.000Z")"));
  EXPECT_TRUE(rules.rules.empty());
}

TEST(ReadModel, ResumesConsoleEventsOverARestart) {
  Care care;
  care.sendReadings({readingItem(1, {glucose(1, 0, 55)})});
  const auto first = *care.reader->newestEvent();
  care.open();
  care.alertOn(1, glucose(2, 1, 28), Transition::kRaised, Priority::kP1, at(1));
  const auto events = **care.reader->eventsAfter(first, 10);
  ASSERT_EQ(events.size(), 2U);
  const auto& reading = std::get<ReadingStored>(events[0].what);
  EXPECT_EQ(reading.observations.front().reading, readingKey(2));
  EXPECT_EQ(reading.visibleTo, (std::vector<TeamId>{TeamId("copd"), TeamId("home")}));
  const auto& changed = std::get<EpisodeChanged>(events[1].what);
  EXPECT_EQ(changed.visibleTo, kHome);
  EXPECT_GT(events[1].id, events[0].id);
  EXPECT_EQ(*care.reader->newestEvent(), events[1].id);
  EXPECT_TRUE((*care.reader->eventsAfter(events[1].id, 10))->empty());
}

TEST(ReadModel, TellsAConsoleThatItIsTooFarBehind) {
  Care care;
  care.sendReadings({readingItem(1, {glucose(1, 0, 55)})}, at(0));
  care.sendReadings({readingItem(2, {glucose(2, 9, 55)})}, at(9));
  EXPECT_EQ(*care.careStore->pruneEvents(at(5)), 1U);
  EXPECT_FALSE(care.reader->eventsAfter(0, 10)->has_value());
  EXPECT_EQ((*care.reader->eventsAfter(1, 10))->size(), 1U);
  EXPECT_FALSE(care.reader->eventsAfter(99, 10)->has_value());
  EXPECT_EQ(*care.careStore->pruneEvents(at(50)), 1U);
  EXPECT_EQ(*care.reader->newestEvent(), 2U);
  EXPECT_TRUE((*care.reader->eventsAfter(2, 10))->empty());
  EXPECT_EQ(*care.careStore->pruneEvents(at(50)), 0U);
}

TEST(ReadModel, LetsOnlyTheTeamsOfAPatientSeeHim) {
  Care care;
  const auto maySee = [&](const char* team) {
    const TeamId teams[] = {TeamId(team)};
    return *care.reader->maySeePatient(PersonId("p-1"), teams, at(0));
  };
  EXPECT_TRUE(maySee("home"));
  EXPECT_TRUE(maySee("copd"));
  EXPECT_FALSE(maySee("desk"));
  EXPECT_FALSE(*care.reader->maySeePatient(PersonId("p-1"), {}, at(0)));
  EXPECT_FALSE(*care.reader->maySeePatient(PersonId("p-2"), kHome, at(0)));
  care.alertOn(1, glucose(1, 0, 28), Transition::kRaised, Priority::kP1, at(0));
  ASSERT_TRUE(care.core->runDue(at(10)));
  EXPECT_TRUE(maySee("duty"));
}

TEST(ReadModel, NamesTeamsAndPatients) {
  Care care;
  const TeamId ids[] = {TeamId("desk"), TeamId("nobody"), TeamId("home")};
  const auto teams = *care.reader->teams(ids);
  ASSERT_EQ(teams.size(), 2U);
  EXPECT_EQ(teams[0].kind, "service");
  EXPECT_EQ(teams[1].name, "Hemsjukvården");
  EXPECT_EQ(teams[1].careGiver, "Uppsala");
  EXPECT_EQ((*care.reader->patient(PersonId("p-1")))->birthYear, 1948);
  EXPECT_FALSE((*care.reader->patient(PersonId("p-2")))->birthYear.has_value());
  EXPECT_FALSE(care.reader->patient(PersonId("p-9"))->has_value());
}

TEST(Registry, ImportsTwiceWithoutChange) {
  Care care;
  store::SqlRegistryStore registry(*care.database);
  ASSERT_TRUE(registry.upsert(registryOfTwoCareGivers()));
  EXPECT_EQ(care.number("SELECT count(*) FROM team"), 5);
  EXPECT_EQ(care.number("SELECT count(*) FROM enrolment"), 2);
  auto changed = registryOfTwoCareGivers();
  changed.teams[1].name = "Hemsjukvården Luthagen";
  changed.hubs[0].persons = {PersonId("p-2")};
  ASSERT_TRUE(registry.upsert(changed));
  const TeamId ids[] = {TeamId("home")};
  EXPECT_EQ(care.reader->teams(ids)->front().name, "Hemsjukvården Luthagen");
  EXPECT_EQ(care.number("SELECT count(*) FROM hub_person WHERE hub='hub-1'"), 1);
}

TEST(Registry, ImportsAllOrNothing) {
  Care care;
  auto broken = registryOfTwoCareGivers();
  broken.teams[0].name = "Ny";
  broken.enrolments[0].team = TeamId("nobody");
  EXPECT_FALSE(store::SqlRegistryStore(*care.database).upsert(broken).has_value());
  EXPECT_EQ(care.number("SELECT count(*) FROM team WHERE name='Ny'"), 0);
}

}  // namespace
}  // namespace vardnav::cloud
