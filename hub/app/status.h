// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The heartbeat's part that only the app knows. Loop thread only.
#pragma once

#include <string>

#include "hub/app/collector.h"
#include "hub/app/desired_state.h"
#include "hub/app/fault_book.h"
#include "hub/core/hub_core.h"
#include "pipelines/wire/messages.h"

namespace vardnav::hub {

/// `statePath` is where the journal lies: its free space is told.
wire::Status statusOf(const DesiredState& desired, const HubCore& core, const Collector& collector,
                      const FaultBook& faults, bool isClockTrusted, const std::string& statePath);

/// By the kernel's word (adjtimex): an outside source keeps the clock.
bool isClockSynchronised();
/// Of this boot of the machine; empty if the kernel does not say.
std::string bootId();

}  // namespace vardnav::hub
