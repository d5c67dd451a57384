// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "tests/ble/virtual/bluez_client.h"

#include <poll.h>

#include <chrono>
#include <stdexcept>

namespace vardnav::test {
namespace {

constexpr const char* kProperties = "org.freedesktop.DBus.Properties";
constexpr const char* kCharacteristic = "org.bluez.GattCharacteristic1";
constexpr const char* kAgentPath = "/test/agent";
constexpr std::chrono::seconds kPatience{10};

std::string nameOf(const sdbus::Error* error) { return error == nullptr ? "" : error->getName(); }

}  // namespace

BluezClient::BluezClient() : bus_(sdbus::createSystemBusConnection()) {
  bus_->addMatch(
      "type='signal',sender='org.bluez',interface='org.freedesktop.DBus.Properties',"
      "member='PropertiesChanged'",
      [this](sdbus::Message& message) {
        std::string interface;
        std::map<std::string, sdbus::Variant> changed;
        message >> interface >> changed;
        const auto value = changed.find("Value");
        if (interface == kCharacteristic && value != changed.end()) {
          values_.emplace_back(message.getPath(), toHex(value->second.get<Bytes>()));
        }
      },
      sdbus::floating_slot);
}

sdbus::IProxy& BluezClient::proxy(const std::string& path) {
  auto& found = proxies_[path];
  if (!found) found = sdbus::createProxy(*bus_, "org.bluez", path);
  return *found;
}

bool BluezClient::waitUntil(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    while (bus_->processPendingRequest()) {
    }
    if (condition()) return true;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    const auto wants = bus_->getEventLoopPollData();
    pollfd file{wants.fd, wants.events, 0};
    // At most a moment: a condition may look at more than the bus.
    ::poll(&file, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 20)));
  }
}

std::string BluezClient::await(
    const std::function<void(std::function<void(const sdbus::Error*)>)>& start) {
  std::optional<std::string> answer;
  start([&answer](const sdbus::Error* error) { answer = nameOf(error); });
  if (!waitUntil([&answer] { return answer.has_value(); })) throw std::runtime_error("no answer");
  return *answer;
}

std::string BluezClient::call(const std::string& path, const std::string& interface,
                              const std::string& method) {
  return await([&](auto done) {
    proxy(path).callMethodAsync(method).onInterface(interface).uponReplyInvoke(done);
  });
}

std::string BluezClient::callWithPath(const std::string& path, const std::string& interface,
                                      const std::string& method, const std::string& argument) {
  return await([&](auto done) {
    proxy(path)
        .callMethodAsync(method)
        .onInterface(interface)
        .withArguments(sdbus::ObjectPath{argument})
        .uponReplyInvoke(done);
  });
}

std::string BluezClient::write(const std::string& path, const Bytes& value) {
  return await([&](auto done) {
    proxy(path)
        .callMethodAsync("WriteValue")
        .onInterface(kCharacteristic)
        .withArguments(value, std::map<std::string, sdbus::Variant>{})
        .uponReplyInvoke(done);
  });
}

std::optional<Bytes> BluezClient::read(const std::string& path) {
  std::optional<Bytes> out;
  await([&](auto done) {
    proxy(path)
        .callMethodAsync("ReadValue")
        .onInterface(kCharacteristic)
        .withArguments(std::map<std::string, sdbus::Variant>{})
        .uponReplyInvoke([&out, done](const sdbus::Error* error, const Bytes& value) {
          if (error == nullptr) out = value;
          done(error);
        });
  });
  return out;
}

BluezClient::Objects BluezClient::objects() {
  Objects out;
  const std::string error = await([&](auto done) {
    proxy("/")
        .callMethodAsync("GetManagedObjects")
        .onInterface("org.freedesktop.DBus.ObjectManager")
        .uponReplyInvoke([&out, done](const sdbus::Error* failure, const Objects& objects) {
          out = objects;
          done(failure);
        });
  });
  return out;
}

bool BluezClient::flag(const std::string& path, const std::string& interface,
                       const std::string& name) {
  bool out = false;
  await([&](auto done) {
    proxy(path)
        .callMethodAsync("Get")
        .onInterface(kProperties)
        .withArguments(interface, name)
        .uponReplyInvoke([&out, done](const sdbus::Error* error, const sdbus::Variant& value) {
          out = error == nullptr && value.get<bool>();
          done(error);
        });
  });
  return out;
}

std::string BluezClient::characteristic(const std::string& device, const std::string& shortUuid) {
  for (const auto& [path, interfaces] : objects()) {
    const auto found = interfaces.find(kCharacteristic);
    if (found == interfaces.end() || !path.starts_with(device + "/")) continue;
    const auto uuid = found->second.at("UUID").get<std::string>();
    if (uuid == "0000" + shortUuid + "-0000-1000-8000-00805f9b34fb") return path;
  }
  return {};
}

void BluezClient::registerAgent(bool isWilling) {
  agent_ = sdbus::createObject(*bus_, kAgentPath);
  const auto answer = [this, isWilling](const char* question) {
    asked_.emplace_back(question);
    if (!isWilling) throw sdbus::Error("org.bluez.Error.Rejected", "no");
  };
  agent_->registerMethod("RequestAuthorization")
      .onInterface("org.bluez.Agent1")
      .implementedAs([answer](const sdbus::ObjectPath&) { answer("RequestAuthorization"); });
  agent_->registerMethod("RequestConfirmation")
      .onInterface("org.bluez.Agent1")
      .implementedAs([answer](const sdbus::ObjectPath&, const std::uint32_t&) {
        answer("RequestConfirmation");
      });
  agent_->finishRegistration();
  const std::string registered = await([&](auto done) {
    proxy("/org/bluez")
        .callMethodAsync("RegisterAgent")
        .onInterface("org.bluez.AgentManager1")
        .withArguments(sdbus::ObjectPath{kAgentPath}, std::string{"KeyboardDisplay"})
        .uponReplyInvoke(done);
  });
  if (!registered.empty()) throw std::runtime_error(registered);
  const std::string made =
      callWithPath("/org/bluez", "org.bluez.AgentManager1", "RequestDefaultAgent", kAgentPath);
  if (!made.empty()) throw std::runtime_error(made);
}

}  // namespace vardnav::test
