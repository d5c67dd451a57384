// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a device sent, before anyone interprets it: the boundary between ble and pipelines. Plain
// data, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pipelines/model/bytes.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"

namespace vardnav {

/// A device's own time. Stamps of different timelines are never compared.
struct DeviceTime {
  enum class Timeline : std::uint8_t {
    kLocal,  ///< wall clock without a zone (2A08, 2A2B, stamps of 2A18, 2A9D)
    kUtc,    ///< UTC by the device's own word (elapsed time with the UTC bit, 2BF2, GHS stamps)
  };
  Timeline timeline = Timeline::kLocal;
  LocalTime at{};

  friend bool operator==(const DeviceTime&, const DeviceTime&) = default;
};

/// The device's clock and the hub's, read together in the session that gave the record, before
/// the records were pulled and before the clock was set.
struct ClockReading {
  DeviceTime device;
  UtcTime hub{};
  Milliseconds uncertainty{0};  ///< round trip plus the resolution of the device's clock
};

struct RawRecord {
  DeviceId device;
  /// 16-bit UUID, upper-case hexadecimal: "2A18"; of a vendor's own, the whole UUID. Where a vendor
  /// means something else by the same octets, its dialect follows: "2A18/caresens". Service data of
  /// an advert: the service ("181D").
  std::string characteristic;
  Bytes bytes;  ///< as sent; segments of Generic Health Sensor joined, headers off
  /// What the device sent that belongs to it; empty if nothing. 2A18: the context (2A34) that
  /// followed. 2A9C: the weight (2A9D) before it. 2A9D and 2A9C: else one octet, the user the scale
  /// had consent for. 2AA7: the session's start (2AAA).
  Bytes context;
  /// Set only where the driver declares the device's record numbers stable.
  std::optional<std::uint32_t> recordNumber;
  std::optional<ClockReading> clock;
  UtcTime receivedAt{};
  /// False: the hub did not know the time when it set receivedAt and clock.hub; they are right
  /// only relative to each other.
  bool isHubClockTrusted = true;
  bool isStored = false;  ///< from the device's memory; false: measured while connected
};

}  // namespace vardnav
