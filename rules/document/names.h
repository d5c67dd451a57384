// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The words of rule documents and context files for what conditions are made of. Any thread.
#pragma once

#include <optional>
#include <string_view>

#include "rules/document/condition.h"

namespace vardnav::rules {

std::string_view nameOf(Comparison is);  ///< "at-most"
std::optional<Comparison> comparisonFromName(std::string_view name);

std::string_view nameOf(Statistic statistic);  ///< "median"
std::optional<Statistic> statisticFromName(std::string_view name);

std::string_view nameOf(Pick pick);  ///< "first-of-day"; "every"
std::optional<Pick> pickFromName(std::string_view name);

std::string_view nameOf(Fact fact);  ///< "insulin-or-sulphonylurea"
std::optional<Fact> factFromName(std::string_view name);

}  // namespace vardnav::rules
