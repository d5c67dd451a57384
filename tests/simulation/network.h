// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The link between a hub and the backend, worse than any broker: it loses, delays, doubles and
// reorders what it was given, acknowledges what it lost, and is away for months.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

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
  /// The hub's process is gone; whatever comes for it is lost until it listens again.
  void forgetListener();
  /// From the backend to the hub.
  void down(const std::string& topic, const std::string& payload);
  /// From now on nothing is lost, doubled or late.
  void heal() { faults_ = {0, 0, 0, 0, Milliseconds{0}}; }

 private:
  void carry(const Delivery& to, const std::string& topic, const std::string& payload);

  World& world_;
  NetworkFaults faults_;
  Delivery up_;
  Listener listener_;
  bool isConnected_ = false;
  std::uint64_t session_ = 0;  ///< rises at each connection and each listener
  std::uint64_t lastToken_ = 0;
  std::set<std::uint64_t> outstanding_;
};

}  // namespace vardnav::simulation
