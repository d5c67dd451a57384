// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A hub's journal, read from outside: nothing of it is changed, and its hub may be running.
// One thread at a time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/model/observation.h"
#include "pipelines/sqlite/sqlite.h"
#include "pipelines/store/journal_summary.h"

namespace vardnav::store {

class JournalReader {
 public:
  /// kNotFound, or kStorage with what to change: unreadable, another kind of file, or written by a
  /// newer version.
  static Result<JournalReader> open(const std::string& path);

  /// Of whom there are observations, in the order of ids.
  Result<std::vector<PersonId>> persons();
  Result<JournalSummary> summary() { return summaryOf(database_); }
  /// Every revision of what was accepted, in the order in which the hub stored it.
  Result<void> forEachObservation(const std::optional<PersonId>& person,
                                  const std::function<void(const Observation&)>& visit);

 private:
  explicit JournalReader(sqlite::Database database) : database_(std::move(database)) {}
  sqlite::Database database_;
};

}  // namespace vardnav::store
