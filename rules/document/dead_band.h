// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The clear condition that a dead band means: no level would hold even if every limit in one of the
// band's units lay that distance nearer to normal. Pure, any thread.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "rules/document/rule.h"

namespace vardnav::rules {

/// The fault: a unit of a moved limit has no distance, no limit was moved, or a band closed.
std::expected<Condition, std::string> clearByDeadBand(const std::vector<Level>& levels,
                                                      const std::vector<Quantity>& distances);

}  // namespace vardnav::rules
