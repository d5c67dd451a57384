// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Who exists and who answers for whom: care givers, their teams, and enrolments. What a routing
// decision is made from. Plain data, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"

namespace vardnav::cloud {

using CareGiverId = Id<struct CareGiverTag>;
using TeamId = Id<struct TeamTag>;
using EnrolmentId = Id<struct EnrolmentTag>;

/// Vårdgivare.
struct CareGiver {
  enum class Kind : std::uint8_t {
    kRegion,        // region
    kMunicipality,  // municipality
    kPrivate,       // private: a contractor, a care giver of its own
  };
  CareGiverId id;
  Kind kind = Kind::kRegion;
  std::string code;  ///< county ("01") or municipality ("0380") code; empty for private
  std::string name;
};

std::string_view nameOf(CareGiver::Kind kind);
std::optional<CareGiver::Kind> careGiverKindFromName(std::string_view name);

struct Team {
  enum class Role : std::uint8_t {
    kTeam,          // team: named by enrolments, as team or as backup
    kDuty,          // duty: its care giver's duty level
    kTechnicians,   // technicians: sees to technical alerts, and to no clinical ones
    kServiceOwner,  // service_owner: the desk that ends every chain; belongs to no care giver
  };
  TeamId id;
  CareGiverId careGiver;  ///< empty for the service owner's desk
  std::string name;
  Role role = Role::kTeam;
};

std::string_view nameOf(Team::Role role);
std::optional<Team::Role> teamRoleFromName(std::string_view name);

/// Patient × condition → who answers.
struct Enrolment {
  EnrolmentId id;
  PersonId person;
  ConditionId condition;
  CareGiverId careGiver;  ///< accountable
  TeamId team;
  std::optional<TeamId> backup;
  std::string prescriber;
  std::string consentBasis;
  UtcTime from{};                ///< included
  std::optional<UtcTime> until;  ///< excluded

  bool isValidAt(UtcTime moment) const { return from <= moment && (!until || moment < *until); }
};

/// What a decision about one person may look at.
struct Directory {
  std::vector<CareGiver> careGivers;
  std::vector<Team> teams;
  std::vector<Enrolment> enrolments;  ///< of that person; others are ignored
};

}  // namespace vardnav::cloud
