// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A broker's end of the link, in memory: connects, loses and acknowledges as it is told.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "pipelines/forward/link.h"

namespace vardnav::test {

class FakeLink final : public forward::Link {
 public:
  struct Published {
    std::uint64_t token = 0;
    std::string topic;
    std::string payload;
  };

  /// Everything that publish() took, in order.
  std::vector<Published> published;
  std::vector<std::string> reconnects;
  bool hasAlternative = false;  ///< there is another broker
  std::vector<std::string> turns;
  /// While set, publish() returns it.
  std::optional<Error> publishFault;

  void listen(Listener listener) override { listener_ = std::move(listener); }
  Result<std::uint64_t> publish(const std::string& topic, std::string payload) override {
    if (!isConnected_) return fail(ErrorCode::kUnavailable, "not connected");
    if (publishFault) return std::unexpected(*publishFault);
    published.push_back({++lastToken_, topic, std::move(payload)});
    unacknowledged_.push_back(lastToken_);
    return lastToken_;
  }
  bool isConnected() const override { return isConnected_; }
  void reconnect(const std::string& why) override {
    reconnects.push_back(why);
    disconnect(why);
  }
  bool turnToNext(const std::string& why) override {
    if (!hasAlternative || !isConnected_) return false;
    turns.push_back(why);
    disconnect(why);
    return true;
  }

  void connect() {
    isConnected_ = true;
    listener_.connected();
  }
  void disconnect(const std::string& why = "cable pulled") {
    isConnected_ = false;
    unacknowledged_.clear();
    listener_.disconnected(why);
  }
  /// Acknowledges the oldest publish; false: there is none.
  bool acknowledgeOne() {
    if (unacknowledged_.empty()) return false;
    const auto token = unacknowledged_.front();
    unacknowledged_.pop_front();
    listener_.acknowledged(token);
    return true;
  }
  /// Also what is published in answer.
  void acknowledgeAll() {
    while (acknowledgeOne()) {
    }
  }
  std::size_t unacknowledged() const { return unacknowledged_.size(); }
  void deliver(const std::string& topic, const std::string& payload) {
    listener_.message(topic, payload);
  }

 private:
  Listener listener_;
  bool isConnected_ = false;
  std::uint64_t lastToken_ = 0;
  std::deque<std::uint64_t> unacknowledged_;
};

}  // namespace vardnav::test
