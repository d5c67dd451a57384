// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Why a rule said what it said: the document's sentence with the facts filled in, in both
// languages. Values stand in the meter's own unit, with the product's unit behind where it is
// another; Swedish has a decimal comma. Any thread.
//
// Placeholders: {value}; in levels also {limit}; with a rise {rise}, {lowest} and {hours}; with a
// share {percent}, {baseline} and {baseline_day}.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/finding.h"

namespace vardnav::rules {

/// The first placeholder of `pattern` that `measure` does not have (nullptr: of a clear), or that
/// is not closed; nullopt: all are known.
std::optional<std::string> unknownPlaceholder(std::string_view pattern, const Measure* measure);

/// Format 1 only, whose conditions have no parts.
Text why(const Grounds& grounds);

}  // namespace vardnav::rules
