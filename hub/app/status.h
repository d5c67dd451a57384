// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The heartbeat's part that only the app knows. Loop thread only.
#pragma once

#include <optional>
#include <string>

#include "hub/app/collector.h"
#include "hub/app/desired_state.h"
#include "hub/app/fault_book.h"
#include "hub/core/drop.h"
#include "hub/core/hub_clock.h"
#include "hub/core/journal_space.h"
#include "pipelines/forward/forwarder.h"
#include "pipelines/store/sqlite_journal.h"
#include "pipelines/wire/messages.h"

namespace vardnav::hub {

/// What is told of; all outlive it.
struct StatusSources {
  const DesiredState& desired;
  const Collector& collector;
  const FaultBook& faults;
  DropBook& drops;
  const HubClock& clock;
  JournalSpace& journal;
  std::string statePath;  ///< where the journal lies: its free space is told
  SteadyTime started{};
};

wire::Status statusOf(const StatusSources& sources, const forward::Forwarder::Counters& sent);

/// For a technician beside the hub, see hub/status/report.h. `broker`: "host:port".
Result<std::string> reportOf(forward::Forwarder& forwarder, store::SqliteJournal& journal,
                             const std::string& broker);

/// Of the disk where `path` is, for this user; nullopt: it does not say.
std::optional<std::uint64_t> freeOctets(const std::string& path);
/// By the kernel's word (adjtimex): an outside source keeps the clock.
bool isClockSynchronised();
/// Of this boot of the machine; empty if the kernel does not say.
std::string bootId();

}  // namespace vardnav::hub
