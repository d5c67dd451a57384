// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <array>

#include "cloud/routing/directory.h"
#include "cloud/routing/route.h"

namespace vardnav::cloud {
namespace {

// Names in the order of their enumerators.
constexpr std::array<std::string_view, 3> kKinds = {"region", "municipality", "private"};
constexpr std::array<std::string_view, 4> kRoles = {"team", "duty", "technicians", "service_owner"};
constexpr std::array<std::string_view, 5> kLevels = {"team", "backup", "duty", "partner",
                                                     "service_owner"};
constexpr std::array<std::string_view, 4> kOutcomes = {"chosen", "next", "not_named",
                                                       "not_applicable"};

template <class Enum, std::size_t N>
std::string_view nameIn(const std::array<std::string_view, N>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

template <class Enum, std::size_t N>
std::optional<Enum> valueIn(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view nameOf(CareGiver::Kind kind) { return nameIn(kKinds, kind); }
std::optional<CareGiver::Kind> careGiverKindFromName(std::string_view name) {
  return valueIn<CareGiver::Kind>(kKinds, name);
}

std::string_view nameOf(Team::Role role) { return nameIn(kRoles, role); }
std::optional<Team::Role> teamRoleFromName(std::string_view name) {
  return valueIn<Team::Role>(kRoles, name);
}

namespace routing {

std::string_view nameOf(Level level) { return nameIn(kLevels, level); }
std::optional<Level> levelFromName(std::string_view name) { return valueIn<Level>(kLevels, name); }

std::string_view nameOf(Outcome outcome) { return nameIn(kOutcomes, outcome); }
std::optional<Outcome> outcomeFromName(std::string_view name) {
  return valueIn<Outcome>(kOutcomes, name);
}

}  // namespace routing
}  // namespace vardnav::cloud
