// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Replays on a thread of their own, one at a time, so that no alert waits for one. Bounded: so many
// wait, and each has so long.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cloud/api/http_server.h"
#include "cloud/core/person_rules.h"
#include "pipelines/model/observation.h"
#include "pipelines/model/time.h"

namespace vardnav::cloud::api {

struct ReplayJob {
  std::string body;  ///< of the request
  std::vector<Observation> revisions;
  PersonRules rules;
  std::shared_ptr<Exchange> exchange;
};

class ReplayDesk {
 public:
  static constexpr std::size_t kMostWaiting = 8;
  static constexpr Milliseconds kMostTime{10'000};

  ReplayDesk();
  /// Ends the replay at work; who waits is answered by the end of his exchange.
  ~ReplayDesk();
  ReplayDesk(const ReplayDesk&) = delete;
  ReplayDesk& operator=(const ReplayDesk&) = delete;

  /// Any thread, as both. The job answers its exchange, later.
  bool isFull() const;
  void take(ReplayJob job);

 private:
  void run();

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<ReplayJob> waiting_;  // guarded by mutex_
  std::atomic<bool> isEnding_{false};
  std::thread thread_;
};

}  // namespace vardnav::cloud::api
