// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Can conditions hold together? Comparisons of the same measure of the same series are reasoned
// about exactly, in each unit by itself; different measures are taken as free of each other, so a
// "yes" may be of readings that no body gives, and a "no" is certain. Pure, bounded, any thread.
#pragma once

#include <cstdint>
#include <span>

#include "rules/document/condition.h"

namespace vardnav::rules {

/// What is asked of a condition. Not true is false or unknown.
enum class Asked : std::uint8_t { kTrue, kFalse, kNotTrue, kNotFalse };

struct Wanted {
  const Condition* condition = nullptr;
  Asked asked = Asked::kTrue;
};

enum class Answer : std::uint8_t {
  kNever,
  kPossible,
  kTooMany,  ///< more than 1024 ways to look at
};

Answer canHoldTogether(std::span<const Wanted> wanted);

}  // namespace vardnav::rules
