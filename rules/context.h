// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What neither rules nor readings carry about a person: prescribed values, with their dates.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"
#include "pipelines/model/unit.h"
#include "rules/rule.h"

namespace vardnav::rules {

struct Prescribed {
  Quantity value;
  UtcTime at{};  ///< in force from then on, until a later one
};

struct Context {
  PersonId person;
  std::map<std::string, std::vector<Prescribed>> prescribed;  ///< by name; any order

  /// In force at `at`; nullopt: none yet.
  std::optional<Prescribed> prescribedAt(const std::string& name, UtcTime at) const;
};

/// What keeps `rule` from ever being judged for this person, in one line: a prescribed value that
/// is missing, not above zero, or of another kind than the signal. nullopt: nothing.
std::optional<std::string> lackOf(const Rule& rule, const Context& context);

}  // namespace vardnav::rules
