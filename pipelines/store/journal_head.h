// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What every capture moves on in the journal's few rows: the head of the chain, the counters and
// the floor of the clock. Read when it is first asked for, and written once, before the commit.
// Belongs to one transaction. Loop thread only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "pipelines/model/bytes.h"
#include "pipelines/model/error.h"
#include "pipelines/model/time.h"
#include "pipelines/sqlite/sqlite.h"

namespace vardnav::store {

class JournalHead {
 public:
  explicit JournalHead(sqlite::Database& database) : database_(database) {}

  /// One more than ever before.
  Result<std::int64_t> next(std::string_view counter);
  /// Of the newest capture (capture_chain.h), to be moved on; valid as long as this is.
  Result<Bytes*> link();
  void setClockFloor(UtcTime floor) { clockFloor_ = floor; }
  Result<void> write();

 private:
  struct Counter {
    std::int64_t value = 0;
    bool isMoved = false;
  };

  Result<void> readCounters();

  sqlite::Database& database_;
  std::map<std::string, Counter, std::less<>> counters_;
  std::optional<Bytes> linkRead_;
  std::optional<Bytes> link_;
  std::optional<UtcTime> clockFloor_;
};

}  // namespace vardnav::store
