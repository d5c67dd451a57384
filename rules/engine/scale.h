// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Samples as whole numbers of one unit and one power of ten, so that what is reckoned of them is
// exact. Samples of one unit are taken as they are; of mixed units, all are converted exactly to
// one that every other is a multiple of (mg/dL, kg, L, L/min). Pure, any thread.
#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "rules/document/condition.h"
#include "rules/engine/exact.h"
#include "rules/engine/sample.h"

namespace vardnav::rules {

/// The unit that all of its kind convert to by multiplying, exactly, and by what.
struct BaseUnit {
  Unit unit = Unit::kOne;
  Decimal factor{1, 0};
};
BaseUnit baseOf(Unit unit);

/// One unit and one exponent for all samples that are measured together.
class Scale {
 public:
  explicit Scale(const Sample& newest) : unit_(newest.unit) { take(newest); }

  void take(const Sample& sample) {
    if (!sample.isNumber()) return;
    if (sample.unit != unit_) isMixed_ = true;
    least_ = std::min(least_, int{sample.exponent});
    leastInBase_ = std::min(leastInBase_, sample.exponent + baseOf(sample.unit).factor.exponent());
  }
  void take(std::span<const Sample> samples) {
    for (const Sample& sample : samples) take(sample);
  }

  /// For limits in another unit than the readings.
  void useBase() { isMixed_ = true; }

  Unit unit() const { return isMixed_ ? baseOf(unit_).unit : unit_; }
  int exponent() const { return isMixed_ ? leastInBase_ : least_; }

  std::optional<Wide> of(const Sample& sample) const;

 private:
  Unit unit_;
  bool isMixed_ = false;
  int least_ = std::numeric_limits<int>::max();
  int leastInBase_ = std::numeric_limits<int>::max();
};

/// Of the numbers among them; nullopt: one does not fit.
std::optional<std::vector<Wide>> valuesOf(std::span<const Sample> samples, const Scale& scale);

struct Sums {
  Wide count = 0;
  Wide sum = 0;
  Wide squares = 0;
};

std::optional<Sums> sumsOf(std::span<const Sample> samples, const Scale& scale, bool hasSquares);

std::size_t numbersIn(std::span<const Sample> samples);

/// nullopt: of no numbers, or it does not fit.
std::optional<Ratio> statisticOf(Statistic statistic, std::span<const Sample> samples,
                                 const Scale& scale);

}  // namespace vardnav::rules
