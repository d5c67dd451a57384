// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Observations into the series of a rule's state. Pure, any thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "pipelines/model/observation.h"
#include "rules/document/context.h"
#include "rules/engine/program.h"
#include "rules/engine/state.h"

namespace vardnav::rules {

/// Why the reading counts nowhere for the audience; nullopt: it counts.
std::optional<Flag> doubtOf(const Observation& observation, Audience audience);

/// A time that is not known is that of receiving.
UtcTime eventTimeOf(const Observation& observation);

/// In event order; at one time by the device's record number, then by key.
bool isBefore(const Observation& a, const Observation& b);
void sortByEvent(std::vector<Observation>& observations);

/// A breathless patient at rest.
bool isBreathless(const Observation& observation);

/// What the program's windows, runs and baselines of that series still look at: the last of
/// `samples`.
std::span<const Sample> reached(const Program& program, std::size_t series,
                                std::span<const Sample> samples);

/// Takes a reading that counts and is not older than what the state holds. True if a series of the
/// program, or what it waits for by the clock, changed with it.
bool feed(const Program& program, const Context& context, const Observation& observation,
          RuleState& state);

}  // namespace vardnav::rules
