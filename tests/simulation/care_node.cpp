// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/care_node.h"

#include <gtest/gtest.h>

#include "cloud/store/sql_configuration_books.h"
#include "cloud/store/sql_registry_store.h"
#include "pipelines/wire/codec.h"
#include "pipelines/wire/topics.h"
#include "tests/simulation/earlier_schema.h"

namespace vardnav::simulation {

using namespace cloud;
using namespace std::chrono_literals;

CareNode::CareNode(World& world, std::string path, const cloud::registry::Registry& registry)
    : world_(world), path_(std::move(path)) {
  open();
  EXPECT_TRUE(cloud::store::SqlRegistryStore(*database_).upsert(registry));
}

void CareNode::open() {
  core_.reset();
  store_.reset();
  database_.reset();
  if (earlierSchema) {
    const auto left = leaveAsEarlier(path_, cloud::store::careSchema(), *earlierSchema);
    ASSERT_TRUE(left) << left.error().context;
    earlierSchema.reset();
    ++upgrades;
  }
  auto opened = cloud::store::openCareDatabase(path_);
  ASSERT_TRUE(opened) << opened.error().context;
  database_ = *std::move(opened);
  store_.emplace(*database_);
  core_.emplace(*store_, sink_);
}

void CareNode::kill() {
  ++kills;
  open();
}

void CareNode::take(const std::string& topic, const std::string& payload) {
  if (mayDie && world_.chance.happens(3)) return kill();
  const auto where = wire::parseUpTopic(topic);
  ASSERT_TRUE(where) << topic;
  const auto ingested = core_->ingest(where->hub, where->channel, payload, world_.now());
  ASSERT_TRUE(ingested) << ingested.error().context;
  if (mayDie && world_.chance.happens(3)) return kill();  // committed, not receipted
  for (const wire::Receipt& receipt : ingested->receipts) {
    network_->down(wire::receiptTopic(receipt.hub), wire::encode(receipt));
  }
  runDue();
}

void CareNode::runDue() {
  const auto due = core_->runDue(world_.now());
  ASSERT_TRUE(due) << due.error().context;
}

void CareNode::import(const registry::LibrarySet& set) {
  EXPECT_TRUE(cloud::store::SqlConfigurationBooks(*database_).insert(set, world_.now()));
}

void CareNode::update(const registry::Registry& registry) {
  const auto done = cloud::store::SqlRegistryStore(*database_).upsert(registry);
  EXPECT_TRUE(done) << done.error().context;
}

void CareNode::pause(const Pause& pause) { EXPECT_TRUE(core_->keepPause(pause).value_or(false)); }

registry::IssuedConfiguration CareNode::configurationOf(const HubId& hub) {
  cloud::store::SqlConfigurationBooks books(*database_);
  const auto issued = registry::ConfigurationDesk(books, key_).renewAll(world_.now());
  EXPECT_TRUE(issued) << issued.error().context;
  return books.newestConfiguration(hub).value().value();
}

std::vector<SaidVerdict> CareNode::verdictsOf(const HubId& hub) {
  return store_->begin().value()->verdictsOf(hub, UtcTime{}).value();
}

std::vector<Observation> CareNode::observationsOf(const PersonId& person, Code code) {
  return store_->begin()
      .value()
      ->observations(person, code, UtcTime{}, UtcTime{Milliseconds{1LL << 52}})
      .value();
}

std::vector<std::pair<std::int64_t, std::int64_t>> CareNode::received(const std::string& epoch,
                                                                      const std::string& stream) {
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
  auto rows = database_->prepare(
      "SELECT first, last FROM received_range WHERE epoch = ? AND stream = ? ORDER BY first");
  rows.with(epoch, stream);
  while (rows.step().value()) ranges.emplace_back(rows.int64(0), rows.int64(1));
  return ranges;
}

void CareNode::operate() {
  const alerts::Actor nurse{"nurse", "Nurse Test"};
  const TeamId teams[] = {TeamId("team"), TeamId("desk")};
  std::vector<std::string> open;
  {
    auto rows = database_->prepare("SELECT id FROM episode WHERE state <> 'closed'");
    while (rows.step().value()) open.emplace_back(rows.text(0));
  }
  for (const std::string& text : open) {
    const EpisodeId id(text);
    const auto version = [&] {
      auto row = database_->prepare("SELECT version FROM episode WHERE id = ?");
      EXPECT_TRUE(row.with(text).step().value());
      return static_cast<std::uint64_t>(row.int64(0));
    };
    EXPECT_TRUE(core_->acknowledge(id, teams, version(), nurse, world_.now()));
    EXPECT_TRUE(core_->begin(id, teams, version(), nurse, world_.now()));
    EXPECT_TRUE(core_->close(id, teams, version(), nurse, alerts::CloseReason::kContactedAdvice, "",
                             world_.now()));
  }
}

std::int64_t CareNode::number(const std::string& sql, ByteView blob) {
  auto statement = database_->prepare(sql);
  if (!blob.empty()) statement.bind(1, blob);
  const auto row = statement.step();
  EXPECT_TRUE(row && *row) << sql;
  return statement.int64(0);
}

}  // namespace vardnav::simulation
