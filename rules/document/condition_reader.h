// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Conditions of a rule document → Condition. What fits is checked here (units, windows, counts);
// what contradicts, in contradiction.h. Included by .cpp files only (JSON). Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "rules/document/condition.h"
#include "rules/document/document_reader.h"

namespace vardnav::rules {

class ConditionReader {
 public:
  Condition read(Reader reader) { return read(reader, 1); }

  /// Every signal a condition read so far has named, in the order of naming.
  const std::vector<Code>& signals() const { return signals_; }
  bool namesSchedule() const { return namesSchedule_; }

 private:
  Condition read(Reader& reader, std::size_t depth);
  std::vector<Condition> readParts(Reader& reader, std::string_view name, std::size_t depth);
  ReadingTest readTest(Reader reader);
  ReadingTest readMeasure(Reader& reader);
  MeterSays readMeterSays(Reader& reader);
  Repeated readRepeated(Reader reader);
  Consecutive readConsecutive(Reader reader);
  AbsentFor readAbsent(Reader reader);
  Series readSeries(Reader& reader);
  void note(Code signal);

  std::size_t count_ = 0;
  std::vector<Code> signals_;
  bool hasKnownSignal_ = false;  ///< of the series read last
  bool namesSchedule_ = false;
};

}  // namespace vardnav::rules
