// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/device_clock.h"

#include "ble/gatt/current_time.h"
#include "ble/gatt/date_time.h"
#include "ble/gatt/elapsed_time.h"
#include "ble/gatt/uuids.h"

namespace vardnav::ble {
namespace {

std::optional<DeviceClock> localClock(const gatt::DateTime& time) {
  const auto local = time.local();
  if (!local) return std::nullopt;
  return DeviceClock{{DeviceTime::Timeline::kLocal, *local}};
}

}  // namespace

std::optional<DeviceClock> decodeClock(std::string_view characteristic, ByteView octets) {
  if (characteristic == gatt::kDateTimeUuid) {
    const auto decoded = gatt::decodeDateTime(octets);
    return decoded ? localClock(decoded->value) : std::nullopt;
  }
  if (characteristic == gatt::kCurrentTimeUuid) {
    const auto decoded = gatt::decodeCurrentTime(octets);
    return decoded ? localClock(decoded->value.time) : std::nullopt;
  }
  if (characteristic == gatt::kElapsedTimeUuid) {
    const auto decoded = gatt::decodeElapsedTimeClock(octets);
    if (!decoded) return std::nullopt;
    const auto time = decoded->value.time.deviceTime();
    if (!time) return std::nullopt;
    return DeviceClock{*time};
  }
  return std::nullopt;
}

}  // namespace vardnav::ble
