// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Episodes inside one transaction: opened, told, routed, moved on, and told to consoles. Core
// thread only; lives as long as the transaction.
#pragma once

#include <vector>

#include "cloud/alerts/life_cycle.h"
#include "cloud/core/care_store.h"

namespace vardnav::cloud {

class EpisodeDesk {
 public:
  EpisodeDesk(CareTransaction& transaction, UtcTime now) : transaction_(transaction), now_(now) {}

  /// A verdict that is stored and new: opens an episode, or adds to the one its cause has open.
  /// A clear without an open episode waits for the raise that it belongs to.
  Result<void> tell(const Verdict& verdict, const HubId& hub);

  /// The backend's own verdicts that waited for readings of this hub (judging.h).
  Result<void> tellHeld(const HubId& hub);

  /// Appends what a person did.
  Result<void> append(StoredEpisode& episode, const alerts::Event& event);
  /// What is due now; false: nothing.
  Result<bool> advance(StoredEpisode& episode);

  bool hasLogged() const { return hasLogged_; }

 private:
  Result<void> open(const Verdict& verdict, const HubId& hub);
  Result<void> add(StoredEpisode& episode, const Verdict& verdict);
  Result<void> absorbWaiting(StoredEpisode& episode, const Verdict& verdict);
  Result<routing::Decision> decide(const StoredEpisode& episode);
  Result<void> route(StoredEpisode& episode, const routing::Decision& decision);
  Result<void> record(StoredEpisode& episode, const alerts::Event& event);
  Result<void> save(StoredEpisode& episode, const std::vector<TeamId>& audienceBefore);

  CareTransaction& transaction_;
  UtcTime now_;
  bool hasLogged_ = false;
};

}  // namespace vardnav::cloud
