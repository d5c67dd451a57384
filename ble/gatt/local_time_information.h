// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Time Zone (s8, 15 minutes, -48 to 56; -128 unknown) and DST Offset (u8: 0 standard, 2 half an
// hour, 4 one hour, 8 two hours; 255 unknown) of the GATT Specification Supplement, alone as
// Local Time Information (2A0F) and inside other characteristics. A prohibited value says no more
// than unknown does, and is read as that.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>

#include "ble/gatt/fault.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {

using Offset = std::expected<std::chrono::minutes, Unknown>;

struct LocalTimeInformation {
  Offset timeZone;        ///< from UTC, without daylight saving
  Offset daylightSaving;  ///< on top of it
  friend bool operator==(const LocalTimeInformation&, const LocalTimeInformation&) = default;
};

/// Inside other characteristics: the same two octets.
LocalTimeInformation readLocalTimeInformation(OctetReader& reader);
/// false: no multiple of 15 minutes in range, or none of the four daylight saving offsets.
bool writeLocalTimeInformation(OctetWriter& writer, const LocalTimeInformation& information);

Decoding<LocalTimeInformation> decodeLocalTimeInformation(ByteView octets);
Encoding encode(const LocalTimeInformation& information);

}  // namespace vardnav::ble::gatt
