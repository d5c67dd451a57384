// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a rule said about a person, with all that is needed to judge it again. Made by rules,
// carried by pipelines, kept by the backend. Plain data, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/digest.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"

namespace vardnav {

enum class Priority : std::uint8_t {
  kP1 = 1,  ///< act now
  kP2 = 2,  ///< same shift
  kP3 = 3,  ///< next staffed day
};

std::string_view nameOf(Priority priority);  ///< "P1"
std::optional<Priority> priorityFromName(std::string_view name);

enum class Transition : std::uint8_t {
  kRaised,    // raised
  kWorsened,  // worsened
  kCleared,   // cleared
};

std::string_view nameOf(Transition transition);
std::optional<Transition> transitionFromName(std::string_view name);

/// The same text in the product's two languages.
struct Text {
  std::string sv;
  std::string en;

  friend bool operator==(const Text&, const Text&) = default;
};

struct Verdict {
  Key128 key;  ///< over person, rule, rule hash, transition, priority and inputs
  PersonId person;
  ConditionId condition;  ///< what it is routed by
  RuleId rule;
  std::string ruleHash;  ///< SHA-256 of the rule document, 64 digits
  Text title;            ///< of the rule: "Low glucose"
  Text why;              ///< what was measured against what
  Transition transition = Transition::kRaised;
  Priority priority = Priority::kP3;  ///< of the level that holds; of the last one when cleared
  UtcTime at{};                       ///< event time of the newest input
  UtcTime told{};                     ///< when it became known
  bool isLate = false;                ///< told − at exceeds one hour
  std::vector<ReadingKey> inputs;     ///< the newest first
};

}  // namespace vardnav
