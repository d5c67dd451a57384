// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Virtual time, chance from a seed, and what is to happen when. The same seed runs the same way on
// every machine: nothing here asks the real clock or the library's distributions.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "pipelines/model/clock.h"

namespace vardnav::simulation {

/// SplitMix64 (Steele, Lea, Flood 2014).
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  /// From `least` to `most`, both included.
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(most - least + 1));
  }
  Milliseconds between(Milliseconds least, Milliseconds most) {
    return Milliseconds{between(least.count(), most.count())};
  }
  /// True `permille` times in a thousand.
  bool happens(int permille) { return between(0, 999) < permille; }

 private:
  std::uint64_t state_;
};

/// The true time, and what is to happen then. Steady time runs with it.
class World {
 public:
  using Happening = std::function<void()>;

  World(UtcTime start, std::uint64_t seed) : chance(seed), start_(start), now_(start) {}

  UtcTime now() const { return now_; }
  SteadyTime steady() const { return SteadyTime{} + Milliseconds{1000} + (now_ - start_); }
  void at(UtcTime time, Happening what) {
    happenings_.emplace(std::max(time, now_), std::move(what));
  }
  void in(Milliseconds delay, Happening what) { at(now_ + delay, std::move(what)); }
  /// Runs everything up to and including `until`, in order; equal times in the order of asking.
  void run(UtcTime until) {
    while (!happenings_.empty() && happenings_.begin()->first <= until) {
      auto first = happenings_.extract(happenings_.begin());
      now_ = first.key();
      first.mapped()();
    }
    now_ = until;
  }

  Chance chance;

 private:
  UtcTime start_;
  UtcTime now_;
  std::multimap<UtcTime, Happening> happenings_;
};

/// A machine's clocks in the world: the wall clock may be wrong by any amount.
class MachineClock final : public Clock {
 public:
  explicit MachineClock(const World& world) : world_(world) {}
  UtcTime utcNow() const override { return world_.now() + wrongBy; }
  SteadyTime steadyNow() const override { return world_.steady(); }

  Milliseconds wrongBy{0};

 private:
  const World& world_;
};

}  // namespace vardnav::simulation
