// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What is on its way to hubs. Receipts, one for each stream: a newer one replaces what waits, as it
// says all that the older said, and takes over what was set aside. Behind them configurations, one
// for each hub: the newest. Any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/wire/messages.h"

namespace vardnav::cloud::ingest {

/// To be kept by the broker for a hub that is away.
struct ConfigurationMessage {
  HubId hub;
  std::string envelope;
};

/// One of the two.
struct Down {
  std::optional<wire::Receipt> receipt;
  std::optional<ConfigurationMessage> configuration;
};

class DownQueue {
 public:
  /// Streams waiting at most; beyond, the oldest is dropped: its hub sends again and is answered.
  static constexpr std::size_t kMaxStreams = 10'000;

  void add(wire::Receipt receipt);
  void add(ConfigurationMessage configuration);
  /// The receipt that waits longest, else a configuration, once sending is possible; nullopt:
  /// closed.
  std::optional<Down> take();
  /// What take() gave could not be sent: first in line again, unless a newer one came.
  void putBack(Down down);
  /// Sending may work: connected, or something was acknowledged.
  void allow();
  /// Nothing is given until allow().
  void hold();
  void close();

 private:
  std::deque<wire::Receipt>::iterator find(const wire::Receipt& receipt);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<wire::Receipt> waiting_;            // guarded by mutex_
  std::map<HubId, std::string> configurations_;  // guarded by mutex_; envelopes
  bool isAllowed_ = false;                       // guarded by mutex_
  bool isClosed_ = false;                        // guarded by mutex_
};

}  // namespace vardnav::cloud::ingest
