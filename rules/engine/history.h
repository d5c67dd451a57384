// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The port to a person's past observations. Both stores implement it; in-order judging reads it
// for windows only. One thread at a time.
#pragma once

#include <vector>

#include "pipelines/model/error.h"
#include "pipelines/model/observation.h"

namespace vardnav::rules {

class History {
 public:
  virtual ~History() = default;
  /// In rising `at`; from and until included. All flags; the rules decide what counts.
  virtual Result<std::vector<Observation>> observations(const PersonId& person, Code code,
                                                        UtcTime from, UtcTime until) const = 0;
};

}  // namespace vardnav::rules
