// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A D-Bus property as a plain value, so that only the files that speak D-Bus include sdbus-c++.
// Types this folder has no use for arrive as monostate, which reads as absent. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipelines/model/bytes.h"

namespace vardnav::ble::bluez {

using ServiceData = std::map<std::string, Bytes>;  ///< by UUID as BlueZ spells it
using Property = std::variant<std::monostate, bool, std::int64_t, std::string,
                              std::vector<std::string>, Bytes, ServiceData>;
using Properties = std::map<std::string, Property, std::less<>>;
using Interfaces = std::map<std::string, Properties, std::less<>>;  ///< by interface name
using Objects = std::map<std::string, Interfaces, std::less<>>;     ///< by object path

/// nullptr if the property is absent or of another type.
template <class T>
const T* valueOf(const Properties& properties, std::string_view name) {
  const auto found = properties.find(name);
  return found == properties.end() ? nullptr : std::get_if<T>(&found->second);
}

inline constexpr std::string_view kAdapter = "org.bluez.Adapter1";
inline constexpr std::string_view kDevice = "org.bluez.Device1";
inline constexpr std::string_view kService = "org.bluez.GattService1";
inline constexpr std::string_view kCharacteristic = "org.bluez.GattCharacteristic1";

}  // namespace vardnav::ble::bluez
