// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A configuration as it travels → the household as the core runs it. Whole or not at all.
// Any thread.
#pragma once

#include <string>

#include "hub/core/household.h"
#include "pipelines/model/error.h"
#include "pipelines/wire/configuration.h"

namespace vardnav::hub {

/// A fault is one line with the place as a JSON pointer and what to change.
Result<Household> compileHousehold(const wire::Configuration& configuration);

/// From a file that holds a configuration without its envelope; the fault names the file. A
/// document of another hub than `hub` is refused.
Result<Household> readHousehold(const std::string& path, const HubId& hub);

}  // namespace vardnav::hub
