// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/ctl/hub_client.h"

#include <sdbus-c++/sdbus-c++.h>

namespace vardnav::ctl {
namespace {

constexpr const char* kName = "org.vardnav.Hub";
constexpr const char* kPath = "/org/vardnav/hub";

constexpr const char* kCaptures = "org.vardnav.Captures1";

std::unexpected<Error> unexpectedOf(const sdbus::Error& error) {
  return std::unexpected(faultOf(error.getName(), error.getMessage()));
}

}  // namespace

Error faultOf(const std::string& name, const std::string& message) {
  if (name == "org.freedesktop.DBus.Error.ServiceUnknown" ||
      name == "org.freedesktop.DBus.Error.NameHasNoOwner") {
    return {ErrorCode::kUnavailable, "vardnav-hub does not run, or has no name on the bus"};
  }
  if (name == "org.freedesktop.DBus.Error.AccessDenied") {
    return {ErrorCode::kUnavailable,
            "not allowed: be root, or a member of the group vardnav-technician"};
  }
  if (name == "org.freedesktop.DBus.Error.UnknownMethod" ||
      name == "org.freedesktop.DBus.Error.UnknownInterface") {
    return {ErrorCode::kUnavailable, "this vardnav-hub is of an older version: use its vardnavctl"};
  }
  return {ErrorCode::kInvalidInput, message};
}

struct HubClient::Bus {
  std::unique_ptr<sdbus::IConnection> connection;
  std::unique_ptr<sdbus::IProxy> hub;
};

HubClient::HubClient() : bus_(std::make_unique<Bus>()) {}

HubClient::~HubClient() = default;

Result<void> HubClient::open() {
  try {
    bus_->connection = sdbus::createSystemBusConnection();
    bus_->hub = sdbus::createProxy(*bus_->connection, kName, kPath);
    bus_->hub->finishRegistration();
  } catch (const sdbus::Error& error) {
    return fail(ErrorCode::kUnavailable, "no system bus: " + error.getMessage());
  }
  return {};
}

Result<std::string> HubClient::ask(const std::string& interface, const std::string& method) {
  std::string answer;
  try {
    bus_->hub->callMethod(method).onInterface("org.vardnav." + interface).storeResultsTo(answer);
  } catch (const sdbus::Error& error) {
    return unexpectedOf(error);
  }
  return answer;
}

Result<HubClient::Page> HubClient::redecode(std::int64_t after, bool isTry) {
  Page page;
  try {
    bus_->hub->callMethod("Redecode")
        .onInterface(kCaptures)
        .withArguments(after, isTry)
        .storeResultsTo(page.last, page.seen, page.changed);
  } catch (const sdbus::Error& error) {
    return unexpectedOf(error);
  }
  return page;
}

Result<bool> HubClient::redecodeNamed(const std::string& key) {
  bool hasChanged = false;
  try {
    bus_->hub->callMethod("RedecodeNamed")
        .onInterface(kCaptures)
        .withArguments(key)
        .storeResultsTo(hasChanged);
  } catch (const sdbus::Error& error) {
    return unexpectedOf(error);
  }
  return hasChanged;
}

Result<std::string> HubClient::quarantined(std::int64_t after) {
  std::string answer;
  try {
    bus_->hub->callMethod("Quarantined")
        .onInterface(kCaptures)
        .withArguments(after)
        .storeResultsTo(answer);
  } catch (const sdbus::Error& error) {
    return unexpectedOf(error);
  }
  return answer;
}

Result<void> HubClient::settle(const std::string& key, const std::string& person) {
  try {
    bus_->hub->callMethod("Settle").onInterface(kCaptures).withArguments(key, person);
  } catch (const sdbus::Error& error) {
    return unexpectedOf(error);
  }
  return {};
}

Result<void> HubClient::discard(const std::string& key) {
  try {
    bus_->hub->callMethod("Discard").onInterface(kCaptures).withArguments(key);
  } catch (const sdbus::Error& error) {
    return unexpectedOf(error);
  }
  return {};
}

}  // namespace vardnav::ctl
