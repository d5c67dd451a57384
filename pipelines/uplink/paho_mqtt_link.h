// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's link to the broker over Paho. Loop thread only; what happens on other threads is
// posted there. Nothing posted does anything after the link is destroyed.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "pipelines/forward/link.h"
#include "pipelines/uplink/paho_connection.h"

namespace vardnav::uplink {

class PahoMqttLink final : public forward::Link {
 public:
  /// `post` runs a task on the loop thread, in order; called from any thread, also while this is
  /// being destroyed.
  using Post = std::function<void(std::function<void()>)>;

  explicit PahoMqttLink(Post post);
  ~PahoMqttLink() override;

  /// After listen(). An error is a broken start: one line that names the file and what to change.
  /// A broker that is away is none: the link dials for ever.
  Result<void> open(PahoSettings settings);

  void listen(Listener listener) override;
  Result<std::uint64_t> publish(const std::string& topic, std::string payload) override;
  /// As the loop has been told: true between connected and disconnected.
  bool isConnected() const override;
  void reconnect(const std::string& why) override;
  bool turnToNext(const std::string& why) override;

  /// "broker.example:8883"; empty while not connected.
  const std::string& broker() const { return loop_->broker; }

 private:
  // What posted tasks reach; they hold it weakly.
  struct Loop {
    Listener listener;
    bool isConnected = false;
    std::string broker;
  };

  Post post_;
  std::shared_ptr<Loop> loop_ = std::make_shared<Loop>();
  PahoConnection connection_;
};

}  // namespace vardnav::uplink
