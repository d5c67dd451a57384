// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Glucose Feature (2A51), Glucose Service 1.0.1, 3.3: u16 of bits.
#pragma once

#include <cstdint>

#include "ble/gatt/fault.h"

namespace vardnav::ble::gatt {

struct GlucoseFeature {
  enum Bit : std::uint16_t {
    kLowBattery = 1U << 0,
    kSensorMalfunction = 1U << 1,
    kSampleSize = 1U << 2,
    kStripInsertion = 1U << 3,
    kStripType = 1U << 4,
    kResultHighLow = 1U << 5,
    kTemperatureHighLow = 1U << 6,
    kReadInterrupt = 1U << 7,
    kGeneralFault = 1U << 8,
    kTimeFault = 1U << 9,
    kMultipleBond = 1U << 10,
  };
  std::uint16_t bits = 0;  ///< as sent; 11 to 15 are reserved

  bool has(Bit bit) const { return (bits & bit) != 0; }
  friend bool operator==(const GlucoseFeature&, const GlucoseFeature&) = default;
};

Decoding<GlucoseFeature> decodeGlucoseFeature(ByteView octets);
Encoding encode(const GlucoseFeature& feature);

}  // namespace vardnav::ble::gatt
