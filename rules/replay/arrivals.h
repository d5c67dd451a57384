// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a readings file says arrived, as the engine is given it: resends gone, corrections as new
// revisions, what was measured in one act together. Pure, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "pipelines/model/ids.h"
#include "pipelines/model/observation.h"
#include "rules/replay/readings_file.h"

namespace vardnav::rules {

/// One act, or the part of it that arrived then.
struct Arrival {
  /// Never before the arrival before it: the order of lines stands above their stamps.
  UtcTime told{};
  std::vector<Observation> reading;
  /// The revisions that are replaced by some of `reading`.
  std::vector<Observation> was;
};

struct Arrivals {
  std::vector<Arrival> list;
  /// As `inputs` name it: the line's id, or line-N for one without.
  const std::string& nameOf(const ReadingKey& key) const;

  std::vector<std::string> names;  ///< by the number in the key
};

/// Every line has a key of its own, in the order of ids, whatever the order of lines. A clock fault
/// is placed at its arrival.
Arrivals arrivalsOf(const ReadingsFile& file, const PersonId& person);

}  // namespace vardnav::rules
