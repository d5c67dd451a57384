// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Measures over the samples of one series: what the newest reading comes to, as an exact fraction.
// Pure, any thread.
#pragma once

#include <optional>
#include <span>

#include "rules/document/context.h"
#include "rules/engine/exact.h"
#include "rules/engine/program.h"
#include "rules/engine/sample.h"

namespace vardnav::rules {

/// Where the window begins in `samples`, whose last is the newest.
std::size_t beginOf(const Window& window, std::span<const Sample> samples);

/// Where the newest `count` occasions begin: readings closer than `spacing` to the newest of an
/// occasion are of it.
std::size_t beginOfOccasions(std::size_t count, Milliseconds spacing,
                             std::span<const Sample> samples);

/// The HI or LO that is the highest or lowest of the window, where that is what is measured;
/// nullptr: another measure, or its highest or lowest is a number. `samples` is not empty.
const Sample* beyondAnyNumber(const MeasureCode& code, std::span<const Sample> samples);

struct Measured {
  Ratio value;             ///< kZScore: its square, without the sign
  Unit unit = Unit::kOne;  ///< that `value` is in
  int sign = 0;            ///< kZScore only
  std::optional<Ratio> against;
  Unit againstUnit = Unit::kOne;
  std::optional<Quantity> prescribed;  ///< `against` as it was written
  std::optional<UtcTime> againstAt;
  std::span<const Sample> used;   ///< besides the newest
  const Sample* other = nullptr;  ///< the lowest or highest other one
};

/// nullopt: unknown, as too few readings, a deviation of 0, no prescribed value, or numbers that do
/// not fit 128 bits. `samples` is not empty; the last one is the newest, and anchored. kEwmaDrift
/// is not one of these: see trend.h.
std::optional<Measured> measure(const MeasureCode& code, const Program& program,
                                std::span<const Sample> samples, const Context& context);

}  // namespace vardnav::rules
