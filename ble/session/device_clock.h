// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Reading a device's clock from whichever characteristic has it. Internal to this folder.
#pragma once

#include <optional>
#include <string_view>

#include "pipelines/model/bytes.h"
#include "pipelines/model/raw_record.h"
#include "pipelines/model/time.h"

namespace vardnav::ble {

struct DeviceClock {
  DeviceTime time;
  Milliseconds resolution{1000};  ///< at least a second: DeviceTime has whole ones
};

/// 2A08, 2A2B or 2BF2; nullopt if it cannot be decoded, is not known to the device, or counts
/// ticks.
std::optional<DeviceClock> decodeClock(std::string_view characteristic, ByteView octets);

}  // namespace vardnav::ble
