// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Which P1 alerts have waited too long for the backend's receipt. The person at home is told of
// them (home_signal.h), because nobody else has been. Pure but for the outbox; loop thread only.
//
// An alert waits from its commit to its receipt. A receipt that sets it aside ends it too: the
// backend keeps it and tells its technicians. So does its withdrawal, because then there is no
// ground for it any more. A clearing does not: nobody has dealt with it.
//
// What this process saw committed waits by the monotonic clock, whatever the wall clock does.
// What an earlier process left has waited since its commit by the wall clock of the start, and at
// least since the start: it is overdue at once, or within the patience.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "pipelines/forward/outbox.h"
#include "pipelines/model/error.h"
#include "pipelines/model/verdict.h"

namespace vardnav::hub {

/// One person's alerts that wait too long.
struct Undelivered {
  PersonId person;
  UtcTime since{};  ///< commit of the oldest

  friend bool operator==(const Undelivered&, const Undelivered&) = default;
};

class DeliveryWatch {
 public:
  static constexpr Milliseconds kPatience{60'000};  ///< from here on, included

  /// The outbox outlives it.
  explicit DeliveryWatch(forward::Outbox& outbox, Milliseconds patience = kPatience)
      : outbox_(outbox), patience_(patience) {}

  /// About once a second. The first call takes in what an earlier process left. An error means
  /// that the outbox could not be read: overdue() says what it said before.
  Result<void> onTick(UtcTime now, SteadyTime steady);

  /// By person, each once.
  const std::vector<Undelivered>& overdue() const { return overdue_; }

 private:
  struct Waiting {
    std::uint64_t sequence = 0;
    UtcTime committedAt{};
    SteadyTime since{};
    Verdict verdict;
  };

  Result<void> takeIn(UtcTime now, SteadyTime steady);
  void take(const forward::OutboxItem& item, SteadyTime since);
  Result<bool> hasReceipt(std::uint64_t sequence);

  forward::Outbox& outbox_;
  Milliseconds patience_;
  bool isBegun_ = false;          ///< the first look is complete
  std::uint64_t seen_ = 0;        ///< the highest alert taken in
  std::vector<Waiting> waiting_;  ///< in rising sequence; some may have their receipt by now
  std::vector<Undelivered> overdue_;
};

}  // namespace vardnav::hub
