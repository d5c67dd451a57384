// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A rule as the engine runs it: compiled from a document (document.h), never changed. One signal,
// up to three levels; the highest level that holds counts. Plain data, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pipelines/model/code.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/unit.h"
#include "pipelines/model/verdict.h"

namespace vardnav::rules {

/// Strict or inclusive is said by the name.
enum class Comparison : std::uint8_t {
  kBelow,    // below
  kAtMost,   // at-most
  kAbove,    // above
  kAtLeast,  // at-least
};

/// The newest reading itself.
struct NewestValue {
  friend bool operator==(const NewestValue&, const NewestValue&) = default;
};

/// The newest reading minus the lowest other one within the window, which ends at the newest and
/// includes both ends; elapsed time.
struct Rise {
  std::chrono::hours within{0};
  /// Only the first reading of each local day counts, and only if it is before this time of day.
  std::optional<std::chrono::minutes> firstOfDayBefore;
  friend bool operator==(const Rise&, const Rise&) = default;
};

/// The newest reading as a share of a prescribed value.
struct PercentOf {
  std::string prescribed;  ///< its name in the person's context: "fev1-personal-best"
  friend bool operator==(const PercentOf&, const PercentOf&) = default;
};

using Measure = std::variant<NewestValue, Rise, PercentOf>;

struct Condition {
  Measure measure;
  Comparison is = Comparison::kBelow;
  /// One for each unit: a reading is compared in its own unit where a limit has it, else exactly
  /// converted; glucose always has both of its units.
  std::vector<Quantity> limits;
};

struct Level {
  Priority priority = Priority::kP3;
  Condition when;
  Text why;  ///< with placeholders, see wording.h
};

struct Clear {
  std::optional<Condition> when;  ///< nullopt: when every level is false
  Text why;
};

struct Rule {
  RuleId id;
  std::uint32_t version = 0;
  ConditionId condition;
  std::string hash;  ///< of the document, see document.h
  Text title;
  Code signal = Code::kGlucose;
  std::vector<Level> levels;  ///< the highest priority first
  Clear clear;
};

}  // namespace vardnav::rules
