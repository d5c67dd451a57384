// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the engine found when it told a verdict: the grounds that wording.h makes a sentence of.
// Plain data, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pipelines/model/observation.h"
#include "pipelines/model/verdict.h"
#include "rules/document/rule.h"

namespace vardnav::rules {

/// Of one condition of the tree. The optionals are what its measure has; numbers are rounded (half
/// to even, six decimals at most) for showing only, the truth is exact.
struct Finding {
  const Condition* condition = nullptr;  ///< of the rule
  Truth truth = Truth::kUnknown;
  std::vector<ReadingKey> inputs;  ///< the newest first; all readings that it looked at
  /// The series' newest reading: what the meter said, in its own unit.
  std::optional<Value> value;
  Unit unit = Unit::kOne;
  UtcTime at{};
  bool isTimeKnown = true;           ///< else `at` is when it was received
  std::optional<Quantity> limit;     ///< compared with; of a band the end that is nearer
  std::optional<Quantity> measured;  ///< the measure where it is not the newest reading itself
  std::optional<Quantity> against;   ///< lowest or highest other reading, or the baseline
  std::optional<UtcTime> againstAt;  ///< of that reading, or of the prescribed value
  /// Repeated, Consecutive: how many held, and of how many readings or occasions; MissedSlots: how
  /// many were missed; windows and baselines: how many readings they had in `of`.
  std::optional<std::uint32_t> held;
  std::optional<std::uint32_t> of;
};

/// Why a reading counts nowhere.
struct Doubt {
  Flag flag = Flag::kBadBlow;
};

/// What is known of a second measurement, where the level asks for one.
enum class Second : std::uint8_t {
  kNotAsked,    ///< the level has no gate, or is judged within or after a cool-down
  kAgreed,      ///< between 5 and 15 minutes after the first
  kNone,        ///< none came in that time
  kImpossible,  ///< the patient could not be asked
  kTooEarly,    ///< a P1 that was not waited beyond
  kNotAwaited,  ///< the patient is breathless at rest
};

/// As Verdict::isConfirmed.
constexpr std::optional<bool> isConfirmed(Second second) {
  if (second == Second::kNotAsked) return std::nullopt;
  return second == Second::kAgreed;
}

struct Grounds {
  const Rule* rule = nullptr;
  Transition transition = Transition::kRaised;
  const Level* level = nullptr;  ///< that holds, or held; nullptr: none
  bool isByClear = false;        ///< the rule's own clear condition held
  Second second = Second::kNotAsked;
  std::optional<Doubt> doubt;           ///< kGated
  std::optional<Transition> withdraws;  ///< kWithdrawn
  /// Of every condition in the order of Verdict::truths; empty where none was judged.
  std::vector<Finding> findings;
};

}  // namespace vardnav::rules
