// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Exact comparison of quantities. A value is compared in the unit that it was measured in where
// both have it; otherwise both are converted by exact factors; mg/dL and mmol/L, which have no
// exact factor that medicine agrees on, are never converted. Any thread.
#pragma once

#include <optional>
#include <span>
#include <utility>

#include "pipelines/model/code.h"
#include "pipelines/model/unit.h"
#include "rules/document/rule.h"

namespace vardnav::rules {

/// `unit` is one that `code` is measured in.
bool measures(Unit unit, Code code);

/// Both in one unit; nullopt if they have none in common, or on overflow.
struct Pair {
  Decimal left;
  Decimal right;
  Unit unit = Unit::kOne;
};
std::optional<Pair> inOneUnit(const Quantity& left, const Quantity& right);

/// The limit for `unit`: its own, else one that converts exactly.
std::optional<Quantity> limitFor(Unit unit, std::span<const Quantity> limits);

bool holds(const Decimal& left, Comparison is, const Decimal& right);
bool isDownward(Comparison is);

}  // namespace vardnav::rules
