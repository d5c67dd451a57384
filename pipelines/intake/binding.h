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
  DeviceId device;
  std::optional<std::uint8_t> slot;  ///< user number on the device; nullopt: readings without one
  PersonId person;
  UtcTime from{};                ///< included
  std::optional<UtcTime> until;  ///< excluded
};

}  // namespace vardnav::intake
