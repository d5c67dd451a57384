// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Whether the database is there: said once in the log when it goes and when it comes back, instead
// of once for each thing that could not be done meanwhile.
#pragma once

#include <atomic>
#include <string_view>

#include "cloud/store/sql/database.h"

namespace vardnav::cloud {

class DatabaseWatch {
 public:
  /// `database` outlives it.
  explicit DatabaseWatch(const sql::Database& database) : database_(database) {}

  /// Core thread, after each piece of work.
  void look();
  /// Core thread. What could not be done: to the log, unless it is for the database being away.
  void complain(std::string_view what, const Error& error);
  /// Any thread. As it was last seen.
  bool isThere() const { return isThere_; }

 private:
  void sayAway(std::string_view why);

  const sql::Database& database_;
  std::atomic<bool> isThere_{true};
};

}  // namespace vardnav::cloud
