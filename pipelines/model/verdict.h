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

/// Lasting are kRaised, kWorsened and kCleared: they make the history of an episode, and kWithdrawn
/// takes one of them back, or a kCandidate that stands. The others tell how a rule stands.
enum class Transition : std::uint8_t {
  kRaised,     // raised: also each further P1 reading while P1 is open
  kWorsened,   // worsened: a higher level than the highest since it was raised
  kCleared,    // cleared
  kWithdrawn,  // withdrawn: late or corrected data took away the ground of one that was told
  kCandidate,  // candidate: the patient is to measure again before it is raised
  kDismissed,  // dismissed: the second measurement did not bear the candidate out
  kUnknown,    // unknown: what was true or false cannot be said any more
  kGated,      // gated: a reading that counts nowhere; `why` says which doubt it is
  kHeld,       // held: a level holds within the cool-down
  kReminder,   // reminder: a slot of the schedule ended without a reading
  kPaused,     // paused
  kResumed,    // resumed
};

std::string_view nameOf(Transition transition);
std::optional<Transition> transitionFromName(std::string_view name);

bool isLasting(Transition transition);
/// The others say kP3 and mean nothing by it.
bool hasPriority(Transition transition);

/// What a condition is. Unknown is not false: it neither raises, clears nor dismisses.
enum class Truth : std::uint8_t { kUnknown, kFalse, kTrue };

/// The same text in the product's two languages.
struct Text {
  std::string sv;
  std::string en;

  friend bool operator==(const Text&, const Text&) = default;
};

struct Verdict {
  /// Over person, rule, rule hash, transition, priority, inputs, and what sets apart two that are
  /// alike in all of these.
  Key128 key;
  PersonId person;
  ConditionId condition;  ///< what it is routed by
  RuleId rule;
  std::string ruleHash;  ///< SHA-256 of the rule document, 64 digits
  Text title;            ///< of the rule: "Low glucose"
  Text why;              ///< what was measured against what
  Transition transition = Transition::kRaised;
  Priority priority = Priority::kP3;  ///< of the level that holds; of the last one when cleared
  UtcTime at{};                       ///< event time: of the newest input, or of what was due
  UtcTime told{};                     ///< when it became known
  bool isLate = false;                ///< told − at exceeds one hour
  std::vector<ReadingKey> inputs;     ///< the newest first; none where the clock alone decided
  /// kRaised and kWorsened of a gated level: whether a second measurement bore it out. Else
  /// nullopt.
  std::optional<bool> isConfirmed;
  std::optional<Transition> withdraws;  ///< kWithdrawn: what is taken back; at and inputs are its
  std::uint32_t engineVersion = 0;      ///< see rules::kEngineVersion
  std::string contextVersion;           ///< of the person's context when it was judged
  /// Of every condition of the rule, in the order of its document: levels (the highest priority
  /// first), then the clear condition; a condition before its parts.
  std::vector<Truth> truths;
};

}  // namespace vardnav
