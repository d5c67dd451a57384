// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Who lives in the simulated household, with which devices, and what the hub and the registry know
// of it.
#pragma once

#include <string_view>

#include "cloud/registry/registry.h"
#include "hub/core/household.h"

namespace vardnav::simulation {

inline const HubId kHub("hub-1");
inline const PersonId kPerson("p-1");
inline const DeviceId kMeter("C0:FF:EE:00:00:01");
inline const DeviceId kScale("C0:FF:EE:00:00:02");

/// RFC 3339.
UtcTime utc(std::string_view text);

/// Under the shipped rules for low glucose, judged by each reading, and for gained weight, judged
/// by the first weighing of each local day before noon.
hub::Household householdOf();
/// Without rules of its own: the alerts are the hub's.
cloud::registry::Registry registryOf();

}  // namespace vardnav::simulation
