// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// org.bluez.AgentManager1 at /org/bluez, and the questions put to the agents it knows (BlueZ
// 5.66, doc/agent-api.txt). Loop thread only.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "ble/virtual/loop.h"

namespace vardnav::ble::virtual_home {

class AgentRegistry {
 public:
  /// nullopt: the agent refused, failed, or went away.
  using Answer = std::function<void(std::optional<std::uint32_t>)>;

  AgentRegistry(sdbus::IConnection& bus, Loop& loop) : bus_(bus), loop_(loop) {}

  void publish(sdbus::IObject& object);
  void clientGone(const std::string& client);
  /// The service ended: agents must be registered anew, and no answer counts.
  void forgetAll();

  /// The client's own agent, else the default one; without any, `answer` is nullopt, at once.
  /// Yes is answered by 0.
  void requestAuthorization(const std::string& client, const std::string& device, Answer answer);
  void requestConfirmation(const std::string& client, const std::string& device,
                           std::uint32_t passkey, Answer answer);
  void requestPasskey(const std::string& client, const std::string& device, Answer answer);
  /// Tells the agent that was asked about the device, and drops its answer.
  void cancelQuestions(const std::string& device);

 private:
  struct Question {
    std::string device;
    std::unique_ptr<sdbus::IProxy> proxy;
    bool isOpen = true;
  };
  using Questions = std::list<Question>;

  void registerAgent(const sdbus::MethodCall& call, const std::string& path,
                     const std::string& capability);
  void unregisterAgent(const std::string& client, const std::string& path);
  void requestDefault(const std::string& client, const std::string& path);
  std::optional<Questions::iterator> open(const std::string& client, const std::string& device,
                                          const Answer& answer);
  void close(Questions::iterator question);

  sdbus::IConnection& bus_;
  Loop& loop_;
  std::map<std::string, std::string> agents_;  // client to path
  std::list<std::string> defaults_;            // clients, the one in force first
  Questions questions_;
};

}  // namespace vardnav::ble::virtual_home
