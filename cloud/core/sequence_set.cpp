// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/sequence_set.h"

#include <algorithm>

namespace vardnav::cloud {
namespace {

/// The first range that ends at `sequence` or after it.
template <class Ranges>
auto firstReaching(Ranges& ranges, std::uint64_t sequence) {
  return std::ranges::lower_bound(ranges, sequence, {}, &wire::SequenceRange::last);
}

}  // namespace

bool SequenceSet::contains(std::uint64_t sequence) const {
  const auto range = firstReaching(ranges_, sequence);
  return range != ranges_.end() && range->first <= sequence;
}

bool SequenceSet::insert(std::uint64_t sequence) {
  const auto after = firstReaching(ranges_, sequence);
  if (after != ranges_.end() && after->first <= sequence) return false;
  const bool joinsAfter = after != ranges_.end() && after->first - 1 == sequence;
  const bool joinsBefore = after != ranges_.begin() && std::prev(after)->last == sequence - 1;
  if (joinsBefore && joinsAfter) {
    std::prev(after)->last = after->last;
    ranges_.erase(after);
  } else if (joinsBefore) {
    std::prev(after)->last = sequence;
  } else if (joinsAfter) {
    after->first = sequence;
  } else {
    ranges_.insert(after, {sequence, sequence});
  }
  return true;
}

SequenceSet::Cover SequenceSet::cover(std::size_t maxGaps) const {
  Cover cover;
  for (const wire::SequenceRange& range : ranges_) {
    if (range.first > cover.through + 1) {
      if (cover.gaps.size() == maxGaps) break;
      cover.gaps.push_back({cover.through + 1, range.first - 1});
    }
    cover.through = range.last;
  }
  return cover;
}

}  // namespace vardnav::cloud
