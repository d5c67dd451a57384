// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/app/status.h"

#include <sys/statvfs.h>
#include <sys/timex.h>

#include <fstream>

namespace vardnav::hub {
namespace {

std::uint64_t freeBytes(const std::string& path) {
  struct statvfs space{};
  if (::statvfs(path.c_str(), &space) != 0) return 0;
  return static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
}

}  // namespace

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

wire::Status statusOf(const DesiredState& desired, const HubCore& core, const Collector& collector,
                      const FaultBook& faults, bool isClockTrusted, const std::string& statePath) {
  const Household& household = desired.household();
  wire::Status status;
  status.version = VARDNAV_VERSION;
  status.isClockSynchronised = isClockTrusted;
  status.freeBytes = freeBytes(statePath);
  status.hasRadio = collector.radio().works();
  for (const DeviceId& device : household.devices()) {
    status.devices.push_back({device, collector.lastHeard(device)});
  }
  status.ruleHash = household.ruleHash();
  for (const auto& [reason, count] : core.refusals()) {
    status.refusals.push_back({std::string(nameOf(reason)), count});
  }
  status.configuration = desired.applied();
  status.faults = faults.all();
  return status;
}

}  // namespace vardnav::hub
