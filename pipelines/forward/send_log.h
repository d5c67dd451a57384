// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What of one stream was sent and has no receipt, and when it is sent again. Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "pipelines/model/time.h"
#include "pipelines/wire/messages.h"

namespace vardnav::forward {

class SendLog {
 public:
  /// The wait for a receipt doubles from the first to the last at each sending.
  static constexpr Milliseconds kFirstWait{10'000};
  static constexpr Milliseconds kLongestWait{60'000};

  /// Also when it was sent before.
  void noteSent(std::uint64_t sequence, std::uint64_t token, SteadyTime now);
  bool isAwaiting(std::uint64_t sequence) const { return awaiting_.contains(sequence); }
  std::size_t size() const { return awaiting_.size(); }

  /// Rising. What the broker has not acknowledged yet is not due: the watchdog looks after it.
  std::vector<std::uint64_t> due(
      SteadyTime now, const std::function<bool(std::uint64_t token)>& isUnacknowledged) const;
  void makeAllDue(SteadyTime now);

  void erase(std::uint64_t sequence) { awaiting_.erase(sequence); }
  void receive(const wire::Receipt& receipt);

 private:
  struct Sent {
    std::uint64_t token = 0;
    int times = 0;
    SteadyTime due{};
  };
  std::map<std::uint64_t, Sent> awaiting_;
};

}  // namespace vardnav::forward
