// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Measures of how a series moves: its slope, and how recent means drift from longer ones. Pure, any
// thread.
#pragma once

#include <compare>
#include <optional>
#include <span>

#include "rules/engine/measure.h"

namespace vardnav::rules {

std::optional<Measured> measureSlope(const MeasureCode& code, std::span<const Sample> samples);
std::optional<Measured> measureMovingAverages(const MeasureCode& code,
                                              std::span<const Sample> samples);

/// The exponentially weighted mean minus the mean, against a limit in the unit `unit`.
struct DriftAgainst {
  std::strong_ordering order = std::strong_ordering::equal;
  std::span<const Sample> used;
};
std::optional<DriftAgainst> compareEwmaDrift(const MeasureCode& code, const Decimal& weight,
                                             std::span<const Sample> samples,
                                             const Quantity& limit);
/// The drift itself for showing, in the newest reading's unit and cut off at six decimals.
std::optional<Measured> shownEwmaDrift(const MeasureCode& code, const Decimal& weight,
                                       std::span<const Sample> samples);

}  // namespace vardnav::rules
