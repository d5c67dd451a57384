// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The link between a hub and the backend, worse than any broker: it loses, delays, doubles and
// reorders what it was given, acknowledges what it lost, is away for months, and gives the hub's
// session to another client that says it is the hub.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "pipelines/forward/link.h"
#include "tests/simulation/world.h"

namespace vardnav::simulation {

struct NetworkFaults {
  int lost = 20;           ///< permille of messages, each way; the broker may acknowledge them
  int doubled = 20;        ///< permille
  int late = 20;           ///< permille: by up to `latest` instead of up to 2 s
  int unacknowledged = 5;  ///< permille
  Milliseconds latest = std::chrono::hours{6};
};

class Network final : public forward::Link {
 public:
  using Delivery = std::function<void(const std::string& topic, const std::string& payload)>;

  /// `up` takes what reaches the backend.
  Network(World& world, NetworkFaults faults, Delivery up)
      : world_(world), faults_(faults), up_(std::move(up)) {}

  // The hub's side.
  void listen(Listener listener) override { listener_ = std::move(listener); }
  Result<std::uint64_t> publish(const std::string& topic, std::string payload) override;
  bool isConnected() const override { return isConnected_; }
  void reconnect(const std::string& why) override;

  // The world's side.
  void connect();
  void disconnect(const std::string& why);
  /// The home has no network for so long, whoever dials; one that is away already stays so for as
  /// long as it is.
  void goAway(Milliseconds outage);
  /// Another client (what is left of an older connection, a copy of the hub) has connected under
  /// the hub's name. For `overlap` both sessions live: what is for the hub goes to the other one,
  /// what the hub sends goes nowhere, and the other one sends again what it knows the hub sent.
  /// Then the hub hears that it was disconnected, dials, and throws the other one out.
  void takeOver(Milliseconds overlap);
  /// The hub's process is gone; whatever comes for it is lost until it listens again.
  void forgetListener();
  /// From the backend to the hub.
  void down(const std::string& topic, const std::string& payload);
  /// From now on nothing is lost, doubled or late.
  void heal();

  std::uint64_t takeOvers = 0;
  Milliseconds longestOutage{0};

 private:
  void carry(const Delivery& to, const std::string& topic, const std::string& payload);

  World& world_;
  NetworkFaults faults_;
  Delivery up_;
  Listener listener_;
  bool isConnected_ = false;
  bool isTakenOver_ = false;  ///< the hub believes that it is connected
  UtcTime awayUntil_{};
  std::deque<std::pair<std::string, std::string>> sent_;  ///< the hub's last messages
  std::uint64_t session_ = 0;  ///< rises at each connection and each listener
  std::uint64_t lastToken_ = 0;
  std::set<std::uint64_t> outstanding_;
};

}  // namespace vardnav::simulation
