// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The backend's connections to its brokers. What a hub sends is answered where it came from; what
// it is to be goes to every one, because it may be on any. A hub that changes from one to another
// sends again what has no receipt, and what comes twice is stored once. Core thread only, but for
// state().
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "cloud/app/config.h"
#include "cloud/ingest/mqtt_ingest.h"
#include "pipelines/model/error.h"

namespace vardnav::cloud {

class Brokers {
 public:
  /// Told true when the first connection is there, false when the last one is gone.
  using Listening = std::function<void(bool isListening)>;

  explicit Brokers(Listening listening) : listening_(std::move(listening)) {}

  /// Once. A broker that is away is no error.
  Result<void> open(const BrokerConfig& config, const ingest::MqttIngest::Post& post,
                    const ingest::MqttIngest::Handle& handle);
  void close();

  /// Kept for a broker that is away.
  void publish(const ingest::ConfigurationMessage& configuration);

  /// "connected", "partly" or "disconnected"; any thread.
  std::string_view state() const;

 private:
  void count();

  Listening listening_;
  std::vector<std::unique_ptr<ingest::MqttIngest>> connections_;
  std::atomic<std::size_t> all_ = 0;
  std::atomic<std::size_t> connected_ = 0;
};

}  // namespace vardnav::cloud
