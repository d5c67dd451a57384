// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/app/brokers.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>
#include <utility>

namespace vardnav::cloud {
namespace {

/// One for each connection.
std::vector<uplink::PahoSettings> settingsOf(const BrokerConfig& mqtt) {
  uplink::PahoSettings settings;
  settings.tls = {mqtt.ca, mqtt.certificate, mqtt.key};
  settings.clientId = "vardnav-care";
  settings.brokers = mqtt.brokers;
  if (mqtt.listening == Listening::kOnOne) return {settings};
  std::vector<uplink::PahoSettings> all;
  for (const ServerAddress& broker : mqtt.brokers) {
    settings.brokers = {broker};
    all.push_back(settings);
  }
  return all;
}

std::string nameOf(const uplink::PahoSettings& settings) {
  std::string name;
  for (const ServerAddress& broker : settings.brokers) {
    name += (name.empty() ? "" : " or ") + toText(broker);
  }
  return name;
}

}  // namespace

Result<void> Brokers::open(const BrokerConfig& config, const ingest::MqttIngest::Post& post,
                           const ingest::MqttIngest::Handle& handle) {
  for (uplink::PahoSettings& settings : settingsOf(config)) {
    const std::string name = nameOf(settings);
    connections_.push_back(std::make_unique<ingest::MqttIngest>(
        post, handle,
        ingest::MqttIngest::Listener{[this, name] {
                                       spdlog::info("broker connected: {}", name);
                                       count();
                                     },
                                     [this, name](const std::string& reason) {
                                       spdlog::warn("broker {}: {}", name, reason);
                                       count();
                                     }}));
    ++all_;
    if (auto opened = connections_.back()->open(std::move(settings)); !opened) return opened;
  }
  return {};
}

void Brokers::close() {
  for (const auto& one : connections_) one->close();
}

void Brokers::publish(const ingest::ConfigurationMessage& configuration) {
  for (const auto& one : connections_) one->publish(configuration);
}

std::string_view Brokers::state() const {
  const std::size_t connected = connected_;
  if (connected == 0) return "disconnected";
  return connected == all_ ? "connected" : "partly";
}

void Brokers::count() {
  const auto now = static_cast<std::size_t>(
      std::ranges::count_if(connections_, [](const auto& one) { return one->isConnected(); }));
  const std::size_t before = connected_.exchange(now);
  if ((before == 0) != (now == 0)) listening_(now > 0);
}

}  // namespace vardnav::cloud
