// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/alike.h"

#include <algorithm>

#include "rules/engine/feeding.h"
#include "rules/engine/program.h"

namespace vardnav::rules {
namespace {

const Program* programOf(const Lineage& lineage, const RuleState& state) {
  for (const auto& version : lineage.versions()) {
    const bool isIts = version->program->identity == state.program &&
                       version->program->series.size() == state.series.size();
    if (isIts) return version->program.get();
  }
  return nullptr;
}

bool areSeriesAlike(const Lineage& lineage, const RuleState& a, const RuleState& b) {
  const Program* program = programOf(lineage, a);
  if (a.isSpilled || b.isSpilled || program == nullptr) {
    return a.isSpilled == b.isSpilled && a.series == b.series;
  }
  if (a.series.size() != b.series.size()) return false;
  for (std::size_t i = 0; i < a.series.size(); ++i) {
    if (a.series[i].unanchored != b.series[i].unanchored) return false;
    if (!std::ranges::equal(reached(*program, i, a.series[i].samples),
                            reached(*program, i, b.series[i].samples))) {
      return false;
    }
  }
  return true;
}

UtcTime positionOf(const RuleState& state) { return std::max(state.newestEvent, state.firedUntil); }

bool isCoolingDown(const Lineage& lineage, const RuleState& state) {
  if (state.firedAt == kNever) return false;
  return state.isHeld || std::ranges::any_of(lineage.versions(), [&](const auto& version) {
           return positionOf(state) < state.firedAt + version->rule.coolDown;
         });
}

bool areFiresAlike(const Lineage& lineage, const RuleState& a, const RuleState& b) {
  if (a.isHeld != b.isHeld || (a.isHeld && a.heldConfirmed != b.heldConfirmed)) return false;
  if (!isCoolingDown(lineage, a) && !isCoolingDown(lineage, b)) return true;
  return a.firedAt == b.firedAt && a.fired == b.fired;
}

bool isAlike(const LevelState& a, const LevelState& b) {
  return a.hasPersisted == b.hasPersisted && (a.hasPersisted || a.trueSince == b.trueSince);
}

}  // namespace

bool goOnAlike(const Lineage& lineage, const RuleState& a, const RuleState& b) {
  return a.since == b.since && a.program == b.program && positionOf(a) == positionOf(b) &&
         a.open == b.open && a.status == b.status && a.isPaused == b.isPaused && a.gate == b.gate &&
         a.missed == b.missed && a.slotsDone == b.slotsDone &&
         a.newestScheduled == b.newestScheduled && a.newestValid == b.newestValid &&
         a.absencesFired == b.absencesFired && areFiresAlike(lineage, a, b) &&
         std::ranges::equal(a.levels, b.levels, isAlike) && areSeriesAlike(lineage, a, b);
}

}  // namespace vardnav::rules
