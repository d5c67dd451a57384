// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The heartbeat's part that only the app knows. Loop thread only.
#pragma once

#include <string>

#include "hub/app/collector.h"
#include "hub/core/household.h"
#include "hub/core/hub_core.h"
#include "pipelines/wire/messages.h"

namespace vardnav::hub {

/// `statePath` is where the journal lies: its free space is told.
wire::Status statusOf(const Household& household, const HubCore& core, const Collector& collector,
                      bool isClockTrusted, const std::string& statePath);

/// By the kernel's word (adjtimex): an outside source keeps the clock.
bool isClockSynchronised();
/// Of this boot of the machine; empty if the kernel does not say.
std::string bootId();

}  // namespace vardnav::hub
