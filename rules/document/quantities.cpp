// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/quantities.h"

namespace vardnav::rules {
namespace {

std::optional<Quantity> exactlyNormalised(const Quantity& quantity) {
  if (quantity.unit == Unit::kMilligramPerDecilitre) return std::nullopt;
  return normalised(quantity);
}

}  // namespace

bool measures(Unit unit, Code code) {
  const auto kind = normalised({{1, 0}, unit});
  return kind && kind->unit == rowOf(code).unit;
}

std::optional<Pair> inOneUnit(const Quantity& left, const Quantity& right) {
  if (left.unit == right.unit) return Pair{left.value, right.value, left.unit};
  const auto a = exactlyNormalised(left);
  const auto b = exactlyNormalised(right);
  if (!a || !b || a->unit != b->unit) return std::nullopt;
  return Pair{a->value, b->value, a->unit};
}

std::optional<Quantity> limitFor(Unit unit, std::span<const Quantity> limits) {
  for (const Quantity& limit : limits) {
    if (limit.unit == unit) return limit;
  }
  for (const Quantity& limit : limits) {
    if (inOneUnit({{1, 0}, unit}, limit)) return limit;
  }
  return std::nullopt;
}

bool holds(const Decimal& left, Comparison is, const Decimal& right) {
  switch (is) {
    case Comparison::kBelow:
      return left < right;
    case Comparison::kAtMost:
      return left <= right;
    case Comparison::kAbove:
      return left > right;
    case Comparison::kAtLeast:
      return left >= right;
  }
  return false;
}

bool isDownward(Comparison is) { return is == Comparison::kBelow || is == Comparison::kAtMost; }

}  // namespace vardnav::rules
