// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A plain sdbus-c++ client of org.bluez: calls that wait, an agent, and what was signalled.
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipelines/model/bytes.h"

namespace vardnav::test {

class BluezClient {
 public:
  using Interfaces = std::map<std::string, std::map<std::string, sdbus::Variant>>;
  using Objects = std::map<sdbus::ObjectPath, Interfaces>;

  BluezClient();

  /// The error's name, or "" when it succeeded.
  std::string call(const std::string& path, const std::string& interface,
                   const std::string& method);
  std::string callWithPath(const std::string& path, const std::string& interface,
                           const std::string& method, const std::string& argument);
  std::string write(const std::string& path, const Bytes& value);
  std::optional<Bytes> read(const std::string& path);

  Objects objects();
  bool flag(const std::string& path, const std::string& interface, const std::string& name);
  /// Path of the device's characteristic, by its 16-bit UUID; empty: none.
  std::string characteristic(const std::string& device, const std::string& shortUuid);

  /// Handles what arrives until `condition` holds; false after ten seconds.
  bool waitUntil(const std::function<bool()>& condition);

  /// Puts an agent on the bus and registers it as the default one.
  void registerAgent(bool isWilling);
  const std::vector<std::string>& asked() const { return asked_; }

  /// (16-bit UUID's path, hexadecimal) of Value changes, in order.
  const std::vector<std::pair<std::string, std::string>>& values() const { return values_; }
  void forgetValues() { values_.clear(); }

 private:
  std::string await(const std::function<void(std::function<void(const sdbus::Error*)>)>& start);
  sdbus::IProxy& proxy(const std::string& path);

  std::unique_ptr<sdbus::IConnection> bus_;
  std::unique_ptr<sdbus::IObject> agent_;
  std::map<std::string, std::unique_ptr<sdbus::IProxy>> proxies_;
  std::vector<std::string> asked_;
  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace vardnav::test
