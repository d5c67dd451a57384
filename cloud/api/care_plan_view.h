// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A person's plan as the API's JSON (openapi.yaml). Pure, any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <span>

#include "cloud/core/care_plan.h"
#include "cloud/core/rule_shelf.h"

namespace vardnav::cloud::api {

/// Who it is, and whether anybody watches.
nlohmann::json summaryJson(const CarePlan& plan, UtcTime now);

/// Also rules, each as its sentence, and pauses; `teams` are the reader's, and say which rules he
/// may pause.
nlohmann::json detailJson(const CarePlan& plan, RuleShelf& shelf, std::span<const TeamId> teams,
                          UtcTime now);

}  // namespace vardnav::cloud::api
