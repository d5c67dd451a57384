// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/checkpoints.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vardnav::rules {
namespace {

double secondsBetween(UtcTime earlier, UtcTime later) {
  return std::chrono::duration<double>(later - earlier).count();
}

void thin(std::vector<Checkpoint>& kept) {
  while (kept.size() > kMostCheckpoints) {
    std::size_t leastNeeded = 1;
    double least = 2;
    for (std::size_t i = 1; i + 1 < kept.size(); ++i) {
      const double gap = secondsBetween(kept[i - 1].at, kept[i + 1].at);
      const double share = gap / secondsBetween(kept[i - 1].at, kept.back().at);
      if (share < least) {
        least = share;
        leastNeeded = i;
      }
    }
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(leastNeeded));
  }
}

}  // namespace

Checkpoints::Checkpoints(std::vector<Checkpoint> kept) {
  if (!kept.empty()) kept_ = std::make_shared<const std::vector<Checkpoint>>(std::move(kept));
}

std::span<const Checkpoint> Checkpoints::all() const {
  return kept_ ? std::span<const Checkpoint>(*kept_) : std::span<const Checkpoint>();
}

void Checkpoints::add(Checkpoint checkpoint) {
  std::vector<Checkpoint> kept(all().begin(), all().end());
  kept.push_back(std::move(checkpoint));
  thin(kept);
  *this = Checkpoints(std::move(kept));
}

void Checkpoints::keepBefore(UtcTime at) {
  const auto end = std::ranges::lower_bound(all(), at, {}, &Checkpoint::at);
  if (end == all().end()) return;
  *this = Checkpoints(std::vector<Checkpoint>(all().begin(), end));
}

void Checkpoints::addFrom(const Checkpoints& other, UtcTime at) {
  const auto begin = std::ranges::lower_bound(other.all(), at, {}, &Checkpoint::at);
  if (begin == other.all().end()) return;
  std::vector<Checkpoint> kept(all().begin(), all().end());
  std::copy_if(begin, other.all().end(), std::back_inserter(kept),
               [&](const Checkpoint& later) { return kept.empty() || later.at > kept.back().at; });
  thin(kept);
  *this = Checkpoints(std::move(kept));
}

bool operator==(const Checkpoints& a, const Checkpoints& b) {
  return std::ranges::equal(a.all(), b.all());
}

}  // namespace vardnav::rules
