// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Room for readings: removes what the backend has received and is old, says so before the journal
// or its disk is full, and finds out when a full one takes records again. Loop thread only.
//
// What is older than `keep` goes always, but for what the home's rules still look back on, also
// from a reading that comes kLeastKept late. Above kPressure of the bound everything goes but that;
// above kCramped also that, but for the last kLeastKept: rules then see less of the past, which is
// told, and is better than a hub that takes nothing. What has no receipt never goes; and nothing
// goes by a clock that is not trusted, or has been set within kEvenFor: one that is years ahead
// makes everything old.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "hub/app/fault_book.h"
#include "hub/core/hub_clock.h"
#include "hub/core/journal_space.h"

namespace vardnav::hub {

class DiskWatch {
 public:
  static constexpr Milliseconds kLookInterval{10'000};
  static constexpr Milliseconds kPassInterval{std::chrono::hours{1}};  ///< over the whole journal
  static constexpr std::size_t kAtOnce = 200;                          ///< captures in a look
  static constexpr std::uint64_t kPressure = 80;                       ///< per cent of the bound
  static constexpr std::uint64_t kRelief = 75;                         ///< pressure ends below it
  static constexpr std::uint64_t kCramped = 95;
  static constexpr std::uint64_t kLessCramped = 90;
  static constexpr std::uint64_t kLeastFree = 100'000'000;  ///< octets of the disk
  static constexpr std::uint64_t kFreeAgain = 120'000'000;
  /// Of bound and disk, before a full journal counts as taking records again.
  static constexpr std::uint64_t kWorkingRoom = 1'000'000;
  static constexpr std::chrono::days kLeastKept{35};
  /// So long must the clock have run evenly before ages are reckoned by it: one that is wrong is
  /// set sooner. A step of kStep begins it anew.
  static constexpr Milliseconds kEvenFor{std::chrono::hours{6}};
  static constexpr Milliseconds kStep{std::chrono::minutes{1}};

  struct Parts {
    JournalSpace& journal;
    const HubClock& clock;
    FaultBook& faults;
    /// Of the journal's disk; nullopt: it does not say.
    std::function<std::optional<std::uint64_t>()> freeOctets;
    std::function<Milliseconds()> ruleReach;  ///< how far the home's rules look back
    std::chrono::days keep;
  };

  explicit DiskWatch(Parts parts) : parts_(std::move(parts)) {}

  /// About once a second. How many captures were removed.
  Result<std::size_t> onTick();

 private:
  using Free = std::optional<std::uint64_t>;
  void judge(const Space& space, Free free);
  std::string detailOf(const Space& space, Free free, bool isDiskFilling) const;
  void endFault(const Space& space, Free free);
  Milliseconds kept() const;
  Result<std::size_t> prune();
  bool isClockEven();

  Parts parts_;
  std::optional<SteadyTime> lookedAt_;
  std::optional<SteadyTime> passedAt_;  ///< the end of the last whole pass
  std::int64_t after_ = 0;
  std::optional<SteadyTime> evenSince_;  ///< nullopt: the clock is not trusted
  Milliseconds offset_{0};               ///< of the clock from the steady one, at the last look
  bool isFilling_ = false;               ///< the journal is near its bound
  bool isCramped_ = false;               ///< and nearer still
};

}  // namespace vardnav::hub
