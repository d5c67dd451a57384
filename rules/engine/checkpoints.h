// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Earlier states of a rule, so that late data is judged anew from shortly before it instead of from
// the first reading: many of the last days, few of long ago. Copies share what they hold. Any
// thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pipelines/model/time.h"

namespace vardnav::rules {

inline constexpr std::size_t kMostCheckpoints = 8;

/// How a rule stood once all readings up to `at`, included, were judged, and none after it.
struct Checkpoint {
  UtcTime at{};
  std::string text;  ///< of encodeAlone(); looked at only when it is used
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

class Checkpoints {
 public:
  Checkpoints() = default;
  /// In rising `at`, not too many.
  explicit Checkpoints(std::vector<Checkpoint> kept);

  /// In rising `at`.
  std::span<const Checkpoint> all() const;
  /// `checkpoint` is later than all. Of too many goes the one whose neighbours are closest to each
  /// other for their age; never the oldest or the newest.
  void add(Checkpoint checkpoint);
  /// Those at `at` or later are gone.
  void keepBefore(UtcTime at);
  /// Takes those of `other` at `at` or later over.
  void addFrom(const Checkpoints& other, UtcTime at);
  void clear() { kept_.reset(); }
  /// Copies of one, none of which has changed.
  bool isSharedWith(const Checkpoints& other) const { return kept_ == other.kept_; }

  friend bool operator==(const Checkpoints& a, const Checkpoints& b);

 private:
  std::shared_ptr<const std::vector<Checkpoint>> kept_;  ///< nullptr: none
};

}  // namespace vardnav::rules
