// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A person's stored readings as a readings file: every revision, a line for each observation. Pure,
// any thread.
#pragma once

#include <string>
#include <vector>

#include "pipelines/model/observation.h"

namespace vardnav::rules {

/// As they arrived at the hub; what arrived at one time in the order it was measured. A revision
/// that keeps the time of its first arrival stands behind what arrived then.
void sortByArrival(std::vector<Observation>& revisions);

/// Of one person, in any order. The same observations give the same octets; empty for none.
std::string exportReadings(std::vector<Observation> revisions);

}  // namespace vardnav::rules
