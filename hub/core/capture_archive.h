// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to all captures, for work that goes over them one after the other. pipelines/store
// implements it in the journal. Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/intake/intake.h"
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

class CaptureArchive {
 public:
  virtual ~CaptureArchive() = default;
  /// `after` 0: from the first.
  virtual Result<CapturePage> captures(std::int64_t after, std::size_t limit) = 0;
};

}  // namespace vardnav::hub
