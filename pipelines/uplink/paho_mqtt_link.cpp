// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/uplink/paho_mqtt_link.h"

#include <utility>

namespace vardnav::uplink {

PahoMqttLink::PahoMqttLink(Post post) : post_(std::move(post)) {}

PahoMqttLink::~PahoMqttLink() { connection_.close(); }

void PahoMqttLink::listen(Listener listener) { loop_->listener = std::move(listener); }

Result<void> PahoMqttLink::open(PahoSettings settings) {
  // A task for the loop thread, as long as the link is there.
  const auto onLoop = [post = post_, weak = std::weak_ptr(loop_)](auto task) {
    post([weak, task = std::move(task)]() mutable {
      if (const auto loop = weak.lock()) task(*loop);
    });
  };
  return connection_.open(
      std::move(settings),
      {.connected =
           [onLoop](const std::string& broker) {
             onLoop([broker](Loop& loop) {
               loop.isConnected = true;
               loop.broker = broker;
               if (loop.listener.connected) loop.listener.connected();
             });
           },
       .disconnected =
           [onLoop](std::string reason) {
             onLoop([reason = std::move(reason)](Loop& loop) mutable {
               loop.isConnected = false;
               loop.broker.clear();
               if (loop.listener.disconnected) loop.listener.disconnected(std::move(reason));
             });
           },
       .message =
           [onLoop](std::string topic, std::string payload) {
             onLoop([topic = std::move(topic), payload = std::move(payload)](Loop& loop) mutable {
               if (loop.listener.message) {
                 loop.listener.message(std::move(topic), std::move(payload));
               }
             });
           },
       .acknowledged =
           [onLoop](std::uint64_t token) {
             onLoop([token](Loop& loop) {
               if (loop.listener.acknowledged) loop.listener.acknowledged(token);
             });
           }});
}

Result<std::uint64_t> PahoMqttLink::publish(const std::string& topic, std::string payload) {
  if (!loop_->isConnected) return fail(ErrorCode::kUnavailable, "not connected to the broker");
  return connection_.publish(topic, std::move(payload));
}

bool PahoMqttLink::isConnected() const { return loop_->isConnected; }

void PahoMqttLink::reconnect(const std::string& why) { connection_.reconnect(why); }

bool PahoMqttLink::turnToNext(const std::string& why) {
  if (!loop_->isConnected || !connection_.hasAlternative()) return false;
  connection_.reconnect(why);
  return true;
}

}  // namespace vardnav::uplink
