// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Battery Level (2A19), Battery Service 1.1, 3.1: u8, 0 to 100 %; above is prohibited.
// Device Information Service 1.1:
//   Manufacturer Name 2A29, Model Number 2A24, Serial Number 2A25, Firmware 2A26, Hardware 2A27,
//   Software Revision 2A28, 3.1 to 3.6: UTF-8; some devices fill up with NULs
//   System ID (2A23), 3.7: manufacturer u40 . organizationally unique identifier u24
//   PnP ID (2A50), 3.9: vendor id source u8 (1 Bluetooth SIG, 2 USB) . vendor id u16
//     . product id u16 . product version u16
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "ble/gatt/fault.h"

namespace vardnav::ble::gatt {

struct BatteryLevel {
  std::uint8_t percent = 0;
  friend bool operator==(const BatteryLevel&, const BatteryLevel&) = default;
};

struct DeviceText {
  std::string text;  ///< octets as sent without the NULs at the end; not checked to be UTF-8
  friend bool operator==(const DeviceText&, const DeviceText&) = default;
};

/// The two parts in reading order: the wire sends the lowest octet first.
struct SystemId {
  std::array<std::uint8_t, 5> manufacturer{};
  std::array<std::uint8_t, 3> organisation{};
  friend bool operator==(const SystemId&, const SystemId&) = default;
};

struct PnpId {
  std::uint8_t vendorIdSource = 0;
  std::uint16_t vendorId = 0;
  std::uint16_t productId = 0;
  std::uint16_t productVersion = 0;
  friend bool operator==(const PnpId&, const PnpId&) = default;
};

Decoding<BatteryLevel> decodeBatteryLevel(ByteView octets);
Decoding<DeviceText> decodeDeviceText(ByteView octets);
Decoding<SystemId> decodeSystemId(ByteView octets);
Decoding<PnpId> decodePnpId(ByteView octets);
Encoding encode(const BatteryLevel& level);
Encoding encode(const DeviceText& text);
Encoding encode(const SystemId& id);
Encoding encode(const PnpId& id);

}  // namespace vardnav::ble::gatt
