// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to the note of what is being interpreted. A record that kills the hub (a poison record)
// must not kill it for ever, and one that was on its way when the hub was killed must not be lost:
// it is noted before it is interpreted, tried once more at the next start, and set aside raw if
// that ends the same way. Dying in the commit is no sign of poison: that is the disk's, or whoever
// kills the hub. The note need survive the process, not a power cut: it is not synced.
//
// Records of one transaction are noted together, all of them: the cursor of a device is the highest
// number committed, so a record that was finished alone would hide the ones before it. At the next
// start each is tried alone, in order, which shows the one that kills.
// Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "pipelines/model/error.h"
#include "pipelines/model/raw_record.h"

namespace vardnav::hub {

struct InFlight {
  struct Noted {
    RawRecord record;
    int ended =
        0;  ///< processes that ended while they interpreted it; in the commit does not count
  };
  std::vector<Noted> records;  ///< in the order of their commit; none: nothing to note
  /// So many, from the first, are in the transaction under way; the others wait for theirs.
  std::size_t tried = 1;
  bool isCommitting = false;
  /// Journal::captureCounter() before it: if the journal is further now, it was committed, or
  /// what came after it was.
  std::uint64_t captureCounter = 0;
  std::optional<std::int64_t> clockPeriod;
};

class InFlightNote {
 public:
  virtual ~InFlightNote() = default;
  /// Replaces what was noted.
  virtual Result<void> set(const InFlight& inFlight) = 0;
  /// They are interpreted; only the commit is left.
  virtual Result<void> setCommitting() = 0;
  virtual Result<void> clear() = 0;
  /// What an earlier process left; nullopt: nothing, or not readable as a whole.
  virtual Result<std::optional<InFlight>> left() = 0;
};

/// For where nothing is to be noted.
class NoInFlightNote final : public InFlightNote {
 public:
  Result<void> set(const InFlight& /*inFlight*/) override { return {}; }
  Result<void> setCommitting() override { return {}; }
  Result<void> clear() override { return {}; }
  Result<std::optional<InFlight>> left() override { return std::nullopt; }
};

}  // namespace vardnav::hub
