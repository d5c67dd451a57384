// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Numbers of the observation layout that decoding and encoding share. Internal to this folder.
#pragma once

#include <cstdint>

#include "ble/gatt/health_observation.h"

namespace vardnav::ble::gatt {

inline constexpr std::uint8_t kClassNumeric = 1;
inline constexpr std::uint8_t kClassDiscrete = 2;
inline constexpr std::uint8_t kClassString = 3;
inline constexpr std::uint8_t kClassSampleArray = 4;
inline constexpr std::uint8_t kClassCompoundDiscrete = 5;
inline constexpr std::uint8_t kClassStateOrEvent = 6;
inline constexpr std::uint8_t kClassCompound = 7;
inline constexpr std::uint8_t kClassTlv = 8;
inline constexpr std::uint8_t kClassBundle = 0xFF;

inline constexpr std::uint16_t kHasType = 1U << 0;
inline constexpr std::uint16_t kHasTime = 1U << 1;
inline constexpr std::uint16_t kHasDuration = 1U << 2;
inline constexpr std::uint16_t kHasStatus = 1U << 3;
inline constexpr std::uint16_t kHasId = 1U << 4;
inline constexpr std::uint16_t kHasPatient = 1U << 5;
inline constexpr std::uint16_t kHasSupplemental = 1U << 6;
inline constexpr std::uint16_t kHasDerivedFrom = 1U << 7;
inline constexpr std::uint16_t kHasMemberOf = 1U << 8;
inline constexpr std::uint16_t kHasTlvs = 1U << 9;

inline constexpr std::uint8_t kUnknownPatientWire = 0xFF;
/// The wire carries the lower 16 bits of a unit of MDC partition 4.
inline constexpr std::uint32_t kUnitPartition = 262144;

inline constexpr bool isUndecodedClass(std::uint8_t observationClass) {
  return observationClass == kClassSampleArray || observationClass == kClassTlv;
}

}  // namespace vardnav::ble::gatt
