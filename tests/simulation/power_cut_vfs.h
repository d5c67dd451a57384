// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A disk under SQLite that forgets what was not synced. Every write is kept with what it replaced
// until its file is synced; when the power is cut (at the n-th write or sync), nothing works any
// more, and restore() takes back the unsynced writes of each file but for a chance part at their
// beginning, the last of them torn. The default VFS of the process while it lives; files outside
// `folder` are left alone. One at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/failing_disk.h"
#include "tests/simulation/world.h"

namespace vardnav::simulation {

class PowerCutVfs {
 public:
  PowerCutVfs(std::string folder, Power& power, Chance& chance);
  ~PowerCutVfs();
  PowerCutVfs(const PowerCutVfs&) = delete;
  PowerCutVfs& operator=(const PowerCutVfs&) = delete;

  /// After every connection is closed: the files are as the disk has them.
  void restore();

  /// What was written so far is durable.
  void settle() { unsynced_.clear(); }

  std::uint64_t takenBack = 0;  ///< writes

 private:
  friend struct VfsCalls;
  struct Write {
    std::int64_t offset = 0;
    std::vector<char> before;  ///< what it replaced, as far as the file went
    std::int64_t sizeBefore = 0;
    std::int64_t length = 0;
  };

  bool isOurs(const std::string& path) const { return path.starts_with(folder_); }
  /// True: the power is off, or goes now.
  bool fails();

  const std::string folder_;
  Power& power_;
  Chance& chance_;
  std::map<std::string, std::vector<Write>> unsynced_;
};

}  // namespace vardnav::simulation
