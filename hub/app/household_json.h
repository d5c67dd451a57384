// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// household.json → Household. A local file for now; later the same document comes down signed.
// It is applied whole or not at all. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "hub/core/household.h"
#include "pipelines/model/error.h"

namespace vardnav::hub {

/// A fault is one line with the place as a JSON pointer and what to change. A document of another
/// hub than `hub` is refused.
Result<Household> parseHousehold(std::string_view json, const HubId& hub);

/// The same, naming the file.
Result<Household> readHousehold(const std::string& path, const HubId& hub);

}  // namespace vardnav::hub
