// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/adapter_agent.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace vardnav::ble::virtual_home {
namespace {

constexpr const char* kPath = "/org/vardnav/home/agent";
constexpr const char* kAgent = "org.bluez.Agent1";
constexpr const char* kManager = "org.bluez.AgentManager1";

std::string sixDigits(std::uint32_t passkey) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%06u", static_cast<unsigned>(passkey));
  return text.data();
}

sdbus::Error rejected(const char* why) { return sdbus::Error("org.bluez.Error.Rejected", why); }

}  // namespace

const char* capabilityOf(Pairing pairing) {
  switch (pairing) {
    case Pairing::kJustWorks:
    case Pairing::kAuthorisation:
      return "NoInputNoOutput";
    case Pairing::kComparison:
      return "DisplayYesNo";
    case Pairing::kPasskey:
      return "DisplayOnly";
  }
  return "NoInputNoOutput";
}

AdapterAgent::AdapterAgent(sdbus::IConnection& bus, Listener listener)
    : listener_(std::move(listener)),
      object_(sdbus::createObject(bus, kPath)),
      manager_(sdbus::createProxy(bus, "org.bluez", "/org/bluez")) {
  publish();
}

void AdapterAgent::admit(const std::string& device) const {
  if (!listener_.isOurs(device)) throw rejected("not a client of this home");
}

void AdapterAgent::publish() {
  using Path = sdbus::ObjectPath;
  const auto add = [this](const char* name, auto function) {
    object_->registerMethod(name).onInterface(kAgent).implementedAs(std::move(function));
  };
  add("RequestAuthorization", [this](const Path& device) { admit(device); });
  add("AuthorizeService", [this](const Path& device, const std::string&) { admit(device); });
  add("RequestConfirmation", [this](const Path& device, const std::uint32_t& passkey) {
    admit(device);
    listener_.onNote("shows " + sixDigits(passkey) + ", and confirms it");
  });
  add("DisplayPasskey",
      [this](const Path& device, const std::uint32_t& passkey, const std::uint16_t& entered) {
        admit(device);
        if (entered == 0) listener_.onNote("shows the passkey " + sixDigits(passkey));
      });
  add("RequestPasskey", [](const Path&) -> std::uint32_t { throw rejected("it has no keys"); });
  add("RequestPinCode", [](const Path&) -> std::string { throw rejected("it has no keys"); });
  add("DisplayPinCode",
      [](const Path&, const std::string&) { throw rejected("not a classic device"); });
  add("Cancel", [] {});
  add("Release", [this] { registered_.clear(); });
  object_->finishRegistration();
}

void AdapterAgent::call(const std::string& method, std::function<void()> done,
                        const char* capability) {
  auto answered = [this, method, done = std::move(done)](const sdbus::Error* error) {
    if (error != nullptr) {
      registered_.clear();
      return listener_.onNote("agent: " + method + ": " + error->getMessage());
    }
    done();
  };
  // The invoker keeps a reference to the name.
  auto invoker = manager_->callMethodAsync(method);
  invoker.onInterface(kManager);
  if (capability != nullptr) {
    invoker.withArguments(sdbus::ObjectPath{kPath}, std::string{capability});
  } else {
    invoker.withArguments(sdbus::ObjectPath{kPath});
  }
  invoker.uponReplyInvoke(std::move(answered));
}

void AdapterAgent::enlist(Pairing pairing) {
  const std::string capability = capabilityOf(pairing);
  const auto makeDefault = [this] { call("RequestDefaultAgent", [] {}); };
  if (registered_ == capability) return makeDefault();
  if (!registered_.empty()) call("UnregisterAgent", [] {});
  registered_ = capability;
  call("RegisterAgent", makeDefault, capability.c_str());
}

}  // namespace vardnav::ble::virtual_home
