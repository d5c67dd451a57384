// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// How rules speak: numbers, quantities, times and conditions in Swedish or English. Different
// conditions never read the same (sentence_test.cpp). Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/model/observation.h"
#include "rules/document/condition.h"
#include "rules/speech/language.h"

namespace vardnav::rules {

/// Swedish puts "inte" elsewhere in a clause that follows "om", "när" or "att".
enum class Clause : std::uint8_t { kMain, kSubordinate };

class Speech {
 public:
  explicit Speech(Language language, Clause clause = Clause::kSubordinate)
      : language_(language), clause_(clause) {}

  /// The one that is spoken.
  std::string_view say(std::string_view sv, std::string_view en) const;

  std::string number(const Decimal& number) const;  ///< "−1,645"
  std::string quantity(const Quantity& quantity) const;
  /// A difference: of percentages in percentage points.
  std::string distance(const Quantity& quantity) const;
  std::string duration(Milliseconds duration) const;       ///< "24 timmar"
  std::string lastFor(Milliseconds duration) const;        ///< "under de senaste 24 timmarna"
  std::string timeOfDay(std::chrono::minutes time) const;  ///< "06.00"
  /// "a, b eller c"
  std::string list(const std::vector<std::string>& parts, std::string_view last) const;
  std::string signal(Code code) const;  ///< "blodsockret"
  std::string signals(std::span<const Code> codes, std::string_view last) const;
  std::string fact(Fact fact, bool isMarked = true) const;  ///< "patienten har syrgas"
  std::string value(const Value& value, Unit unit) const;
  /// Of an answer "ja" or "nej", where it is a number.
  std::string value(const Value& value, Unit unit, Code code) const;
  std::string prescribed(const std::string& name) const;  ///< "patientens bästa FEV1"
  /// The condition is no more than that an answer is yes.
  static bool asksYes(const Compare& compare);

  /// What a comparison is of, as a noun: "medelvärdet av …".
  std::string subject(const Series& series, const Measure& measure, Milliseconds maximumAge) const;
  std::string limit(const Compare& compare) const;  ///< "under 3,9 mmol/L (70 mg/dL)"
  std::string limit(const Band& band) const;        ///< "minst 86 % men under 88 %"

  /// Inside others, compound ones stand in parentheses.
  std::string condition(const Condition& condition, bool isInner = false) const;

 private:
  std::string series(const Series& series, Milliseconds maximumAge) const;
  std::string window(const Window& window) const;
  std::string atLeastReadings(std::uint16_t count) const;  ///< " (minst 7 mätningar)"
  std::string statistic(Statistic statistic) const;
  std::string baseline(const RollingBaseline& baseline, Statistic statistic) const;
  std::string baseline(const Baseline& baseline) const;
  std::string quantities(const std::vector<Quantity>& limits, const Measure& measure) const;
  std::string from(const Compare& compare, const std::string& base) const;
  std::string joined(const std::vector<Condition>& parts, std::string_view word) const;
  std::string test(const ReadingTest& test) const;

  std::string phrase(const Compare& compare) const;
  std::string phrase(const Band& band) const;
  std::string phrase(const MeterSays& says) const;
  std::string phrase(const Repeated& repeated) const;
  std::string phrase(const Consecutive& run) const;
  std::string phrase(const AbsentFor& absent) const;
  std::string phrase(const MissedSlots& missed) const;
  std::string phrase(const PatientFact& marked) const;
  std::string phrase(const All& all) const;
  std::string phrase(const Any& any) const;
  std::string phrase(const Not& part) const;

  struct Subject;  // speech_measures.cpp
  Language language_;
  Clause clause_;
};

}  // namespace vardnav::rules
