// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to the note of what is being interpreted. A record that kills the hub (a poison record)
// must not kill it for ever, and one that was on its way when the hub was killed must not be lost:
// it is noted before it is interpreted, tried once more at the next start, and set aside raw if
// that ends the same way. Dying in the commit is no sign of poison: that is the disk's, or whoever
// kills the hub. The note need survive the process, not a power cut: it is not synced.
// Loop thread only.
#pragma once

#include <cstdint>
#include <optional>

#include "pipelines/model/error.h"
#include "pipelines/model/raw_record.h"

namespace vardnav::hub {

struct InFlight {
  RawRecord record;
  int attempt = 1;  ///< this one; from 1; those that ended in the commit do not count
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
  /// It is interpreted; only the commit is left.
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
