// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A hub that sends and a backend that keeps, in virtual time, for the tests of core and store.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cloud/core/care_core.h"
#include "cloud/store/schema.h"
#include "cloud/store/sql_care_store.h"
#include "cloud/store/sql_read_model.h"
#include "cloud/store/sql_registry_store.h"
#include "pipelines/wire/codec.h"
#include "tests/support/care_database.h"

namespace vardnav::cloud::testing {

/// Minutes after 10:00 on Tuesday 24 November 2026 in Stockholm.
inline UtcTime at(int minutes) {
  return *parseRfc3339("2026-11-24T09:00:00Z") + std::chrono::minutes{minutes};
}

/// A directory of its own, removed at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = ::testing::TempDir() + "vardnav-cloud-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline Enrolment enrolment(std::string id, std::string condition, std::string careGiver,
                           std::string team) {
  Enrolment one;
  one.id = EnrolmentId(std::move(id));
  one.person = PersonId("p-1");
  one.condition = ConditionId(std::move(condition));
  one.careGiver = CareGiverId(std::move(careGiver));
  one.team = TeamId(std::move(team));
  one.prescriber = "Dr Test";
  one.consentBasis = "samtycke";
  one.from = *parseRfc3339("2026-01-01T00:00:00Z");
  return one;
}

/// COPD belongs to a region, diabetes to a municipality with a duty level.
inline registry::Registry registryOfTwoCareGivers() {
  registry::Registry made;
  made.careGivers = {{CareGiverId("region"), CareGiver::Kind::kRegion, "01", "Region Stockholm"},
                     {CareGiverId("kommun"), CareGiver::Kind::kMunicipality, "0380", "Uppsala"}};
  made.teams = {
      {TeamId("copd"), CareGiverId("region"), "KOL-mottagningen", Team::Role::kTeam},
      {TeamId("home"), CareGiverId("kommun"), "Hemsjukvården", Team::Role::kTeam},
      {TeamId("duty"), CareGiverId("kommun"), "Kommunens jour", Team::Role::kDuty},
      {TeamId("desk"), {}, "Service desk", Team::Role::kServiceOwner},
      {TeamId("tech"), {}, "Teknikoperatörer", Team::Role::kTechnicians},
  };
  made.patients = {{PersonId("p-1"), "Test Testsson", 1948}, {PersonId("p-2"), "Annan", {}}};
  made.hubs = {{HubId("hub-1"), {PersonId("p-1")}}, {HubId("hub-2"), {PersonId("p-2")}}};
  made.enrolments = {enrolment("e-copd", "copd", "region", "copd"),
                     enrolment("e-diabetes", "diabetes", "kommun", "home")};
  return made;
}

inline ReadingKey readingKey(int number) {
  return DigestBuilder().add("reading").add(static_cast<std::uint64_t>(number)).key();
}

/// A glucose reading; `tenths` of mmol/L.
inline Observation glucose(int number, int minutes, int tenths) {
  Observation one;
  one.reading = readingKey(number);
  one.code = Code::kGlucose;
  one.value = Value::of(Decimal(tenths, -1));
  one.unit = Unit::kMillimolePerLitre;
  one.shown = Quantity{Decimal(tenths, -1), Unit::kMillimolePerLitre};
  one.person = PersonId("p-1");
  one.device = DeviceId("C0:FF:EE:00:00:01");
  one.recordNumber = static_cast<std::uint32_t>(number);
  one.at = one.receivedAt = at(minutes);
  return one;
}

inline Verdict verdictOn(const Observation& input, Transition transition, Priority priority) {
  Verdict one;
  one.key = DigestBuilder()
                .add("verdict")
                .add(ByteView(input.reading.octets))
                .add(nameOf(transition))
                .add(nameOf(priority))
                .key();
  one.person = input.person;
  one.condition = ConditionId("diabetes");
  one.rule = RuleId("glucose-low");
  one.ruleHash = std::string(64, 'a');
  one.title = {"Lågt glukos", "Low glucose"};
  one.why = {"Glukos " + toString(input.value) + ".", "Glucose " + toString(input.value) + "."};
  one.transition = transition;
  one.priority = priority;
  one.at = one.told = input.at;
  one.inputs = {input.reading};
  return one;
}

inline wire::UpItem readingItem(std::uint64_t sequence, std::vector<Observation> observations) {
  return {sequence, false, wire::ReadingItem{std::move(observations)}};
}

inline wire::UpItem alertItem(std::uint64_t sequence, const Verdict& verdict,
                              std::vector<Observation> observations) {
  return {sequence, false, wire::AlertItem{verdict, std::move(observations)}};
}

inline std::string message(wire::Stream stream, std::vector<wire::UpItem> items,
                           const std::string& hub = "hub-1", const std::string& epoch = "epoch-1") {
  return wire::encode(wire::UpMessage{HubId(hub), EpochId(epoch), stream, at(0), std::move(items)});
}

class CountingSink final : public EventSink {
 public:
  void eventsStored() override { ++rings; }
  int rings = 0;
};

/// The backend's core over a database of its own.
class Care {
 public:
  explicit Care(const registry::Registry& registry = registryOfTwoCareGivers()) {
    open();
    EXPECT_TRUE(store::SqlRegistryStore(*database).upsert(registry).has_value());
  }

  void open() {
    core.reset();
    careStore.reset();
    reader.reset();
    database.reset();
    auto opened = place.open();
    ASSERT_TRUE(opened.has_value()) << opened.error().context;
    database = *std::move(opened);
    careStore.emplace(*database);
    reader.emplace(*database);
    core.emplace(*careStore, sink);
  }

  Ingested send(wire::Stream stream, const std::string& payload, UtcTime now = at(0)) {
    auto ingested = core->ingest(HubId("hub-1"), wire::nameOf(stream), payload, now);
    EXPECT_TRUE(ingested.has_value()) << ingested.error().context;
    return ingested ? *std::move(ingested) : Ingested{};
  }
  Ingested sendReadings(std::vector<wire::UpItem> items, UtcTime now = at(0)) {
    return send(wire::Stream::kReading, message(wire::Stream::kReading, std::move(items)), now);
  }
  Ingested sendAlerts(std::vector<wire::UpItem> items, UtcTime now = at(0)) {
    return send(wire::Stream::kAlert, message(wire::Stream::kAlert, std::move(items)), now);
  }
  /// An alert on a glucose reading that it brings itself.
  Ingested alertOn(std::uint64_t sequence, const Observation& input, Transition transition,
                   Priority priority, UtcTime now) {
    return sendAlerts({alertItem(sequence, verdictOn(input, transition, priority), {input})}, now);
  }

  Counts counts() { return *reader->counts(at(0)); }
  std::vector<EpisodeSummary> worklist(const std::string& team) {
    const TeamId teams[] = {TeamId(team)};
    auto episodes = reader->openEpisodes(teams);
    EXPECT_TRUE(episodes.has_value()) << episodes.error().context;
    return episodes ? *std::move(episodes) : std::vector<EpisodeSummary>{};
  }
  std::int64_t number(const std::string& sql) {
    auto statement = database->prepare(sql);
    const auto row = statement.step();
    EXPECT_TRUE(row.has_value() && *row) << (row ? "no row" : row.error().context);
    return statement.int64(0);
  }

  test::CareDatabase place;
  CountingSink sink;
  std::unique_ptr<sql::Database> database;
  std::optional<store::SqlCareStore> careStore;
  std::optional<store::SqlReadModel> reader;
  std::optional<CareCore> core;
};

}  // namespace vardnav::cloud::testing
