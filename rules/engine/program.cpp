// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/program.h"

#include <algorithm>

#include "pipelines/model/digest.h"
#include "rules/engine/state.h"

namespace vardnav::rules {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};

constexpr Milliseconds kLongestDay{std::chrono::hours{25}};

class Compiler {
 public:
  explicit Compiler(const Rule& rule) : rule_(rule) {}

  Program compile() {
    // The loader refuses more levels.
    for (const Level& level :
         std::span(rule_.levels).first(std::min(rule_.levels.size(), kMaxLevels))) {
      program_.levels.push_back(
          {level.priority, level.isGated, at(program_.nodes.size()), level.persistence});
      program_.hasGate = program_.hasGate || level.isGated;
      add(level.when);
    }
    program_.clearRoot = at(program_.nodes.size());
    if (rule_.clear.when) add(*rule_.clear.when);
    for (const Code code : rule_.signals) program_.signals |= bitOf(code);
    if (rule_.schedule) {
      for (const Code code : rule_.schedule->signals) program_.scheduled |= bitOf(code);
    }
    program_.signals |= program_.scheduled;
    for (const AbsenceCode& absence : program_.absences) program_.signals |= absence.signals;
    program_.identity = identity();
    return std::move(program_);
  }

 private:
  static std::uint16_t at(std::size_t place) { return static_cast<std::uint16_t>(place); }

  std::uint64_t identity() const {
    DigestBuilder digest;
    const Key128 key =
        digest.add("vardnav-program").add(rule_.hash).add(std::uint64_t{rule_.version}).key();
    std::uint64_t folded = 0;
    for (std::size_t i = 0; i < 8; ++i) folded = folded << 8U | key.octets[i];
    return folded;
  }

  void add(const Condition& condition) {
    const std::size_t place = program_.nodes.size();
    program_.nodes.push_back({});
    Node node = std::visit([this](const auto& is) { return nodeOf(is); }, condition.is);
    node.condition = &condition;
    node.end = at(program_.nodes.size());
    program_.nodes[place] = node;
  }

  Node nodeOf(const Compare& compare) { return testNode(compare); }
  Node nodeOf(const Band& band) { return testNode(band); }
  Node nodeOf(const MeterSays& says) { return testNode(says); }

  Node nodeOf(const Repeated& repeated) {
    Node node = runNode(repeated.each);
    node.kind = NodeKind::kRepeated;
    node.atLeast = repeated.atLeast;
    node.span = at(program_.spans.size());
    program_.spans.push_back({repeated.window, repeated.spacing});
    SeriesCode& series = program_.series[program_.tests[node.test].series];
    if (repeated.window.count > 0 && repeated.spacing > Milliseconds{0}) {
      program_.keptOccasions.push_back(
          {program_.tests[node.test].series, repeated.window.count, repeated.spacing});
    }
    keep(series, repeated.window);
    return node;
  }

  Node nodeOf(const Consecutive& consecutive) {
    Node node = runNode(consecutive.each);
    node.kind = NodeKind::kConsecutive;
    node.atLeast = consecutive.count;
    keep(program_.series[program_.tests[node.test].series],
         {Milliseconds{0}, 0, consecutive.count});
    return node;
  }

  Node nodeOf(const AbsentFor& absent) {
    AbsenceCode code;
    for (const Code signal : absent.signals) code.signals |= bitOf(signal);
    code.duration = absent.duration;
    code.isFromTheFirst = absent.isFromTheFirst;
    Node node;
    node.kind = NodeKind::kAbsentFor;
    // The loader refuses more; the ones beyond share the last, rather than be out of bounds.
    if (program_.absences.size() < kMaxAbsences) program_.absences.push_back(code);
    node.absence = at(program_.absences.size() - 1);
    return node;
  }

  static Node nodeOf(const MissedSlots& missed) {
    Node node;
    node.kind = NodeKind::kMissedSlots;
    node.atLeast = missed.atLeast;
    return node;
  }

  static Node nodeOf(const PatientFact& fact) {
    Node node;
    node.kind = NodeKind::kFact;
    node.fact = fact.fact;
    return node;
  }

