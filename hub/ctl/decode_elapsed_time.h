// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// An elapsed time, alone or as the stamp of an observation. Internal to this folder.
#pragma once

#include "ble/gatt/elapsed_time.h"
#include "hub/ctl/decode.h"

namespace vardnav::ctl {

Json elapsedTimeAsJson(const ble::gatt::ElapsedTime& time);

}  // namespace vardnav::ctl
