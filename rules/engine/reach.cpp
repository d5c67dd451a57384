// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/reach.h"

#include <algorithm>

namespace vardnav::rules {

Milliseconds longestWindowOf(const Program& program) {
  Milliseconds longest{0};
  for (const SeriesCode& series : program.series) longest = std::max(longest, series.kept.elapsed);
  return longest;
}

std::optional<Milliseconds> reachOf(const Program& program) {
  const auto isCounted = [](const SeriesCode& series) { return series.kept.count > 1; };
  const bool isEndless =
      !program.keptOccasions.empty() || std::ranges::any_of(program.series, isCounted);
  if (isEndless) return std::nullopt;
  return 2 * longestWindowOf(program) + std::chrono::hours{50};
}

Milliseconds reachOf(const Rule& rule) {
  const Program program = compileProgram(rule);
  Milliseconds reach = std::max(rule.coolDown, 2 * longestWindowOf(program));
  for (const AbsenceCode& absence : program.absences) reach = std::max(reach, absence.duration);
  for (const LevelCode& level : program.levels) reach = std::max(reach, level.persistence);
  return reach;
}

}  // namespace vardnav::rules
