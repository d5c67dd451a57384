// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A finger in an oximeter gives a value every second. What counts is the value it settles at: the
// first after a run of good ones, then one a minute; of a run too short to settle, its last. Keeps
// frames as they came; pure. Internal to this folder.
#pragma once

#include <optional>

#include "pipelines/model/raw_record.h"
#include "pipelines/model/time.h"

namespace vardnav::ble {

struct SteadyOptions {
  Milliseconds settle{10'000};  ///< from the first good value of a run
  Milliseconds every{60'000};   ///< after that
  Milliseconds gap{5'000};      ///< without a good one a run is over
};

class SteadySampler {
 public:
  explicit SteadySampler(SteadyOptions options = {}) : options_(options) {}

  /// A good value; what is to be delivered now, if anything (of this run or the one before).
  std::optional<RawRecord> offer(RawRecord record, SteadyTime now);
  /// What is left of the run, at the end of the link or of the run.
  std::optional<RawRecord> finish();

 private:
  SteadyOptions options_;
  std::optional<RawRecord> last_;
  SteadyTime begun_{};
  SteadyTime heard_{};
  std::optional<SteadyTime> told_;  ///< in this run
};

}  // namespace vardnav::ble
