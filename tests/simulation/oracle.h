// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What should have been told of a person: the rules replayed over all readings in the order they
// were measured, none late, none twice, nothing corrected afterwards. What lasts of what was really
// told (rule, transition, priority, event time, newest reading, confirmed or not), less what was
// taken back, must be the same, however and whenever it came. When it was told is not compared.
#pragma once

#include <string>
#include <vector>

#include "cloud/core/care_store.h"
#include "hub/core/household.h"
#include "pipelines/model/observation.h"

namespace vardnav::simulation {

/// From which time on, and until when, the clock brings something; both included.
struct Lived {
  UtcTime from{};
  UtcTime until{};
};

/// One line for each thing that was missed, or told without a ground.
/// `readings`: the newest revision of each, in any order. `said`: as the backend has it; counted is
/// what the hub told.
std::vector<std::string> differenceFromOracle(const hub::Patient& patient,
                                              std::vector<Observation> readings, const Lived& lived,
                                              const std::vector<cloud::SaidVerdict>& said);

}  // namespace vardnav::simulation
