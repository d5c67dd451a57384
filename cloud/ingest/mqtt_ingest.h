// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// From the broker to the core and back: what hubs send goes through a bounded queue to the core
// thread, as many together as one commit should hold, and the receipts of what it committed go out
// again. Alerts pass by everything that waits; each stream of a hub keeps its order. A full queue
// holds Paho's thread up, and with it the broker. Receipts have a thread of their own: Paho calls
// back under a lock that publishing needs, so a core that published while the callback waits for
// the core would stand still for ever. Receipts are cumulative, so those that wait for the broker
// are merged.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "cloud/ingest/down_queue.h"
#include "pipelines/model/error.h"
#include "pipelines/model/ids.h"
#include "pipelines/uplink/paho_connection.h"
#include "pipelines/wire/messages.h"

namespace vardnav::cloud::ingest {

/// Hub and channel are those of the topic: what the broker has authenticated.
struct Message {
  HubId hub;
  std::string channel;  ///< "alert", "reading" or "status"
  std::string payload;
};

class MqttIngest {
 public:
  /// Runs a task on the core thread, in order.
  using Post = std::function<void(std::function<void()>)>;
  /// Core thread. Commits; what it returns is published, in this order.
  using Handle = std::function<std::vector<wire::Receipt>(std::span<const Message>)>;
  /// Core thread.
  struct Listener {
    std::function<void()> connected;
    std::function<void(std::string reason)> disconnected;
  };

  /// Messages in the queue at most; each is at most the broker's message size.
  static constexpr std::size_t kMaxQueued = 256;
  /// Handled together at most: what an alert that comes now may have to wait for.
  static constexpr std::size_t kMaxTogether = 32;
  static constexpr std::size_t kMaxOctetsTogether = 64 * 1024;  ///< unless one message is longer

  MqttIngest(Post post, Handle handle, Listener listener, std::size_t maxQueued = kMaxQueued);
  ~MqttIngest();
  MqttIngest(const MqttIngest&) = delete;
  MqttIngest& operator=(const MqttIngest&) = delete;

  /// `settings.subscriptions` are set here. A broker that is away is no error. Once.
  Result<void> open(uplink::PahoSettings settings);
  /// Core thread. Afterwards nothing is handled any more; what is queued is dropped, and the hubs
  /// send it again.
  void close();

  /// Any thread. Published and kept by the broker, at the latest when it is there again.
  void publish(ConfigurationMessage configuration) { down_.add(std::move(configuration)); }

  bool isConnected() const;             ///< core thread
  std::uint64_t ignoredTopics() const;  ///< any thread; messages on topics that are none of ours

 private:
  struct Queue;
  void take(const std::string& topic, std::string payload);
  void drain();
  std::vector<Message> takeSome();
  void publishDown();

  Post post_;
  Handle handle_;
  Listener listener_;
  std::shared_ptr<Queue> queue_;
  DownQueue down_;
  uplink::PahoConnection connection_;
  bool isConnected_ = false;  // core thread
  std::thread publisher_;
};

}  // namespace vardnav::cloud::ingest
