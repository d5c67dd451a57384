// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One MQTT 3.1.1 connection over Paho, TLS with a client certificate, QoS 1: what the hub's link
// and the backend's ingest have in common. A thread of its own dials, and dials again for ever,
// with a fresh Paho client each time: nothing of a broken connection lives on in the next.
//
// What Paho C++ 1.2 and Paho C 1.3.12 make necessary:
//   - no persistence object and no buffering: the journal is the only truth;
//   - fewer outstanding than the in-flight window, or its send thread can sleep a second over a
//     lost wake-up (fixed in C 1.3.14);
//   - options built for one connect and moved into it, callbacks set before it, no TLS error
//     callback (the options it points into die with connect()), no consumer queue;
//   - its callbacks run under its own lock: they must not wait for a thread that publishes;
//   - TCP_NODELAY from outside (tcp_nodelay.h), again at each connect;
//   - of several brokers one is dialled at a time, in our own order (broker_order.h): Paho's own
//   list
//     of servers shares one time-out, does not say why each of them failed, and stays with the one
//     it found for ever (paho.mqtt.c issues 989 and 1661). All have the same TLS files and checks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pipelines/model/error.h"
#include "pipelines/model/server_address.h"
#include "pipelines/uplink/tls_files.h"

namespace vardnav::uplink {

/// kYes: the broker keeps it for those who subscribe later, in place of the one before.
enum class Retain : std::uint8_t { kNo, kYes };

struct PahoSettings {
  std::vector<ServerAddress> brokers;  ///< in order of preference, at least one
  TlsFiles tls;
  /// The broker keeps subscriptions and queued messages for this id while we are away.
  std::string clientId;
  std::vector<std::string> subscriptions;  ///< filters, QoS 1; renewed at each connect
  std::size_t maxOutstanding = 10;         ///< must stay below the window of 20
  Milliseconds firstBackoff{500};
  Milliseconds mostBackoff{std::chrono::seconds{30}};
  Milliseconds firstReturn{std::chrono::minutes{10}};  ///< to an earlier broker, see broker_order.h
  Milliseconds mostReturn{std::chrono::hours{4}};
};

class PahoConnection {
 public:
  /// Called on this object's or Paho's threads; must not wait for a thread that publishes, nor
  /// destroy the connection.
  struct Listener {
    /// Subscribed as well. To which broker: "broker.example:8883".
    std::function<void(const std::string& broker)> connected;
    /// One line that says what to change; told when it was connected or the reason is a new one.
    std::function<void(std::string reason)> disconnected;
    std::function<void(std::string topic, std::string payload)> message;
    std::function<void(std::uint64_t token)> acknowledged;
  };

  PahoConnection();
  ~PahoConnection();
  PahoConnection(const PahoConnection&) = delete;
  PahoConnection& operator=(const PahoConnection&) = delete;

  /// Checks the files and begins to dial; a broker that is away is no error. Once.
  Result<void> open(PahoSettings settings, Listener listener);
  /// Ends the connection and the thread; no listener is called after it returns. About a second;
  /// while it dials a broker that takes the connection and says nothing, up to the connect's
  /// time-outs (18 s). Any number of times.
  void close();

  /// Any thread. kUnavailable: not connected, or maxOutstanding are without acknowledgement.
  /// Tokens rise; one whose connection broke is never acknowledged.
  Result<std::uint64_t> publish(const std::string& topic, std::string payload,
                                Retain retain = Retain::kNo);
  bool isConnected() const;  ///< any thread
  /// Any thread. The broker is to blame: another has its turn, if there is one.
  void reconnect(const std::string& why);
  bool hasAlternative() const;  ///< any thread; there are several brokers

 private:
  class Dialler;
  std::unique_ptr<Dialler> dialler_;
};

}  // namespace vardnav::uplink
