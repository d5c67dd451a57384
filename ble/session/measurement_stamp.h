// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// When a record says that it was measured, and whether it says that it comes from memory. Internal
// to this folder. Pure.
#pragma once

#include <optional>

#include "ble/gatt/date_time.h"
#include "pipelines/model/raw_record.h"

namespace vardnav::ble {

/// nullopt: it carries no stamp, or cannot be read. Of 2A9C also the stamp of its weight.
std::optional<gatt::DateTime> measurementStampOf(const RawRecord& record);

/// By its own word (2A5E).
bool isFromStorage(const RawRecord& record);

}  // namespace vardnav::ble
