// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The floor: what is told at once of everybody, however else a person is watched. Glucose below
// 3.0 mmol/L (54 mg/dL) or LO, glucose HI, and ketones from 1.6 mmol/L; what a prescriber adds is
// marked in its document. A rule of the floor can be neither switched off nor paused. Pure, any
// thread.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "rules/document/condition.h"
#include "rules/document/rule.h"

namespace vardnav::rules {

enum class Floor : std::uint8_t { kLowGlucose, kHighGlucose, kKetones };
using FloorSet = std::bitset<3>;  ///< bit per Floor

/// Which readings they are, in the order of Floor.
const std::vector<Condition>& floorConditions();

/// The condition's own: of diabetes all, of others none is published.
FloorSet floorsOf(const ConditionId& condition);

/// What it takes to watch by a rule, and what the rule gives.
struct FloorCover {
  FloorSet asked;  ///< those on the signals it reads
  FloorSet told;   ///< it tells each such reading at once (P1 or P2), and nothing can hold it back
  friend bool operator==(const FloorCover&, const FloorCover&) = default;
};
FloorCover coverOf(const Rule& rule);

/// The level holds for readings of the floor alone, be it only for some of them.
bool isOnFloor(const Level& level);

}  // namespace vardnav::rules
