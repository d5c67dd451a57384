// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Whose readings a device slot gives, and since when. Plain data.
#pragma once

#include <cstdint>
#include <optional>

#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"

namespace vardnav::intake {

struct Binding {
  /// What the device says it does not know whose it is (user 255: Weight Scale Service 1.0, 3.2.1).
  /// Nobody's, unless a technician has bound just this: a scale of one person who uses no users.
  static constexpr std::uint8_t kNobodysSlot = 255;

  DeviceId device;
  std::optional<std::uint8_t> slot;  ///< user number on the device; nullopt: readings without one
  PersonId person;
  UtcTime from{};                ///< included
  std::optional<UtcTime> until;  ///< excluded
};

}  // namespace vardnav::intake
