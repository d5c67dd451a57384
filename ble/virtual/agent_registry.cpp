// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/agent_registry.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace vardnav::ble::virtual_home {
namespace {

constexpr const char* kManager = "org.bluez.AgentManager1";
constexpr const char* kAgent = "org.bluez.Agent1";
constexpr std::chrono::seconds kAnswerTime{60};  // src/agent.c, REQUEST_TIMEOUT

constexpr std::array<std::string_view, 6> kCapabilities{
    "", "DisplayOnly", "DisplayYesNo", "KeyboardOnly", "NoInputNoOutput", "KeyboardDisplay"};

sdbus::Error doesNotExist() {
  return sdbus::Error("org.bluez.Error.DoesNotExist", "Does Not Exist");
}

}  // namespace

void AgentRegistry::publish(sdbus::IObject& object) {
  object.registerMethod(kManager, "RegisterAgent", "os", "", [this](sdbus::MethodCall call) {
    sdbus::ObjectPath path;
    std::string capability;
    call >> path >> capability;
    registerAgent(call, path, capability);
    call.createReply().send();
  });
  object.registerMethod(kManager, "UnregisterAgent", "o", "", [this](sdbus::MethodCall call) {
    sdbus::ObjectPath path;
    call >> path;
    unregisterAgent(call.getSender(), path);
    call.createReply().send();
  });
  object.registerMethod(kManager, "RequestDefaultAgent", "o", "", [this](sdbus::MethodCall call) {
    sdbus::ObjectPath path;
    call >> path;
    requestDefault(call.getSender(), path);
    call.createReply().send();
  });
}

void AgentRegistry::registerAgent(const sdbus::MethodCall& call, const std::string& path,
                                  const std::string& capability) {
  if (std::ranges::find(kCapabilities, capability) == kCapabilities.end()) {
    throw sdbus::Error("org.bluez.Error.InvalidArguments", "Invalid arguments in method call");
  }
  if (!agents_.emplace(call.getSender(), path).second) {
    throw sdbus::Error("org.bluez.Error.AlreadyExists", "Already Exists");
  }
}

void AgentRegistry::unregisterAgent(const std::string& client, const std::string& path) {
  const auto found = agents_.find(client);
  if (found == agents_.end() || found->second != path) throw doesNotExist();
  agents_.erase(found);
  defaults_.remove(client);
}

void AgentRegistry::requestDefault(const std::string& client, const std::string& path) {
  const auto found = agents_.find(client);
  if (found == agents_.end() || found->second != path) throw doesNotExist();
  defaults_.remove(client);
  defaults_.push_front(client);
}

void AgentRegistry::forgetAll() {
  agents_.clear();
  defaults_.clear();
  for (Question& question : questions_) question.isOpen = false;
}

void AgentRegistry::clientGone(const std::string& client) {
  agents_.erase(client);
  defaults_.remove(client);
}

std::optional<AgentRegistry::Questions::iterator> AgentRegistry::open(const std::string& client,
                                                                      const std::string& device,
                                                                      const Answer& answer) {
  auto agent = agents_.find(client);
  if (agent == agents_.end() && !defaults_.empty()) agent = agents_.find(defaults_.front());
  if (agent == agents_.end()) {
    answer(std::nullopt);
    return std::nullopt;
  }
  questions_.push_back({device, sdbus::createProxy(bus_, agent->first, agent->second)});
  return std::prev(questions_.end());
}

// Not from within the proxy's own callback, which touches it afterwards.
void AgentRegistry::close(Questions::iterator question) {
  question->isOpen = false;
  loop_.post([this, question] { questions_.erase(question); });
}

void AgentRegistry::requestAuthorization(const std::string& client, const std::string& device,
                                         Answer answer) {
  const auto question = open(client, device, answer);
  if (!question) return;
  (*question)
      ->proxy->callMethodAsync("RequestAuthorization")
      .onInterface(kAgent)
      .withTimeout(kAnswerTime)
      .withArguments(sdbus::ObjectPath{device})
      .uponReplyInvoke([this, question = *question, answer](const sdbus::Error* error) {
        if (!question->isOpen) return;
        close(question);
        answer(error == nullptr ? std::optional<std::uint32_t>{0} : std::nullopt);
      });
}

void AgentRegistry::requestConfirmation(const std::string& client, const std::string& device,
                                        std::uint32_t passkey, Answer answer) {
  const auto question = open(client, device, answer);
  if (!question) return;
  (*question)
      ->proxy->callMethodAsync("RequestConfirmation")
      .onInterface(kAgent)
      .withTimeout(kAnswerTime)
      .withArguments(sdbus::ObjectPath{device}, passkey)
      .uponReplyInvoke([this, question = *question, answer](const sdbus::Error* error) {
        if (!question->isOpen) return;
        close(question);
        answer(error == nullptr ? std::optional<std::uint32_t>{0} : std::nullopt);
      });
}

void AgentRegistry::requestPasskey(const std::string& client, const std::string& device,
                                   Answer answer) {
  const auto question = open(client, device, answer);
  if (!question) return;
  (*question)
      ->proxy->callMethodAsync("RequestPasskey")
      .onInterface(kAgent)
      .withTimeout(kAnswerTime)
      .withArguments(sdbus::ObjectPath{device})
      .uponReplyInvoke(
          [this, question = *question, answer](const sdbus::Error* error, std::uint32_t passkey) {
            if (!question->isOpen) return;
            close(question);
            answer(error == nullptr ? std::optional{passkey} : std::nullopt);
          });
}

void AgentRegistry::cancelQuestions(const std::string& device) {
  for (auto question = questions_.begin(); question != questions_.end(); ++question) {
    if (!question->isOpen || question->device != device) continue;
    question->proxy->callMethod("Cancel").onInterface(kAgent).dontExpectReply();
    close(question);
  }
}

}  // namespace vardnav::ble::virtual_home
