// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/floor.h"

#include <algorithm>
#include <array>

#include "rules/document/satisfy.h"

namespace vardnav::rules {
namespace {

constexpr std::array<Code, 3> kSignals = {Code::kGlucose, Code::kGlucose, Code::kKetone};

/// Nothing of the rule makes it wait, and no team's opening hours do.
bool isToldAtOnce(const Rule& rule, const Level& level) {
  if (level.isGated || level.persistence.count() != 0) return false;
  return level.priority == Priority::kP1 ||
         (level.priority == Priority::kP2 && rule.coolDown.count() == 0);
}

bool tells(const Rule& rule, const Condition& floor) {
  std::vector<Wanted> silent = {{&floor, Asked::kTrue}};
  for (const Level& level : rule.levels) {
    if (isToldAtOnce(rule, level)) silent.push_back({&level.when, Asked::kNotTrue});
  }
  return canHoldTogether(silent) == Answer::kNever;
}

void widen(Series& series) { series = {series.signal, {}, Pick::kEvery, {}}; }

/// The same of every reading, whatever the time of day or which of a day's it is.
void widen(Condition& condition) {
  std::visit(
      [](auto& is) {
        if constexpr (requires { is.series; }) {
          widen(is.series);
        } else if constexpr (requires { is.each; }) {
          std::visit([](auto& test) { widen(test.series); }, is.each);
        } else if constexpr (requires { is.of; }) {
          for (Condition& part : is.of) widen(part);
        }
      },
      condition.is);
}

}  // namespace

const std::vector<Condition>& floorConditions() {
  static const std::vector<Condition> kConditions = {
      {Compare{{Code::kGlucose, {}, Pick::kEvery, {}},
               NewestValue{},
               Comparison::kBelow,
               {{{54, 0}, Unit::kMilligramPerDecilitre}, {{30, -1}, Unit::kMillimolePerLitre}},
               Milliseconds{0}}},
      {MeterSays{{Code::kGlucose, {}, Pick::kEvery, {}}, true, false, false}},
      {Compare{{Code::kKetone, {}, Pick::kEvery, {}},
               NewestValue{},
               Comparison::kAtLeast,
               {{{16, -1}, Unit::kMillimolePerLitre}},
               Milliseconds{0}}}};
  return kConditions;
}

FloorSet floorsOf(const ConditionId& condition) {
  return condition.value == "diabetes" ? FloorSet().set() : FloorSet();
}

FloorCover coverOf(const Rule& rule) {
  FloorCover cover;
  const bool isForEverybody =
      rule.needs.empty() && rule.needsFacts.empty() && rule.audience == Audience::kPatient;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    const bool isRead = std::ranges::find(rule.signals, kSignals[i]) != rule.signals.end();
    cover.asked[i] = isRead;
    cover.told[i] = isRead && isForEverybody && rule.isFloor && tells(rule, floorConditions()[i]);
  }
  return cover;
}

bool isOnFloor(const Level& level) {
  Condition when = level.when;
  widen(when);
  std::vector<Wanted> elsewhere = {{&when, Asked::kTrue}};
  for (const Condition& floor : floorConditions()) elsewhere.push_back({&floor, Asked::kNotTrue});
  return canHoldTogether(elsewhere) == Answer::kNever;
}

}  // namespace vardnav::rules
