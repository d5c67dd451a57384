// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a rule keeps of a reading in a series. Plain data, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pipelines/model/digest.h"
#include "pipelines/model/observation.h"
#include "pipelines/model/time.h"
#include "pipelines/model/verdict.h"

namespace vardnav::rules {

/// Runs of one series; each sample keeps what each run's test said of it.
inline constexpr std::size_t kMaxRuns = 8;

struct Sample {
  ReadingKey key;
  UtcTime at{};  ///< event time
  std::int64_t mantissa = 0;
  std::uint16_t localDay = 0;  ///< since 1970-01-01 in Europe/Stockholm; 0: no day is asked for
  std::int8_t exponent = 0;
  Unit unit = Unit::kOne;
  Value::Kind kind = Value::Kind::kNumber;
  std::uint16_t truths = 0;  ///< two bits for each run of the series

  Decimal number() const { return {mantissa, exponent}; }
  bool isNumber() const { return kind == Value::Kind::kNumber; }
  Truth truthOf(std::size_t run) const { return static_cast<Truth>((truths >> (2 * run)) & 3U); }
  void setTruth(std::size_t run, Truth truth) {
    const auto cleared = truths & ~(3U << (2 * run));
    truths = static_cast<std::uint16_t>(cleared | (static_cast<unsigned>(truth) << (2 * run)));
  }
  friend bool operator==(const Sample&, const Sample&) = default;
};

/// Readings of one series in event order, from the oldest that the rule still needs.
struct SeriesState {
  std::vector<Sample> samples;
  /// A reading whose time is not known, at its receive time: the newest until the next one comes,
  /// and never in a window.
  std::optional<Sample> unanchored;

  const Sample* newest() const {
    if (unanchored) return &*unanchored;
    return samples.empty() ? nullptr : &samples.back();
  }
  friend bool operator==(const SeriesState&, const SeriesState&) = default;
};

}  // namespace vardnav::rules
