// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The user a measurement belongs to, by the device's own numbering. Internal layout: u8, FF
// unknown.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>

#include "ble/gatt/fault.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {

/// "Unknown" is what a device says that could not tell who stood on it.
using UserId = std::expected<std::uint8_t, Unknown>;

inline constexpr std::uint8_t kUnknownUserWire = 0xFF;

inline UserId readUserId(OctetReader& reader) {
  const std::uint8_t wire = reader.u8();
  if (wire == kUnknownUserWire) return std::unexpected(Unknown{});
  return wire;
}

/// false: 255 is no user.
inline bool writeUserId(OctetWriter& writer, const UserId& user) {
  writer.u8(user.value_or(kUnknownUserWire));
  return !user || *user != kUnknownUserWire;
}

}  // namespace vardnav::ble::gatt
