// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Device Time (2B90), Device Time Service 1.0, 3.3:
//   base time u32, s . time zone s8 . DST offset u8 . status u16
//   . [user time u32, s] . [accumulated drift u16, s] . [next sequence number u16]
//   . [base time second fractions u16, 1/65536 s]
// Base time counts from 1900-01-01, or with status b4 from 2000-01-01. Which optional fields a
// device sends is in its features (2B8E), not in the frame; they are read in their order as far as
// the octets reach. A device that protects the frame with a CRC puts it first; it is not read here.
#pragma once

#include <cstdint>
#include <optional>

#include "ble/gatt/fault.h"
#include "ble/gatt/local_time_information.h"
#include "pipelines/model/time.h"

namespace vardnav::ble::gatt {

struct DeviceTimeFrame {
  enum Status : std::uint16_t {
    kTimeFault = 1U << 0,
    kUtcAligned = 1U << 1,
    kQualifiedLocalTime = 1U << 2,
    kProposeTimeUpdate = 1U << 3,
    kEpoch2000 = 1U << 4,
    kNonLoggedChange = 1U << 5,
    kLogConsolidation = 1U << 6,
  };
  std::uint32_t baseSeconds = 0;
  LocalTimeInformation offsets;
  std::uint16_t status = 0;
  std::optional<std::uint32_t> userSeconds;  ///< from the same epoch
  std::optional<std::uint16_t> driftSeconds;
  std::optional<std::uint16_t> nextSequence;
  std::optional<std::uint16_t> fractions65536;

  /// Base time by its epoch, in whole seconds.
  LocalTime baseTime() const;

  friend bool operator==(const DeviceTimeFrame&, const DeviceTimeFrame&) = default;
};

Decoding<DeviceTimeFrame> decodeDeviceTimeFrame(ByteView octets);
/// kNotEncodable if an optional field is there without those before it.
Encoding encode(const DeviceTimeFrame& frame);

}  // namespace vardnav::ble::gatt
