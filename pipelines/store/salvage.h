// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What can be read of a damaged journal, copied row by row into a new one. The new journal has an
// epoch of its own, so everything that was accepted is queued again: what the backend has already
// it knows by its keys. Loop thread only.
#pragma once

#include <cstddef>
#include <string>

#include "pipelines/model/error.h"
#include "pipelines/model/time.h"
#include "pipelines/sqlite/sqlite.h"

namespace vardnav::store {

struct Salvaged {
  std::size_t captures = 0;
  std::size_t queuedReadings = 0;
  std::size_t queuedAlerts = 0;
  std::size_t falseCaptures = 0;  ///< left out: their octets are not what was stored
  bool isWhole = true;            ///< every page that was looked at could be read
};

/// From `source`, a copy (with its -wal) that may be written to, into `target`, a new journal at
/// its newest schema. An error is the target's: a full disk.
Result<Salvaged> salvage(const std::string& source, sqlite::Database& target, UtcTime now);

/// Everything accepted, in the order it came, under new sequences; of the verdicts those that
/// wait, or all where that is not known. For a new epoch; within a transaction.
Result<void> queueAgain(sqlite::Database& database, bool isOutboxKnown);

}  // namespace vardnav::store
