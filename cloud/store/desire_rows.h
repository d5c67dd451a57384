// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the registry says about a hub and its persons, from rows. Core thread only.
#pragma once

#include <optional>
#include <vector>

#include "cloud/core/person_rules.h"
#include "cloud/registry/hub_desire.h"
#include "cloud/store/sql/database.h"

namespace vardnav::cloud::store {

/// Pauses and enrolments that ended this long ago still judge late readings.
inline constexpr Milliseconds kKeptAfterEnd = std::chrono::days{30};

/// Those that end after `endAfter`, by from.
Result<std::vector<Pause>> readPauses(sql::Database& database, const PersonId& person,
                                      UtcTime endAfter);
Result<registry::PatientDesire> readPatientDesire(sql::Database& database, const PersonId& person,
                                                  UtcTime now);
PersonRules personRulesOf(const registry::PatientDesire& patient);
/// nullopt: the registry does not know this hub.
Result<std::optional<registry::HubDesire>> readHubDesire(sql::Database& database, const HubId& hub,
                                                         UtcTime now);

}  // namespace vardnav::cloud::store
