// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// registry.json: care givers, teams, patients, hubs, enrolments and their rules, read and checked
// as a whole.
// Any thread.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/routing/directory.h"
#include "pipelines/model/error.h"
#include "pipelines/model/ids.h"
#include "pipelines/wire/configuration.h"

namespace vardnav::cloud::registry {

struct Patient {
  PersonId person;
  std::string name;
  std::optional<int> birthYear;
  std::string language = "sv";              ///< "sv" or "en": what the home speaks
  std::string context = R"({"format":1})";  ///< facts and prescribed values, as rules reads them
  /// What the home says to do when an alert has not reached the team; nullopt: nothing of its own.
  std::optional<Text> whenUnreached{};
};

struct Hub {
  HubId hub;
  std::vector<PersonId> persons;  ///< the only ones it may send for
  std::vector<wire::BoundDevice> bindings{};
};

/// A signed set of rules (imported before) watches an enrolment from a moment on; a newer version
/// of a rule judges what was measured from its own moment on.
struct AssignedRules {
  EnrolmentId enrolment;
  std::string set;  ///< the set's id
  std::uint32_t version = 0;
  UtcTime from{};
};

struct Registry {
  std::vector<CareGiver> careGivers;
  std::vector<Team> teams;
  std::vector<Patient> patients;
  std::vector<Hub> hubs;
  std::vector<Enrolment> enrolments;
  std::vector<AssignedRules> rules;
  std::vector<wire::HomeMessage> messages;
};

struct Fault {
  std::string place;   ///< JSON pointer: "/enrolments/0/team"; empty for the whole
  std::string reason;  ///< what to change; no names of persons
};
/// "registry.json: /enrolments/0/team: no team 'team-x' in this file"
std::string toLine(std::string_view file, const Fault& fault);

/// All faults, not only the first. A registry without faults refers only to what it contains, has
/// exactly one service owner's desk, and enrols a person for a condition once at a time.
std::expected<Registry, std::vector<Fault>> parse(std::string_view json);

/// The port to what holds the registry; cloud/store implements it. Core thread only.
class RegistryStore {
 public:
  virtual ~RegistryStore() = default;
  /// One transaction. What the file names is inserted or replaced (a hub's persons as a list);
  /// what it does not name stays. Idempotent. kInvalidInput: rules of a set that is not imported.
  virtual Result<void> upsert(const Registry& registry) = 0;
};

}  // namespace vardnav::cloud::registry
