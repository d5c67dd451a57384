// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What neither rules nor readings carry about a person: prescribed values and facts with their
// dates, pauses, and whether the patient can be asked to measure again. Plain data, any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"
#include "pipelines/model/unit.h"
#include "rules/document/rule.h"

namespace vardnav::rules {

/// Where a thing without a date begins: before every time that can be written.
inline constexpr UtcTime kAlways{Milliseconds{std::numeric_limits<std::int64_t>::min() / 2}};

struct Prescribed {
  Quantity value;
  UtcTime at{};  ///< in force from then on, until a later one
};

struct Marked {
  bool isTrue = false;
  UtcTime at{};  ///< in force from then on, until a later one
};

/// Nothing is told inside; at its end the rule is judged on what is known. It never holds a floor
/// rule, whatever it names.
struct Pause {
  std::vector<RuleId> rules;  ///< empty: every rule that may be paused
  UtcTime from{};             ///< included
  UtcTime until{};            ///< excluded
};

struct Context {
  PersonId person;
  std::string version;                                        ///< goes into every verdict
  std::map<std::string, std::vector<Prescribed>> prescribed;  ///< by name; any order
  std::map<Fact, std::vector<Marked>> facts;                  ///< any order; absent: not marked
  std::vector<Pause> pauses;                                  ///< any order; they may overlap
  /// By light, sound or page. false: no gate stands, the first reading is raised as unconfirmed.
  bool canMeasureAgain = true;
  Milliseconds lateAfter{std::chrono::hours{1}};  ///< `told − at` beyond it is late

  /// In force at `at`; nullopt: none yet.
  std::optional<Prescribed> prescribedAt(const std::string& name, UtcTime at) const;
  bool isMarked(Fact fact, UtcTime at) const;
};

/// Why `pause` is refused beside `rule`, in one line: it names a floor rule, or ends before it
/// begins. nullopt: it is not.
std::optional<std::string> refusalOf(const Pause& pause, const Rule& rule);

/// What keeps `rule` from ever being judged for this person, in one line: what it needs is missing,
/// or every level compares with a prescribed value that is; or a prescribed value is not above
/// zero, or of another kind than the signal. nullopt: nothing.
std::optional<std::string> lackOf(const Rule& rule, const Context& context);

}  // namespace vardnav::rules
