// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The model a plan names. Any thread.
#pragma once

#include <memory>

#include "ble/virtual/device_model.h"
#include "ble/virtual/scenario.h"
#include "pipelines/model/time.h"

namespace vardnav::ble::virtual_home {

/// `start`: the instant at which the device's clock shows plan.clock.
std::unique_ptr<DeviceModel> makeModel(const DevicePlan& plan, UtcTime start);

}  // namespace vardnav::ble::virtual_home
