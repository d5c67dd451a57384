// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Receipts on their way out, one for each stream: a newer one replaces what waits, as it says all
// that the older said, and takes over what was set aside. Any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "pipelines/wire/messages.h"

namespace vardnav::cloud::ingest {

class ReceiptQueue {
 public:
  /// Streams waiting at most; beyond, the oldest is dropped: its hub sends again and is answered.
  static constexpr std::size_t kMaxStreams = 10'000;

  void add(wire::Receipt receipt);
  /// The one that waits longest, once sending is possible; nullopt: closed.
  std::optional<wire::Receipt> take();
  /// What take() gave could not be sent: first in line again, unless a newer one came.
  void putBack(wire::Receipt receipt);
  /// Sending may work: connected, or something was acknowledged.
  void allow();
  /// Nothing is given until allow().
  void hold();
  void close();

 private:
  std::deque<wire::Receipt>::iterator find(const wire::Receipt& receipt);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<wire::Receipt> waiting_;  // guarded by mutex_
  bool isAllowed_ = false;             // guarded by mutex_
  bool isClosed_ = false;              // guarded by mutex_
};

}  // namespace vardnav::cloud::ingest
