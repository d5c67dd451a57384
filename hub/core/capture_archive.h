// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to all captures, for work that goes over them one after the other. pipelines/store
// implements it in the journal. Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/intake/intake.h"
#include "pipelines/model/bytes.h"
#include "pipelines/model/error.h"
#include "pipelines/model/ids.h"
#include "pipelines/model/raw_record.h"
#include "pipelines/model/time.h"

namespace vardnav::hub {

/// Some captures in the order they came, and where the next ones begin.
struct CapturePage {
  std::vector<ReadingKey> keys;  ///< empty: there are no more
  std::int64_t last = 0;         ///< pass as `after`
};

/// How far the chain over all captures is checked. An empty one is a beginning.
struct ChainCheck {
  std::int64_t last = 0;  ///< id of the last capture that was looked at
  Bytes link;             ///< its place in the chain
  bool isWhole = false;   ///< up to the newest capture, and nothing is missing behind it
  /// Id of the first capture that does not follow from the one before; 0: the end is cut off.
  std::optional<std::int64_t> brokenAt;
};

class CaptureArchive {
 public:
  virtual ~CaptureArchive() = default;
  /// `after` 0: from the first.
  virtual Result<CapturePage> captures(std::int64_t after, std::size_t limit) = 0;
  /// Of them those in quarantine.
  virtual Result<CapturePage> quarantined(std::int64_t after, std::size_t limit) = 0;
  /// Looks at the next `limit` captures. Between two calls captures may be added, and pruned.
  virtual Result<ChainCheck> checkChain(const ChainCheck& before, std::size_t limit) = 0;
  /// How many wait for a person to say whose they are, by device.
  virtual Result<std::map<DeviceId, std::uint64_t>> waitingForAPerson() = 0;
};

}  // namespace vardnav::hub
