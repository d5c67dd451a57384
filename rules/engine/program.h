// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A rule as the engine runs it: flat tables made once from rule.h. Conditions stand in preorder, a
// condition before its parts, levels first, then the clear condition; that is also the order of
// Verdict::truths. Never changed after compileProgram(); any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rules/document/rule.h"

namespace vardnav::rules {

/// Of Program::limits.
struct LimitRange {
  std::uint16_t first = 0;
  std::uint16_t count = 0;
};

enum class MeasureKind : std::uint8_t {
  kNewest,
  kRise,
  kFall,
  kWindowStatistic,
  kPercentOf,
  kDifferenceFrom,
  kZScore,
  kSlope,
  kMovingAverageDrift,
  kEwmaDrift,
};

/// A measure of condition.h with all its variants in one.
struct MeasureCode {
  MeasureKind kind = MeasureKind::kNewest;
  Statistic statistic = Statistic::kMean;
  bool isPercent = false;
  bool isPrescribed = false;
  std::uint16_t prescribed = 0;  ///< of Program::prescribed
  std::uint16_t minimumCount = 0;
  std::uint16_t leaveOutNewest = 0;
  std::uint16_t leaveOutDays = 0;
  std::uint16_t shortCount = 0;
  std::uint16_t longCount = 0;
  std::uint16_t weight = 0;  ///< of Program::weights
  Window window;
  Milliseconds per{0};

  /// Only the newest reading, which HI, LO and an unanchored time do not spoil.
  bool isSingleValue() const { return kind == MeasureKind::kNewest; }
};

enum class TestKind : std::uint8_t { kCompare, kBand, kMeterSays };

/// What one reading is asked.
struct TestCode {
  TestKind kind = TestKind::kCompare;
  std::uint8_t series = 0;
  Comparison is = Comparison::kBelow;
  bool isInside = true;
  bool isLowInside = true;
  bool isHighInside = true;
  bool isHigh = false;
  bool isLow = false;
  bool isNotANumber = false;
  LimitRange limits;  ///< of a band its low end
  LimitRange high;
  Milliseconds maximumAge{0};
  MeasureCode measure;
};

enum class NodeKind : std::uint8_t {
  kTest,
  kRepeated,
  kConsecutive,
  kAbsentFor,
  kMissedSlots,
  kFact,
  kAll,
  kAny,
  kNot,
};

struct Node {
  NodeKind kind = NodeKind::kTest;
  std::uint8_t run = 0;  ///< kRepeated, kConsecutive: of its series
  Fact fact = Fact::kInsulinOrSulphonylurea;
  std::uint16_t end = 0;                 ///< behind its last part
  std::uint16_t test = 0;                ///< of Program::tests
  std::uint16_t atLeast = 0;             ///< kConsecutive: the count
  std::uint16_t absence = 0;             ///< of Program::absences
  std::uint16_t span = 0;                ///< kRepeated: of Program::spans
  const Condition* condition = nullptr;  ///< of the Rule that it was made from
};

/// Over what a run is counted.
struct SpanCode {
  Window window;
  Milliseconds spacing{0};
};

/// How much of a series must be kept behind its newest reading.
struct Reach {
  Milliseconds elapsed{0};
  std::uint16_t count = 1;
};

/// Occasions may hold any number of readings.
struct OccasionReach {
  std::uint8_t series = 0;
  std::uint16_t count = 0;
  Milliseconds spacing{0};
};

struct SeriesCode {
  Series series;
  bool needsDay = false;
  Reach kept;
  /// Tests whose answers each sample keeps, by run.
  std::vector<std::uint16_t> runs;
};

struct AbsenceCode {
  std::uint32_t signals = 0;  ///< bit per Code
  Milliseconds duration{0};
  bool isFromTheFirst = false;
};

struct LevelCode {
  Priority priority = Priority::kP3;
  bool isGated = false;
  std::uint16_t root = 0;
  Milliseconds persistence{0};
};

struct Program {
  std::vector<Node> nodes;
  std::vector<TestCode> tests;
  std::vector<Quantity> limits;
  std::vector<SpanCode> spans;
  std::vector<Decimal> weights;  ///< of kEwmaDrift
  std::vector<SeriesCode> series;
  std::vector<OccasionReach> keptOccasions;
  std::vector<AbsenceCode> absences;
  std::vector<std::string> prescribed;  ///< names
  std::vector<LevelCode> levels;
  std::uint16_t clearRoot = 0;  ///< nodes.size(): none
  std::uint32_t signals = 0;    ///< bit per Code that the rule listens to
  std::uint32_t scheduled = 0;  ///< bit per Code that serves a slot
  bool hasGate = false;
  /// Sets versions apart in a stored state.
  std::uint64_t identity = 0;

  std::size_t bytes() const;  ///< in memory, all tables
};

constexpr std::uint32_t bitOf(Code code) { return 1U << static_cast<unsigned>(code); }

/// `rule` is kept by the caller as long as the program: nodes point into it.
Program compileProgram(const Rule& rule);

}  // namespace vardnav::rules
