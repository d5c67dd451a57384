// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/reach.h"

#include <algorithm>

#include "rules/engine/program.h"

namespace vardnav::rules {

Milliseconds reachOf(const Rule& rule) {
  const Program program = compileProgram(rule);
  Milliseconds reach = rule.coolDown;
  for (const SeriesCode& series : program.series) {
    reach = std::max(reach, 2 * series.kept.elapsed);
  }
  for (const AbsenceCode& absence : program.absences) reach = std::max(reach, absence.duration);
  for (const LevelCode& level : program.levels) reach = std::max(reach, level.persistence);
  return reach;
}

}  // namespace vardnav::rules
