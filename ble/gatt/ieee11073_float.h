// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// IEEE 11073-20601 floating point as in GATT (Personal Health Devices Transcoding, 2.2.1 and
// 2.2.2): exact decimals, mantissa x 10^exponent, both two's complement, little-endian.
//
//            layout                     NaN       NRes      +INF      -INF      reserved
//   SFLOAT   exponent 4, mantissa 12    07FF      0800      07FE      0802      0801
//   FLOAT    exponent 8, mantissa 24    007FFFFF  00800000  007FFFFE  00800002  00800001
//
// Special values are defined with exponent 0; their mantissas are no numbers with any other
// exponent either. The exponent is kept: mantissa 20, exponent -1 is 2.0.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "ble/gatt/fault.h"
#include "pipelines/model/decimal.h"

namespace vardnav::ble::gatt {

/// Why a number that was sent is none.
enum class NoNumber : std::uint8_t {
  kNaN,            ///< not a number: the measurement failed
  kNRes,           ///< not at this resolution
  kPlusInfinity,   ///< above the device's range
  kMinusInfinity,  ///< below it
  kReserved,
};
/// "NaN", "NRes", "+INF", "-INF", "Reserved".
std::string_view nameOf(NoNumber reason);

/// A number field that was sent.
using Number = std::expected<Decimal, NoNumber>;

Number decodeSfloat(std::uint16_t wire);
Number decodeFloat(std::uint32_t wire);

/// Exact, with the exponent of `number` where the mantissa allows it, else with the nearest that
/// does; kNotEncodable where none does.
std::expected<std::uint16_t, Fault> encodeSfloat(const Number& number);
std::expected<std::uint32_t, Fault> encodeFloat(const Number& number);

}  // namespace vardnav::ble::gatt
