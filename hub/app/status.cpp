// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/status.h"

#include <sys/statvfs.h>
#include <sys/timex.h>

#include <fstream>
#include <utility>

#include "hub/status/report.h"

namespace vardnav::hub {
namespace {

/// What others count.
void takeOver(DropBook& drops, const StatusSources& sources,
              const forward::Forwarder::Counters& sent) {
  drops.set(Drop::kAdvertFlood, sources.collector.droppedAdverts());
  drops.set(Drop::kFaultUntold, sources.faults.untold());
  drops.set(Drop::kSetAside, sent.setAside);
  drops.set(Drop::kForeignReceipt, sent.foreignReceipts);
  drops.set(Drop::kUnreadableReceipt, sent.unreadableReceipts);
  drops.set(Drop::kMessageRefused, sent.refusedMessages);
  drops.set(Drop::kOutboxFault, sent.storageFaults);
}

}  // namespace

std::optional<std::uint64_t> freeOctets(const std::string& path) {
  struct statvfs space{};
  if (::statvfs(path.c_str(), &space) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
}

bool isClockSynchronised() {
  struct timex state{};
  const int clockState = ::adjtimex(&state);
  return clockState >= 0 && clockState != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

std::string bootId() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

wire::Status statusOf(const StatusSources& sources, const forward::Forwarder::Counters& sent) {
  const auto& [desired, collector, faults, drops, clock, journal, statePath, started] = sources;
  const Household& household = desired.household();
  wire::Status status;
  status.version = VARDNAV_VERSION;
  status.isClockSynchronised = clock.isTrusted();
  status.freeBytes = freeOctets(statePath).value_or(0);  // a fault says what is amiss
  if (const auto space = journal.space()) {
    status.journal = wire::JournalSize{space->used, space->bound};
  }
  status.hasRadio = collector.radio().works();
  for (const DeviceId& device : household.devices()) {
    status.devices.push_back({device, collector.lastHeard(device)});
  }
  status.ruleHash = household.ruleHash();
  takeOver(drops, sources, sent);
  for (const auto& [drop, count] : drops.counted()) {
    status.refusals.push_back({std::string(nameOf(drop)), count});
  }
  // By the clock of now, which may have been set since.
  status.startedAt =
      std::chrono::floor<std::chrono::seconds>(clock.utcNow() - (clock.steadyNow() - started));
  status.configuration = desired.applied();
  status.faults = faults.all();
  return status;
}

Result<std::string> reportOf(forward::Forwarder& forwarder, store::SqliteJournal& journal,
                             const std::string& broker) {
  auto heartbeat = forwarder.status();
  if (!heartbeat) return std::unexpected(heartbeat.error());
  auto summary = journal.summary();
  if (!summary) return std::unexpected(summary.error());
  return encode(Report{Report::Running{*std::move(heartbeat), forwarder.line(), broker},
                       *std::move(summary)});
}

}  // namespace vardnav::hub
