// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One Paho client from its connect to its end. dial() and end() on the dialler's thread; what
// Paho calls back comes on its own threads, under its lock.
#pragma once

#include <mqtt/async_client.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "pipelines/uplink/paho_connection.h"

namespace vardnav::uplink {

class PahoSession final {
 public:
  struct Events {
    std::function<void(std::string reason)> lost;
    std::function<void(std::string topic, std::string payload)> message;
    std::function<void(std::uint64_t token, bool isAcknowledged)> settled;
  };

  /// `settings` and `broker`, one of its brokers, outlive it.
  PahoSession(const PahoSettings& settings, const ServerAddress& broker, Events events);
  ~PahoSession() = default;
  PahoSession(const PahoSession&) = delete;
  PahoSession& operator=(const PahoSession&) = delete;

  /// Connects and subscribes; nullopt: done, else why not.
  std::optional<std::string> dial();
  /// Disconnects politely, if it still can within `patience`.
  void end(Milliseconds patience);
  /// Throws mqtt::exception.
  void publish(const std::string& topic, std::string payload, std::uint64_t token, Retain retain);

 private:
  // An action that one thread waits for.
  class Awaited final : public mqtt::iaction_listener {
   public:
    void on_success(const mqtt::token& token) override;
    void on_failure(const mqtt::token& token) override;
    /// nullopt: not settled in time; else Paho's return code, 0 for success.
    std::optional<int> wait(Milliseconds patience);

   private:
    void settle(int code);
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<int> code_;
  };
  // Publishes: their user context is the token.
  class Publishes final : public mqtt::iaction_listener {
   public:
    explicit Publishes(Events& events) : events_(events) {}
    void on_success(const mqtt::token& token) override;
    void on_failure(const mqtt::token& token) override;

   private:
    Events& events_;
  };

  std::optional<std::string> connect();
  std::optional<std::string> subscribe(const std::string& filter);

  const PahoSettings& settings_;
  const ServerAddress& broker_;
  Events events_;
  Awaited connecting_;
  Awaited subscribing_;
  Awaited disconnecting_;
  Publishes publishes_{events_};
  mqtt::async_client client_;  // last: its end calls back
};

}  // namespace vardnav::uplink
