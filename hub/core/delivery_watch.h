// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Which P1 alerts no human has been told of: those that wait too long for the backend's receipt,
// and those that it set aside. The person at home is told (home_signal.h). Pure but for the outbox;
// loop thread only.
//
// An alert waits from its commit until a receipt. Its withdrawal ends it too, because then there is
// no ground for it any more. A clearing does not: nobody has dealt with it.
//
// What this process saw committed waits by the monotonic clock, whatever the wall clock does.
// What an earlier process left has waited since its commit by the wall clock of the start; it is
// told no sooner than a moment after the start, in which the link may deliver it, and no later than
// the patience after it.
//
// One that the backend set aside is told at once: it is stored and technicians are told, but it
// calls nobody. It is told for a day, or until a later P1 of the person has been received (known
// when that one's patience has passed), or until the hub ends: the outbox no longer has it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "pipelines/forward/outbox.h"
#include "pipelines/model/error.h"
#include "pipelines/model/verdict.h"

namespace vardnav::hub {

/// One person's alerts that nobody was told of.
struct Undelivered {
  PersonId person;
  UtcTime since{};           ///< commit of the oldest
  std::uint64_t newest = 0;  ///< sequence of the newest: rises when one joins

  friend bool operator==(const Undelivered&, const Undelivered&) = default;
};

class DeliveryWatch {
 public:
  static constexpr Milliseconds kPatience{60'000};    ///< from here on, included
  static constexpr Milliseconds kStartGrace{15'000};  ///< for what an earlier process left
  static constexpr Milliseconds kSetAsideTold{24 * 3'600'000};

  /// The outbox outlives it.
  explicit DeliveryWatch(forward::Outbox& outbox, Milliseconds patience = kPatience)
      : outbox_(outbox), patience_(patience) {}

  /// About once a second. The first call takes in what an earlier process left. An error means
  /// that the outbox could not be read: what was known to wait counts as still waiting.
  Result<void> onTick(UtcTime now, SteadyTime steady);
  /// A receipt with items set aside, before the outbox forgets them.
  void onSetAside(const wire::Receipt& receipt, SteadyTime steady);

  /// By person, each once.
  const std::vector<Undelivered>& overdue() const { return overdue_; }

 private:
  struct Waiting {
    std::uint64_t sequence = 0;
    UtcTime committedAt{};
    SteadyTime since{};
    Verdict verdict;
    bool isTold = false;
    bool isReceived = false;
  };
  struct SetAside {
    Undelivered what;
    SteadyTime at{};
  };

  Result<void> takeIn(UtcTime now, SteadyTime steady);
  void take(const forward::OutboxItem& item, SteadyTime since);
  /// Drops what is received of those whose patience has passed; tells the rest.
  Result<void> lookAtOverdue(SteadyTime steady, std::map<PersonId, Undelivered>& overdue);
  void forgetSetAsideBefore(const Waiting& received);
  Result<bool> hasReceipt(std::uint64_t sequence);

  forward::Outbox& outbox_;
  Milliseconds patience_;
  bool isBegun_ = false;          ///< the first look is complete
  std::uint64_t seen_ = 0;        ///< the highest alert taken in
  std::vector<Waiting> waiting_;  ///< in rising sequence; some may have their receipt by now
  std::map<PersonId, SetAside> setAside_;
  std::vector<Undelivered> overdue_;
};

}  // namespace vardnav::hub