  Node nodeOf(const All& all) { return groupNode(NodeKind::kAll, all.of); }
  Node nodeOf(const Any& any) { return groupNode(NodeKind::kAny, any.of); }
  Node nodeOf(const Not& isNot) { return groupNode(NodeKind::kNot, isNot.of); }

  Node groupNode(NodeKind kind, const std::vector<Condition>& parts) {
    for (const Condition& part : parts) add(part);
    Node node;
    node.kind = kind;
    return node;
  }

  template <class T>
  Node testNode(const T& test) {
    Node node;
    node.test = addTest(test);
    return node;
  }

  Node runNode(const ReadingTest& each) {
    Node node;
    node.test = std::visit([this](const auto& test) { return addTest(test); }, each);
    std::vector<std::uint16_t>& runs = program_.series[program_.tests[node.test].series].runs;
    // The loader refuses more; the ones beyond share the last, rather than be out of bounds.
    if (runs.size() < kMaxRuns) runs.push_back(node.test);
    node.run = static_cast<std::uint8_t>(runs.size() - 1);
    return node;
  }

  std::uint16_t addTest(const Compare& compare) {
    TestCode code;
    code.kind = TestKind::kCompare;
    code.series = seriesOf(compare.series);
    code.is = compare.is;
    code.limits = addLimits(compare.limits);
    code.maximumAge = compare.maximumAge;
    code.measure = measureOf(compare.measure, code.series);
    return addTest(code);
  }

  std::uint16_t addTest(const Band& band) {
    TestCode code;
    code.kind = TestKind::kBand;
    code.series = seriesOf(band.series);
    code.isInside = band.isInside;
    code.isLowInside = band.isLowInside;
    code.isHighInside = band.isHighInside;
    code.limits = addLimits(band.low);
    code.high = addLimits(band.high);
    code.maximumAge = band.maximumAge;
    code.measure = measureOf(band.measure, code.series);
    return addTest(code);
  }

  std::uint16_t addTest(const MeterSays& says) {
    TestCode code;
    code.kind = TestKind::kMeterSays;
    code.series = seriesOf(says.series);
    code.isHigh = says.isHigh;
    code.isLow = says.isLow;
    code.isNotANumber = says.isNotANumber;
    return addTest(code);
  }

  std::uint16_t addTest(const TestCode& code) {
    program_.tests.push_back(code);
    return at(program_.tests.size() - 1);
  }

  LimitRange addLimits(const std::vector<Quantity>& limits) {
    const LimitRange range{at(program_.limits.size()), at(limits.size())};
    program_.limits.insert(program_.limits.end(), limits.begin(), limits.end());
    return range;
  }

  std::uint8_t seriesOf(const Series& series) {
    for (std::size_t i = 0; i < program_.series.size(); ++i) {
      if (program_.series[i].series == series) return static_cast<std::uint8_t>(i);
    }
    SeriesCode code;
    code.series = series;
    code.needsDay = series.pick != Pick::kEvery;
    program_.series.push_back(code);
    return static_cast<std::uint8_t>(program_.series.size() - 1);
  }

  static bool isUnbounded(const Window& window) {
    return window.elapsed == Milliseconds{0} && window.localDays == 0;
  }

  static void keep(SeriesCode& series, const Window& window) {
    if (window.localDays > 0) series.needsDay = true;
    if (isUnbounded(window)) {
      series.kept.count = std::max(series.kept.count, window.count);
      return;
    }
    Milliseconds reach = window.elapsed;
    const Milliseconds days = window.localDays * kLongestDay;
    if (window.elapsed == Milliseconds{0} || (window.localDays > 0 && days < reach)) reach = days;
    series.kept.elapsed = std::max(series.kept.elapsed, reach);
  }

  void setBaseline(MeasureCode& code, const RollingBaseline& rolling, SeriesCode& series) {
    code.statistic = rolling.statistic;
    code.window = rolling.window;
    code.leaveOutNewest = rolling.leaveOutNewest;
    code.leaveOutDays = rolling.leaveOutDays;
    code.minimumCount = rolling.minimumCount;
    if (rolling.leaveOutDays > 0) series.needsDay = true;
    keep(series, rolling.window);
  }

