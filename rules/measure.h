// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Measures over the samples of one series: what the newest reading comes to, as an exact fraction.
// Samples of one unit are taken as they are; of mixed units, all are converted exactly to one that
// every other is a multiple of (mg/dL, kg, L, L/min). Pure, any thread.
#pragma once

#include <optional>
#include <span>

#include "rules/context.h"
#include "rules/exact.h"
#include "rules/program.h"
#include "rules/sample.h"

namespace vardnav::rules {

/// The unit that all of its kind convert to by multiplying, exactly, and by what.
struct BaseUnit {
  Unit unit = Unit::kOne;
  Decimal factor{1, 0};
};
BaseUnit baseOf(Unit unit);

/// Where the window begins in `samples`, whose last is the newest.
std::size_t beginOf(const Window& window, std::span<const Sample> samples);

/// Where the newest `count` occasions begin: readings closer than `spacing` to the newest of an
/// occasion are of it.
std::size_t beginOfOccasions(std::size_t count, Milliseconds spacing,
                             std::span<const Sample> samples);

struct Measured {
  Ratio value;             ///< kZScore: its square, without the sign
  Unit unit = Unit::kOne;  ///< that `value` is in
  int sign = 0;            ///< kZScore only
  std::optional<Ratio> against;
  std::optional<Quantity> prescribed;  ///< `against` as it was written
  std::optional<UtcTime> againstAt;
  std::span<const Sample> used;   ///< besides the newest
  const Sample* other = nullptr;  ///< the lowest or highest other one
};

/// nullopt: unknown, as too few readings, a deviation of 0, no prescribed value, or numbers that do
/// not fit 128 bits. `samples` is not empty; the last one is the newest, and anchored. kEwmaDrift
/// is not one of these: see ewmaDrift().
std::optional<Measured> measure(const MeasureCode& code, const Program& program,
                                std::span<const Sample> samples, const Context& context);

/// The exponentially weighted mean minus the mean, against a limit in the unit `unit`.
struct DriftAgainst {
  std::strong_ordering order = std::strong_ordering::equal;
  std::span<const Sample> used;
};
std::optional<DriftAgainst> compareEwmaDrift(const MeasureCode& code, const Decimal& weight,
                                             std::span<const Sample> samples,
                                             const Quantity& limit);

}  // namespace vardnav::rules
