// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Who is responsible for a person, a condition, a priority and a moment: by enrolment, never by
// address. Levels are asked in order: the enrolment's team, its backup, the duty level of the
// care giver, a contracted partner, the service owner's desk. The last one always exists, so that
// nothing is ever dropped. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/routing/directory.h"
#include "pipelines/model/verdict.h"

namespace vardnav::cloud::routing {

enum class Level : std::uint8_t {
  kTeam,          // team
  kBackup,        // backup
  kDuty,          // duty
  kPartner,       // partner
  kServiceOwner,  // service_owner
};
std::string_view nameOf(Level level);
std::optional<Level> levelFromName(std::string_view name);

enum class Outcome : std::uint8_t {
  kChosen,         // chosen: the first level that may and can take it
  kNext,           // next: takes it when those before it do not answer
  kNotNamed,       // not_named: the level does not exist here
  kNotApplicable,  // not_applicable: it exists, or would, but may not take this
};
std::string_view nameOf(Outcome outcome);
std::optional<Outcome> outcomeFromName(std::string_view name);

struct Step {
  Level level = Level::kTeam;
  Outcome outcome = Outcome::kNotNamed;
  TeamId team;       ///< empty unless chosen or next
  std::string name;  ///< of the team; empty where there is none
  Text reason;
};

struct Question {
  PersonId person;
  ConditionId condition;
  Priority priority = Priority::kP3;
  UtcTime moment{};
};

struct Decision {
  UtcTime decidedAt{};                 ///< the question's moment
  std::optional<Enrolment> enrolment;  ///< that it went by
  std::vector<Step> steps;             ///< every level once, in order
  Text explanation;

  /// Exactly one step is chosen.
  const Step& chosen() const;
  /// The chosen step and those that come next, in order; never empty.
  std::vector<Step> recipients() const;
};

/// Total: a directory without a service owner's desk gives the built-in one.
Decision decide(const Question& question, const Directory& directory);

/// The desk that ends the chain where the registry names none.
const Team& builtInDesk();

}  // namespace vardnav::cloud::routing
