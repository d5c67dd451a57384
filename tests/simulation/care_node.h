// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A backend: its core over its embedded database, and a process that can be killed between any two
// messages or between a commit and its receipt.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cloud/core/care_core.h"
#include "cloud/registry/configuration_desk.h"
#include "cloud/registry/registry.h"
#include "cloud/registry/rule_library.h"
#include "cloud/store/schema.h"
#include "cloud/store/sql_care_store.h"
#include "tests/simulation/network.h"
#include "tests/simulation/world.h"

namespace vardnav::simulation {

class CareNode {
 public:
  CareNode(World& world, std::string path, const cloud::registry::Registry& registry);

  /// Receipts go there.
  void answer(Network& network) { network_ = &network; }
  void take(const std::string& topic, const std::string& payload);
  void runDue();
  /// Rules that may be assigned from now on.
  void import(const cloud::registry::LibrarySet& set);
  void update(const cloud::registry::Registry& registry);
  void pause(const cloud::Pause& pause);
  /// The newest configuration of the hub, issued now if something has changed.
  cloud::registry::IssuedConfiguration configurationOf(const HubId& hub);
  /// All that hub and backend have told about the hub's persons.
  std::vector<cloud::SaidVerdict> verdictsOf(const HubId& hub);
  /// The newest revision of each, in the order of their times.
  std::vector<Observation> observationsOf(const PersonId& person, Code code);
  /// Sequences of a stream, in ranges that rise; both ends included.
  std::vector<std::pair<std::int64_t, std::int64_t>> received(const std::string& epoch,
                                                              const std::string& stream);
  /// An operator looks after everything that is open.
  void operate();

  /// One number of one row.
  std::int64_t number(const std::string& sql, ByteView blob = {});

  bool mayDie = true;
  /// At its next start the database is as this many migrations of its schema leave it.
  std::optional<std::size_t> earlierSchema;
  std::uint64_t kills = 0;
  std::uint64_t upgrades = 0;  ///< of its schema, with what was stored

 private:
  struct Silent final : cloud::EventSink {
    void eventsStored() override {}
  };
  void open();
  void kill();

  World& world_;
  const std::string path_;
  Network* network_ = nullptr;
  SigningKey key_ = SigningKey::generate().value();
  Silent sink_;
  std::unique_ptr<cloud::sql::Database> database_;
  std::optional<cloud::store::SqlCareStore> store_;
  std::optional<cloud::CareCore> core_;
};

}  // namespace vardnav::simulation
