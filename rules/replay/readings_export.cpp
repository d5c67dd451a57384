// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/replay/readings_export.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "rules/replay/readings_file.h"

namespace vardnav::rules {
namespace {

/// One code of one reading: what its revisions are of.
using Record = std::pair<ReadingKey, Code>;

Record recordOf(const Observation& observation) { return {observation.reading, observation.code}; }

}  // namespace

void sortByArrival(std::vector<Observation>& revisions) {
  std::ranges::sort(revisions, {}, &Observation::revision);
  // A clock set right may date a revision before the one that it replaces.
  std::map<Record, UtcTime> newest;
  std::vector<std::pair<UtcTime, Observation>> arrived;
  arrived.reserve(revisions.size());
  for (Observation& observation : revisions) {
    UtcTime& arrival =
        newest.try_emplace(recordOf(observation), observation.receivedAt).first->second;
    arrival = std::max(arrival, observation.receivedAt);
    arrived.emplace_back(arrival, std::move(observation));
  }
  const auto placeOf = [](const std::pair<UtcTime, Observation>& one) {
    const Observation& observation = one.second;
    return std::tuple(one.first, observation.revision, observation.at,
                      observation.recordNumber.value_or(0), observation.reading, observation.code);
  };
  std::ranges::sort(arrived, {}, placeOf);
  std::ranges::transform(arrived, revisions.begin(),
                         [](auto& one) { return std::move(one.second); });
}

std::string exportReadings(std::vector<Observation> revisions) {
  sortByArrival(revisions);
  std::string text;
  for (const Observation& observation : revisions) {
    text += formatReadingLine(readingLineOf(observation));
    text += '\n';
  }
  return text;
}

}  // namespace vardnav::rules
