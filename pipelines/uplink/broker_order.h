// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Which of several brokers is dialled next. Pure; one thread.
//
// - Brokers stand in the order of preference. A round goes through them from the first to the last
//   without a pause; then there is one, and the next round begins.
// - A good connection that is lost begins a new round, after a pause: the first may be back.
// - A connection that ended within ten seconds, or that was torn down because the broker did not
//   acknowledge or the backend not answer through it, was no good: the next one has its turn.
// - From a later one it goes back to one before as soon as that answers with TLS: asked after ten
//   minutes (a random half to whole of it, so that a thousand hubs do not come back in the same
//   second), and after twice as long each time until four hours, so that a broker that is up and
//   no good is not gone back to for ever. An hour at the first ends the doubling.
#pragma once

#include <cstddef>
#include <optional>

#include "pipelines/model/time.h"
#include "pipelines/uplink/backoff.h"

namespace vardnav::uplink {

class BrokerOrder {
 public:
  static constexpr Milliseconds kLasting{std::chrono::seconds{10}};
  static constexpr Milliseconds kSettled{std::chrono::hours{1}};

  /// `returnFirst`, `returnMost`: the waits before it asks for an earlier one.
  BrokerOrder(std::size_t count, Milliseconds returnFirst, Milliseconds returnMost,
              std::uint64_t seed)
      : count_(count), returns_(returnFirst, returnMost, seed) {}

  std::size_t current() const { return current_; }

  // What became of the current one. True: a pause is due before the next dial.
  bool onDialFailed() { return goOn(); }
  void onConnected(SteadyTime now) {
    connectedAt_ = now;
    if (current_ > 0) returnAt_ = now + returns_.wait();
  }
  /// `isBlamed`: torn down by ourselves for what the broker did not do.
  bool onEnded(SteadyTime now, bool isBlamed) {
    returnAt_.reset();
    const Milliseconds lasted = now - connectedAt_;
    if (current_ == 0 && lasted >= kSettled) returns_.reset();
    if (isBlamed || lasted < kLasting) return goOn();
    current_ = 0;
    return true;
  }

  /// While connected: when to ask whether an earlier one answers; nullopt: it is the first.
  std::optional<SteadyTime> returnAt() const { return returnAt_; }
  /// None of the earlier ones answered.
  void onNoneEarlier(SteadyTime now) { returnAt_ = now + returns_.wait(); }
  /// The current connection is to end; this earlier one is dialled, without a pause.
  void returnTo(std::size_t earlier) {
    returnAt_.reset();
    current_ = earlier;
  }

 private:
  bool goOn() {
    current_ = (current_ + 1) % count_;
    return current_ == 0;
  }

  std::size_t count_;
  Backoff returns_;
  std::size_t current_ = 0;
  SteadyTime connectedAt_{};
  std::optional<SteadyTime> returnAt_;
};

}  // namespace vardnav::uplink
