// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A hub's report (hub/status/report.h) in plain words, for a technician without a network. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "pipelines/model/time.h"

namespace vardnav::ctl {

/// Lines, each with its end. What this version does not know is left out. `now`: ages are told
/// against it.
std::string statusText(const nlohmann::ordered_json& report, UtcTime now);

}  // namespace vardnav::ctl
