// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What is to be done and told when the journal was damaged and begun anew. Loop thread only.
#pragma once

#include <string>

#include "hub/app/fault_book.h"
#include "hub/core/capture_archive.h"
#include "hub/core/hub_core.h"
#include "pipelines/store/journal_recovery.h"

namespace vardnav::hub {

/// A fault as long as a damaged journal lies in `state`, whichever start set it aside; and when the
/// journal of a hub that had one (`hadState`) was missing.
void tellRestored(const store::OpenedJournal& opened, const std::string& state, bool hadState,
                  FaultBook& faults, UtcTime now);

/// Observations that could not be read are made anew of the octets they came from. How many
/// readings that concerned.
Result<std::size_t> mendReadings(CaptureArchive& archive, HubCore& core);

}  // namespace vardnav::hub
