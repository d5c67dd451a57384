// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Where what was measured stands to a limit, exactly. Pure, any thread.
#pragma once

#include <compare>
#include <optional>
#include <span>

#include "pipelines/model/unit.h"
#include "rules/engine/measure.h"

namespace vardnav::rules {

/// The limit in the reading's own unit, else one of its kind; glucose is compared in its own only.
/// nullptr: there is none.
const Quantity* limitIn(std::span<const Quantity> limits, Unit unit);

/// nullopt: the numbers do not fit 128 bits.
std::optional<std::strong_ordering> compareToLimit(const Measured& measured, const Quantity& limit);

/// z against a limit by their squares. nullopt: as above.
std::optional<std::strong_ordering> compareScore(const Measured& measured, const Decimal& limit);

}  // namespace vardnav::rules
