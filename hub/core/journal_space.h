// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to the room that the journal takes. pipelines/store implements it. Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pipelines/model/error.h"
#include "pipelines/model/time.h"

namespace vardnav::hub {

struct Space {
  std::uint64_t used = 0;   ///< octets; what pruning has freed is not among them
  std::uint64_t bound = 0;  ///< it never grows beyond; what would need more is not stored
};

struct Pruned {
  std::size_t captures = 0;
  std::int64_t last = 0;  ///< pass as `after`
  /// None of those looked at was old: neither is any behind them. Nor is there an old verdict.
  bool isAll = false;
};

class JournalSpace {
 public:
  virtual ~JournalSpace() = default;
  virtual Result<Space> space() = 0;
  /// Looks at the next `limit` captures behind `after` (0: from the first), and removes those that
  /// came before `before` with what was made of them; at the end at most so many verdicts. Never
  /// what has no receipt, waits for a person (quarantine) or for its time, nor the highest record
  /// number of a device. The keys stay: what comes again is still known. One transaction.
  virtual Result<Pruned> prune(UtcTime before, std::int64_t after, std::size_t limit) = 0;
  /// Writes something and leaves everything as it was: a value if there is room to write.
  virtual Result<void> probe() = 0;
};

}  // namespace vardnav::hub
