// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <array>

#include "cloud/core/care_core.h"

namespace vardnav::cloud {
namespace {

// Names in the order of their enumerators.
constexpr std::array<std::string_view, 9> kReasons = {
    "malformed",    "unknown-version", "unknown-hub",  "foreign-hub", "foreign-person",
    "inconsistent", "conflict",        "not-storable", "poison"};
constexpr std::array<std::string_view, 7> kCounters = {
    "readings-stored", "observations-stored", "duplicates-refused", "set-aside",
    "alerts-received", "episodes-raised",     "episodes-routed"};

}  // namespace

std::string_view nameOf(SetAsideReason reason) {
  return kReasons[static_cast<std::size_t>(reason)];
}

std::string_view nameOf(Counter counter) { return kCounters[static_cast<std::size_t>(counter)]; }

}  // namespace vardnav::cloud
