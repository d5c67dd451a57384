// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/network.h"

#include <algorithm>
#include <utility>

namespace vardnav::simulation {

using namespace std::chrono_literals;

namespace {
constexpr std::size_t kKnownToOthers = 20;  ///< messages
}

void Network::carry(const Delivery& to, const std::string& topic, const std::string& payload) {
  if (world_.chance.happens(faults_.lost)) return;
  const int copies = world_.chance.happens(faults_.doubled) ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    const Milliseconds most = world_.chance.happens(faults_.late) ? faults_.latest : 2000ms;
    world_.in(world_.chance.between(1ms, most), [to, topic, payload] { to(topic, payload); });
  }
}

Result<std::uint64_t> Network::publish(const std::string& topic, std::string payload) {
  if (!isConnected_ || outstanding_.size() >= static_cast<std::size_t>(forward::kMaxOutstanding)) {
    return fail(ErrorCode::kUnavailable, "not now");
  }
  const std::uint64_t token = ++lastToken_;
  outstanding_.insert(token);
  if (isTakenOver_) return token;
  carry(up_, topic, payload);
  sent_.emplace_back(topic, payload);
  if (sent_.size() > kKnownToOthers) sent_.pop_front();
  if (!world_.chance.happens(faults_.unacknowledged)) {
    world_.in(world_.chance.between(1ms, 500ms), [this, token, session = session_] {
      if (session != session_) return;
      outstanding_.erase(token);
      listener_.acknowledged(token);
    });
  }
  return token;
}

void Network::reconnect(const std::string& why) {
  disconnect(why);
  world_.in(5s, [this] { connect(); });
}

void Network::connect() {
  if (isConnected_ || !listener_.connected || world_.now() < awayUntil_) return;
  isConnected_ = true;
  isTakenOver_ = false;
  ++session_;
  listener_.connected();
}

void Network::disconnect(const std::string& why) {
  if (!isConnected_) return;
  isConnected_ = false;
  ++session_;
  outstanding_.clear();
  if (listener_.disconnected) listener_.disconnected(why);
}

void Network::goAway(Milliseconds outage) {
  disconnect("the home's network is away");
  longestOutage = std::max(longestOutage, outage);
  awayUntil_ = std::max(awayUntil_, world_.now() + outage);
  world_.at(awayUntil_, [this] { connect(); });
}

void Network::takeOver(Milliseconds overlap) {
  if (!isConnected_ || isTakenOver_) return;
  ++takeOvers;
  isTakenOver_ = true;
  for (const auto& [topic, payload] : sent_) carry(up_, topic, payload);
  world_.in(overlap, [this, session = session_] {
    if (session != session_) return;
    disconnect("taken over");
    world_.in(world_.chance.between(1s, 10s), [this] { connect(); });
  });
}

void Network::heal() {
  faults_ = {0, 0, 0, 0, Milliseconds{0}};
  awayUntil_ = {};
}

void Network::forgetListener() {
  listener_ = {};
  isConnected_ = false;
  ++session_;
  outstanding_.clear();
}

void Network::down(const std::string& topic, const std::string& payload) {
  carry(
      [this](const std::string& to, const std::string& text) {
        if (isConnected_ && !isTakenOver_ && listener_.message) listener_.message(to, text);
      },
      topic, payload);
}

}  // namespace vardnav::simulation
