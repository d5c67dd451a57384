// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A hub of its own process for tests: publishes each line of standard input to a topic and ends
// when all are acknowledged. publish_lines PORT CA CERTIFICATE KEY CLIENT-ID TOPIC
#include <cstdlib>
#include <iostream>
#include <set>
#include <string>

#include "pipelines/uplink/paho_mqtt_link.h"
#include "tests/pipelines/uplink/mosquitto.h"

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  vardnav::test::TestLoop loop;
  vardnav::uplink::PahoMqttLink link(
      [&](std::function<void()> task) { loop.post(std::move(task)); });
  std::set<std::uint64_t> outstanding;
  link.listen({.connected = {},
               .disconnected = [](const std::string& why) { std::cerr << why << '\n'; },
               .message = {},
               .acknowledged = [&](std::uint64_t token) { outstanding.erase(token); }});
  vardnav::uplink::PahoSettings settings;
  settings.brokers = {{"127.0.0.1", static_cast<std::uint16_t>(std::stoi(argv[1]))}};
  settings.tls = {argv[2], argv[3], argv[4]};
  settings.clientId = argv[5];
  if (const auto opened = link.open(std::move(settings)); !opened) return 1;
  std::string line;
  while (std::getline(std::cin, line)) {
    const bool isSent = loop.runUntil([&] {
      const auto token = link.publish(argv[6], line);
      if (token) outstanding.insert(*token);
      return token.has_value();
    });
    if (!isSent) return 1;
  }
  return loop.runUntil([&] { return outstanding.empty(); }) ? 0 : 1;
}
