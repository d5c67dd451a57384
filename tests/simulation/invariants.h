// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What must hold at every moment, whatever has failed and is still away: asked of both databases
// between two happenings.
#pragma once

#include <string>
#include <vector>

#include "tests/simulation/care_node.h"
#include "tests/simulation/hub_node.h"

namespace vardnav::simulation {

/// Cheap enough for every hour: no sequence is lost between the hub's outbox and the backend, no
/// open episode is without its next action, or late with it. After the backend has done what was
/// due.
std::vector<std::string> brokenThisHour(CareNode& care, HubNode& hub, UtcTime now);

/// For every day: nothing is stored twice; every alert has the one episode that holds it; one
/// episode is open per cause; no seriously low reading is without an alert in the hub's journal.
std::vector<std::string> brokenThisDay(CareNode& care, HubNode& hub);

}  // namespace vardnav::simulation
