// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// End-to-end protection of the Continuous Glucose Monitoring Service (1.0.2, 3.11): CRC-16/MCRF4XX,
// polynomial x16+x12+x5+1 reflected, initial value FFFF, little-endian after the last field.
// Internal to this folder.
#pragma once

#include <cstdint>

#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {

inline std::uint16_t crc16(ByteView octets) {
  unsigned crc = 0xFFFF;
  for (const std::uint8_t octet : octets) {
    crc ^= octet;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1U ? crc >> 1 ^ 0x8408U : crc >> 1;
  }
  return static_cast<std::uint16_t>(crc);
}

inline constexpr std::size_t kCrcSize = 2;

/// The last two octets are the CRC of those before.
inline bool isCrcRight(ByteView octets) {
  OctetReader reader(octets.last(kCrcSize));
  return reader.u16() == crc16(octets.first(octets.size() - kCrcSize));
}

/// What is written so far, and its CRC.
inline Bytes withCrc(Bytes octets) {
  const std::uint16_t crc = crc16(octets);
  octets.push_back(static_cast<std::uint8_t>(crc & 0xFF));
  octets.push_back(static_cast<std::uint8_t>(crc >> 8));
  return octets;
}

}  // namespace vardnav::ble::gatt
