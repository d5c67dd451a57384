// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/ingest/mqtt_ingest.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "pipelines/wire/codec.h"
#include "pipelines/wire/topics.h"

namespace vardnav::cloud::ingest {

namespace {

bool isNoAlert(const Message& message) {
  return message.channel != wire::nameOf(wire::Stream::kAlert);
}

}  // namespace

// Between Paho's thread and the core. Posted tasks hold it weakly: it ends with close().
struct MqttIngest::Queue {
  std::mutex mutex;
  std::condition_variable hasRoom;
  std::deque<Message> messages;  // guarded by mutex
  bool isDrainPosted = false;    // guarded by mutex
  bool isClosed = false;         // guarded by mutex
  std::size_t most = 0;
  std::atomic<std::uint64_t> ignored = 0;
};

MqttIngest::MqttIngest(Post post, Handle handle, Listener listener, std::size_t maxQueued)
    : post_(std::move(post)),
      handle_(std::move(handle)),
      listener_(std::move(listener)),
      queue_(std::make_shared<Queue>()) {
  queue_->most = maxQueued;
}

MqttIngest::~MqttIngest() { close(); }

Result<void> MqttIngest::open(uplink::PahoSettings settings) {
  settings.subscriptions = {std::string(wire::upFilter())};
  const auto onCore = [this](auto task) {
    post_([this, weak = std::weak_ptr(queue_), task = std::move(task)] {
      if (weak.lock()) task();
    });
  };
  auto opened =
      connection_.open(std::move(settings),
                       {.connected =
                            [this, onCore](const std::string& /*broker*/) {
                              down_.allow();
                              onCore([this] {
                                isConnected_ = true;
                                if (listener_.connected) listener_.connected();
                              });
                            },
                        .disconnected =
                            [this, onCore](const std::string& reason) {
                              down_.hold();
                              onCore([this, reason] {
                                isConnected_ = false;
                                if (listener_.disconnected) listener_.disconnected(reason);
                              });
                            },
                        .message = [this](const std::string& topic,
                                          std::string payload) { take(topic, std::move(payload)); },
                        .acknowledged = [this](std::uint64_t) { down_.allow(); }});
  if (!opened) return opened;
  publisher_ = std::thread([this] { publishDown(); });
  return {};
}

void MqttIngest::close() {
  if (!queue_) return;
  {
    const std::lock_guard lock(queue_->mutex);
    queue_->isClosed = true;
  }
  queue_->hasRoom.notify_all();
  down_.close();
  if (publisher_.joinable()) publisher_.join();
  connection_.close();
  queue_.reset();
  isConnected_ = false;
}

// Paho's thread, under its lock: waits only for the core, which never publishes.
void MqttIngest::take(const std::string& topic, std::string payload) {
  auto ours = wire::parseUpTopic(topic);
  if (!ours) {
    ++queue_->ignored;
    return;
  }
  bool mustPost = false;
  {
    std::unique_lock lock(queue_->mutex);
    queue_->hasRoom.wait(
        lock, [this] { return queue_->isClosed || queue_->messages.size() < queue_->most; });
    if (queue_->isClosed) return;
    auto& waiting = queue_->messages;
    const auto place = ours->channel == wire::nameOf(wire::Stream::kAlert)
                           ? std::ranges::find_if(waiting, isNoAlert)
                           : waiting.end();
    waiting.insert(place, {std::move(ours->hub), std::move(ours->channel), std::move(payload)});
    mustPost = !std::exchange(queue_->isDrainPosted, true);
  }
  if (mustPost) {
    post_([this, weak = std::weak_ptr(queue_)] {
      if (weak.lock()) drain();
    });
  }
}

// Between two commits, other tasks of the core have their turn.
void MqttIngest::drain() {
  const std::vector<Message> messages = takeSome();
  if (messages.empty()) return;
  for (wire::Receipt& receipt : handle_(messages)) down_.add(std::move(receipt));
  post_([this, weak = std::weak_ptr(queue_)] {
    if (weak.lock()) drain();
  });
}

std::vector<Message> MqttIngest::takeSome() {
  std::vector<Message> taken;
  std::size_t octets = 0;
  {
    const std::lock_guard lock(queue_->mutex);
    auto& waiting = queue_->messages;
    while (!waiting.empty() && taken.size() < kMaxTogether) {
      octets += waiting.front().payload.size();
      if (!taken.empty() && octets > kMaxOctetsTogether) break;
      taken.push_back(std::move(waiting.front()));
      waiting.pop_front();
    }
    if (taken.empty()) queue_->isDrainPosted = false;
  }
  queue_->hasRoom.notify_all();
  return taken;
}

void MqttIngest::publishDown() {
  while (auto down = down_.take()) {
    // Held before it is tried, so that an acknowledgement that comes meanwhile is not missed.
    down_.hold();
    const auto published =
        down->receipt ? connection_.publish(wire::receiptTopic(down->receipt->hub),
                                            wire::encode(*down->receipt))
                      : connection_.publish(wire::configurationTopic(down->configuration->hub),
                                            down->configuration->envelope, uplink::Retain::kYes);
    if (published) {
      down_.allow();
    } else {
      down_.putBack(std::move(*down));
    }
  }
}

bool MqttIngest::isConnected() const { return isConnected_; }

std::uint64_t MqttIngest::ignoredTopics() const { return queue_ ? queue_->ignored.load() : 0; }

}  // namespace vardnav::cloud::ingest
