// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The sequences of one stream that have been received, as ranges: what a receipt is made of.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pipelines/wire/messages.h"

namespace vardnav::cloud {

class SequenceSet {
 public:
  SequenceSet() = default;
  /// Rising, disjoint and not adjacent, as ranges() gives them.
  explicit SequenceSet(std::vector<wire::SequenceRange> ranges) : ranges_(std::move(ranges)) {}

  bool contains(std::uint64_t sequence) const;
  /// false: it is there already.
  bool insert(std::uint64_t sequence);

  std::span<const wire::SequenceRange> ranges() const { return ranges_; }

  struct Cover {
    std::uint64_t through = 0;  ///< 0: nothing
    std::vector<wire::SequenceRange> gaps;
  };
  /// At most `maxGaps` gaps: `through` then stands lower, which claims less than is there.
  Cover cover(std::size_t maxGaps) const;

 private:
  std::vector<wire::SequenceRange> ranges_;
};

}  // namespace vardnav::cloud
