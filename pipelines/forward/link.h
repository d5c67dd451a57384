// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to the broker. pipelines/uplink implements it with Paho; tests with a fake. Listeners
// are called on the loop thread; the implementation posts there from its own threads.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "pipelines/model/error.h"

namespace vardnav::forward {

/// MQTT publishes that the client library may have in flight. The forwarder keeps fewer without an
/// acknowledgement, because Paho C before 1.3.14 can sleep a second when its queue outgrows the
/// window.
inline constexpr int kInFlightWindow = 20;
inline constexpr int kMaxOutstanding = 10;
static_assert(kMaxOutstanding < kInFlightWindow);

class Link {
 public:
  struct Listener {
    std::function<void()> connected;
    std::function<void(std::string reason)> disconnected;
    std::function<void(std::string topic, std::string payload)> message;
    /// The broker acknowledged; not a proof of storage anywhere.
    std::function<void(std::uint64_t token)> acknowledged;
  };

  virtual ~Link() = default;

  virtual void listen(Listener listener) = 0;
  /// QoS 1. kUnavailable when not connected or when too much is outstanding: nothing is buffered.
  /// The token is never used again, nor 0. Calls no listener before it returns.
  virtual Result<std::uint64_t> publish(const std::string& topic, std::string payload) = 0;
  virtual bool isConnected() const = 0;
  /// Tears the connection down and dials again: for a link that takes but does not acknowledge.
  virtual void reconnect(const std::string& why) = 0;
  /// To another broker, because the backend does not answer through this one. False: there is none.
  virtual bool turnToNext(const std::string& /*why*/) { return false; }
};

}  // namespace vardnav::forward
