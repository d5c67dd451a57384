// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Readings files: NDJSON, one observation a line, of one person; the order of lines is the order of
// arrival. Schema and examples: schema/reading-line.schema.json, README.md. Replay reads them; hub
// and backend write them. Bounded in time and memory, whatever the text. Any thread.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/observation.h"

namespace vardnav::rules {

inline constexpr std::size_t kMaxReadingLineOctets = std::size_t{4} * 1024;
inline constexpr std::size_t kMaxReadingLines = 1'000'000;

struct ReadingLine {
  std::string id;       ///< of the record; empty: the line itself is its identity
  std::string reading;  ///< what was done in one act; empty: equal `at` groups
  bool isCorrected = false;
  std::size_t number = 0;  ///< of the line in its file, from 1; 0: not from a file
  /// code, value, unit, shown, at, receivedAt, deviceTime, flags. `at` is as written; where the
  /// flags say clock fault it is no time to judge by. Key, revision and person are not the line's.
  Observation observation;
};

/// One line that says what to change: "value" must be a string: "5.4".
std::expected<ReadingLine, std::string> parseReadingLine(std::string_view line);

/// One line of JSON without its end; parses back to the same line.
std::string formatReadingLine(const ReadingLine& line);

/// As it leaves a journal: `id` is the record's key and the code, `reading` the record's key.
ReadingLine readingLineOf(const Observation& observation);

struct ReadingsFault {
  std::size_t line = 0;  ///< from 1
  std::string reason;
};

struct ReadingsFile {
  std::vector<ReadingLine> lines;
  /// What was read past, each once: a field that nobody knows, with the first line that has it.
  std::vector<ReadingsFault> warnings;
};

/// Empty lines are skipped. The first fault ends it.
std::expected<ReadingsFile, ReadingsFault> parseReadings(std::string_view text);

}  // namespace vardnav::rules
