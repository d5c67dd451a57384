// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One message of a hub inside one transaction. Core thread only; lives no longer than that.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/core/care_core.h"
#include "cloud/core/episode_desk.h"
#include "cloud/core/judging.h"
#include "cloud/core/sequence_set.h"
#include "pipelines/wire/codec.h"

namespace vardnav::cloud {

class Ingest {
 public:
  Ingest(CareTransaction& transaction, WatchBook& watches, InHandNote& inHand, const HubId& hub,
         UtcTime now)
      : transaction_(transaction),
        desk_(transaction, now),
        judging_(transaction, watches, now),
        watches_(watches),
        inHand_(inHand),
        hub_(hub),
        now_(now) {}

  Result<void> take(std::string_view channel, std::string_view payload);

  /// Valid after take(); to be published after commit.
  Ingested& outcome() { return outcome_; }
  bool hasLogged() const { return hasLogged_ || desk_.hasLogged(); }

 private:
  struct Problem {
    SetAsideReason reason = SetAsideReason::kMalformed;
    std::string detail;
  };
  /// nullopt: used.
  using Used = Result<std::optional<Problem>>;

  Result<void> takeWhole(std::string_view channel, std::string_view payload);
  Result<void> takeStatus(std::string_view payload);
  /// All that the hub has is here: the clock goes on, and the two sides are compared.
  Result<void> catchUp(const wire::Status& status, std::span<const PersonId> persons);
  /// Technicians hear of rules that are not judged by.
  Result<void> reportUnreadable(std::span<const PersonId> persons);
  Result<bool> hasCaughtUp(const wire::Status& status);
  /// Kept always; told to the desk only where nothing is on its way that could change it.
  Result<void> say(const std::vector<Verdict>& own, bool isComplete);
  /// Of a verdict that is stored: to its episode, unless that knows it already.
  Result<void> tell(const Verdict& verdict, Speaker by);
  Result<void> takeItems(std::string_view channel, std::string_view payload);
  /// As one item, which is less work. False: one is to be seen to by itself, and none is taken.
  Result<bool> takeTogether(std::span<const wire::UpItem> items);
  Result<bool> takeInOrder(const wire::UpItem& item);
  Result<void> takeItem(const wire::UpItem& item, const std::optional<Problem>& common);
  /// All of it is stored already; then its sequence is noted for the receipt.
  Result<bool> holds(const wire::UpItem& item);
  Result<void> setAsideWhole(const Problem& problem, std::string_view payload);
  Result<void> setAsideItem(std::uint64_t sequence, const Problem& problem, std::string text);
  void count(Counter counter, std::uint64_t by = 1) { ofItem_[counter] += by; }
  /// The item at work, in the transaction and in what is held until the message ends.
  Result<void> keepItem();
  Result<void> undoItem();
  /// Technicians hear of what no hub sends in ordinary life: its receipt ends its resending.
  Result<void> report(const Problem& problem);
  Result<void> finish(const std::vector<std::uint64_t>& sequences);

  Used use(const wire::UpItem& item);
  Used useReading(const wire::ReadingItem& item);
  Used useAlert(const wire::AlertItem& item);
  /// How many were not there; nullopt: one is there with another value. `isNew`: its reading.
  Result<std::optional<std::uint64_t>> insert(std::span<const Observation> observations,
                                              bool isNew);
  Used storeReading(std::span<const Observation> observations, Bringer bringer);
  std::optional<Problem> strangers(const PersonId& person,
                                   std::span<const Observation> observations) const;
  Result<std::vector<TeamId>> teamsOf(const PersonId& person);

  CareTransaction& transaction_;
  EpisodeDesk desk_;
  Judging judging_;
  WatchBook& watches_;
  InHandNote& inHand_;
  const HubId& hub_;
  UtcTime now_;
  bool isAlert_ = false;        ///< by the message's topic
  Key128 message_;              ///< of the message at work, for inHand_
  std::uint64_t sequence_ = 0;  ///< of the item at work
  StreamKey stream_;
  SequenceSet received_;
  std::set<std::uint64_t> held_;  ///< sequences of items that have come before and are stored
  std::optional<std::vector<PersonId>> persons_;  ///< nullopt: unknown hub
  std::map<PersonId, std::vector<TeamId>> teams_;
  /// One row of a counter changes once in a message.
  std::map<Counter, std::uint64_t> ofItem_;
  std::map<Counter, std::uint64_t> counts_;
  Ingested outcome_;
  bool hasLogged_ = false;
};

}  // namespace vardnav::cloud
