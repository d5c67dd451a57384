// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a hub's journal holds, in numbers: for a technician. Reads every capture's head once: some
// tenths of a second for a year of a household. No values. One thread at a time, as its database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/forward/outbox.h"
#include "pipelines/model/error.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/time.h"
#include "pipelines/sqlite/sqlite.h"

namespace vardnav::store {

struct JournalSummary {
  struct Device {
    DeviceId device;
    std::uint64_t captures = 0;
    UtcTime lastReceived{};  ///< by the hub's clock of then
  };
  /// Captures that are not on their way, since the journal was begun.
  struct Kept {
    std::string disposition;  ///< "quarantined" or "refused"
    std::string reason;
    std::uint64_t count = 0;
  };

  EpochId epoch;
  std::uint64_t captures = 0;
  std::vector<Device> devices;  ///< by id
  std::vector<Kept> kept;
  forward::Backlog readings;
  forward::Backlog alerts;
  std::optional<UtcTime> lastKnownTime;   ///< when the hub last knew the time
  std::uint64_t configurationSerial = 0;  ///< 0: none is kept
  std::uint64_t octets = 0;               ///< of the file, without its write-ahead log
};

Result<JournalSummary> summaryOf(sqlite::Database& database);
/// Of one stream's outbox.
Result<forward::Backlog> backlogOf(sqlite::Database& database, wire::Stream stream);

}  // namespace vardnav::store