  void setBaseline(MeasureCode& code, const Baseline& baseline, SeriesCode& series) {
    if (const auto* rolling = std::get_if<RollingBaseline>(&baseline)) {
      return setBaseline(code, *rolling, series);
    }
    code.isPrescribed = true;
    const std::string& name = std::get<PrescribedBaseline>(baseline).name;
    const auto known = std::ranges::find(program_.prescribed, name);
    code.prescribed = at(static_cast<std::size_t>(known - program_.prescribed.begin()));
    if (known == program_.prescribed.end()) program_.prescribed.push_back(name);
  }

  MeasureCode measureOf(const Measure& measure, std::size_t place) {
    SeriesCode& series = program_.series[place];
    MeasureCode code;
    std::visit(Overloaded{
                   [](const NewestValue&) {},
                   [&](const Rise& rise) { setDelta(code, MeasureKind::kRise, rise, series); },
                   [&](const Fall& fall) { setDelta(code, MeasureKind::kFall, fall, series); },
                   [&](const WindowStatistic& of) {
                     code.kind = MeasureKind::kWindowStatistic;
                     code.statistic = of.statistic;
                     setWindow(code, of.window, of.minimumCount, series);
                   },
                   [&](const PercentOf& of) {
                     code.kind = MeasureKind::kPercentOf;
                     setBaseline(code, of.baseline, series);
                   },
                   [&](const DifferenceFrom& from) {
                     code.kind = MeasureKind::kDifferenceFrom;
                     setBaseline(code, from.baseline, series);
                   },
                   [&](const ZScore& score) {
                     code.kind = MeasureKind::kZScore;
                     setBaseline(code, score.baseline, series);
                   },
                   [&](const Slope& slope) {
                     code.kind = MeasureKind::kSlope;
                     code.per = slope.per;
                     setWindow(code, slope.window, slope.minimumCount, series);
                   },
                   [&](const MovingAverageDrift& drift) {
                     code.kind = MeasureKind::kMovingAverageDrift;
                     code.shortCount = drift.shortCount;
                     code.longCount = drift.longCount;
                     setWindow(code, drift.window, drift.longCount, series);
                   },
                   [&](const EwmaDrift& drift) {
                     code.kind = MeasureKind::kEwmaDrift;
                     code.weight = at(program_.weights.size());
                     program_.weights.push_back(drift.weight);
                     setWindow(code, drift.window, drift.minimumCount, series);
                   },
               },
               measure);
    return code;
  }

  template <class Delta>
  static void setDelta(MeasureCode& code, MeasureKind kind, const Delta& delta,
                       SeriesCode& series) {
    code.kind = kind;
    code.isPercent = delta.isPercent;
    setWindow(code, delta.window, 2, series);
  }

  static void setWindow(MeasureCode& code, const Window& window, std::uint16_t minimumCount,
                        SeriesCode& series) {
    code.window = window;
    code.minimumCount = minimumCount;
    keep(series, window);
  }

  const Rule& rule_;
  Program program_;
};

template <class T>
std::size_t bytesOf(const std::vector<T>& table) {
  return table.capacity() * sizeof(T);
}

}  // namespace

std::size_t Program::bytes() const {
  std::size_t total = sizeof(Program) + bytesOf(nodes) + bytesOf(tests) + bytesOf(limits) +
                      bytesOf(spans) + bytesOf(keptOccasions) + bytesOf(weights) + bytesOf(series) +
                      bytesOf(absences) + bytesOf(prescribed) + bytesOf(levels);
  for (const SeriesCode& code : series) {
    total += bytesOf(code.runs);
  }
  return total;
}

Program compileProgram(const Rule& rule) {
  Program program = Compiler(rule).compile();
  program.nodes.shrink_to_fit();
  program.tests.shrink_to_fit();
  program.limits.shrink_to_fit();
  program.keptOccasions.shrink_to_fit();
  program.spans.shrink_to_fit();
  program.weights.shrink_to_fit();
  program.series.shrink_to_fit();
  program.absences.shrink_to_fit();
  program.levels.shrink_to_fit();
  program.prescribed.shrink_to_fit();
  for (SeriesCode& series : program.series) {
    series.runs.shrink_to_fit();
  }
  return program;
}

}  // namespace vardnav::rules
