// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Files of readings and their context, for replay. What was read is written so that it reads the
// same, and becomes arrivals that never run back in time.
#include <cstdint>
#include <cstdlib>

#include "rules/document/context_file.h"
#include "rules/replay/arrivals.h"
#include "rules/replay/readings_file.h"

namespace {

using namespace vardnav::rules;

void require(bool holds) {
  if (!holds) std::abort();
}

void checkRoundTrip(const ReadingLine& line) {
  const std::string text = formatReadingLine(line);
  const auto again = parseReadingLine(text);
  require(again.has_value());
  require(formatReadingLine(*again) == text);
}

void checkArrivals(const ReadingsFile& file) {
  const Arrivals arrivals = arrivalsOf(file, vardnav::PersonId("p"));
  std::size_t count = 0;
  for (std::size_t i = 0; i < arrivals.list.size(); ++i) {
    const Arrival& arrival = arrivals.list[i];
    require(!arrival.reading.empty() && arrival.was.size() <= arrival.reading.size());
    require(i == 0 || arrivals.list[i - 1].told <= arrival.told);
    for (const vardnav::Observation& observation : arrival.reading) {
      require(!arrivals.nameOf(observation.reading).empty());
    }
    count += arrival.reading.size();
  }
  require(count <= file.lines.size() && arrivals.names.size() <= file.lines.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto file = parseReadings(text)) {
    for (const ReadingLine& line : file->lines) checkRoundTrip(line);
    checkArrivals(*file);
  }
  (void)parseContext(text).has_value();
  return 0;
}
