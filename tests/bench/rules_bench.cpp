// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One in-order reading judged by one shipped template, its state updated, history never read: each
// template by itself, and the median over all of them against its floor of two million a second.
//
// Octets for each rule and patient, three figures:
//   table_and_state   the compiled table and what judging the next reading in order needs of the
//                     state, held to 4 KiB. What waits for the end of a pause is told in it.
//   with_checkpoints  the same and the earlier states that the state carries (checkpoints.h), up to
//                     eight. No reading in order looks at them; they spare late data the way over
//                     all of history, and a store that has little room could leave them out.
//   stored            the text that the stores keep of all of the state, checkpoints included.
//
// And a patient-year, five signals of four readings a day each under twenty rules that each listen
// to some of them, by replay() as `vardnavctl rules replay` and the API call it; beside it the same
// from the text of a readings file.
#include <benchmark/benchmark.h>

#include <time.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "rules/document/rule_set.h"
#include "rules/engine/engine.h"
#include "rules/engine/program.h"
#include "rules/replay/replay.h"

namespace vardnav::rules {
namespace {

using std::chrono::hours;

constexpr double kLimitNanoseconds = 500;
constexpr double kMostBytes = 4096;
constexpr double kYearLimitNanoseconds = 50e6;
constexpr std::size_t kReadings = 4096;

class NoHistory final : public History {
 public:
  mutable std::size_t reads = 0;
  Result<std::vector<Observation>> observations(const PersonId&, Code, UtcTime,
                                                UtcTime) const override {
    ++reads;
    return std::vector<Observation>{};
  }
};

std::map<std::string, Rule> templates() {
  std::map<std::string, Rule> rules;
  for (const auto& entry :
       std::filesystem::directory_iterator(VARDNAV_SOURCE_DIR "/rules/templates")) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path());
    std::ostringstream text;
    text << file.rdbuf();
    auto compiled = compileAny(text.str());
    if (compiled) rules.emplace(entry.path().stem().string(), compiled->front());
  }
  return rules;
}

/// What a stable patient measures.
struct Usual {
  int mantissa;
  int exponent;
  int spread;
  Unit unit;
};

Usual usualOf(Code code) {
  switch (code) {
    case Code::kGlucose:
      return {68, -1, 12, Unit::kMillimolePerLitre};
    case Code::kKetone:
      return {2, -1, 2, Unit::kMillimolePerLitre};
    case Code::kWeight:
      return {8130, -2, 40, Unit::kKilogram};
    case Code::kFev1:
    case Code::kFev6:
    case Code::kFvc:
      return {241, -2, 9, Unit::kLitre};
    case Code::kPef:
      return {330, 0, 12, Unit::kLitrePerMinute};
    case Code::kSpo2:
      return {97, 0, 1, Unit::kPercent};
    case Code::kSystolic:
      return {122, 0, 8, Unit::kMillimetreOfMercury};
    case Code::kDiastolic:
    case Code::kMeanArterial:
      return {78, 0, 5, Unit::kMillimetreOfMercury};
    case Code::kPulse:
      return {72, 0, 6, Unit::kPerMinute};
    case Code::kTemperature:
      return {367, -1, 3, Unit::kDegreeCelsius};
    default:
      return {0, 0, 1, Unit::kOne};
  }
}

/// Four a day in turn of the signals, from the same seed for ever.
std::vector<Observation> readingsOf(const std::vector<Code>& codes, std::size_t count,
                                    Milliseconds apart) {
  std::vector<Observation> readings;
  UtcTime at = parseRfc3339("2026-01-01T05:10:00Z").value();
  std::uint32_t random = 12345;
  for (std::size_t i = 0; i < count; ++i) {
    random = random * 1664525U + 1013904223U;
    const Usual usual = usualOf(codes[i % codes.size()]);
    const int off = static_cast<int>(random >> 16U) % (2 * usual.spread + 1) - usual.spread;
    Observation observation;
    observation.reading.octets[0] = static_cast<std::uint8_t>(i >> 16U);
    observation.reading.octets[1] = static_cast<std::uint8_t>(i >> 8U);
    observation.reading.octets[2] = static_cast<std::uint8_t>(i);
    observation.code = codes[i % codes.size()];
    observation.value = Value::of({std::max(usual.mantissa + off, 0), usual.exponent});
    observation.unit = usual.unit;
    observation.person = PersonId("p-1");
    observation.at = at;
    observation.receivedAt = at;
    readings.push_back(observation);
    at += apart;
  }
  return readings;
}

Context contextOf(const Rule& rule) {
  Context context;
  context.person = PersonId("p-1");
  const UtcTime start{};
  context.prescribed["fev1-personal-best"] = {{{{250, -2}, Unit::kLitre}, start}};
  context.prescribed["pef-personal-best"] = {{{{340, 0}, Unit::kLitrePerMinute}, start}};
  for (const std::string& need : rule.needs) {
    context.prescribed.try_emplace(
        need, std::vector{Prescribed{{{94, 0}, rowOf(rule.signal).unit}, start}});
  }
  for (const Fact fact : rule.needsFacts) context.facts[fact] = {{true, start}};
  return context;
}

std::size_t bytesOf(const RuleState& state) {
  std::size_t bytes = sizeof(RuleState) + state.newestValid.capacity() * sizeof(UtcTime) +
                      state.series.capacity() * sizeof(SeriesState);
  for (const SeriesState& series : state.series) {
    bytes += series.samples.capacity() * sizeof(Sample);
  }
  bytes += state.unspoken.capacity() * sizeof(Unspoken);
  for (const Unspoken& one : state.unspoken) bytes += one.verdict.why.sv.size() * 2;
  return bytes;
}

std::size_t checkpointBytesOf(const RuleState& state) {
  std::size_t bytes = 0;
  for (const Checkpoint& checkpoint : state.checkpoints.all()) {
    bytes += sizeof(Checkpoint) + checkpoint.text.capacity();
  }
  return bytes;
}

/// The most that was seen of each.
struct Octets {
  std::size_t table = 0;
  std::size_t inOrder = 0;
  std::size_t withCheckpoints = 0;
  std::size_t stored = 0;

  void look(const RuleState& state) {
    const std::size_t bytes = table + bytesOf(state);
    inOrder = std::max(inOrder, bytes);
    withCheckpoints = std::max(withCheckpoints, bytes + checkpointBytesOf(state));
    stored = std::max(stored, encode(state).size());
  }
};

void judgeInOrder(benchmark::State& bench, const Rule& rule) {
  const Lineage lineage(rule);
  const Context context = contextOf(rule);
  const auto readings = readingsOf(rule.signals, kReadings, hours{6});
  const NoHistory history;
  RuleState state = begin(readings.front().at);
  Octets octets{.table = lineage.versions().front()->program->bytes()};
  std::size_t reads = 0;
  std::size_t next = 0;
  for (auto _ : bench) {
    if (next == readings.size()) {
      bench.PauseTiming();
      state = begin(readings.front().at);
      next = 0;
      bench.ResumeTiming();
    }
    const Observation& reading = readings[next];
    if (next == 1) reads = history.reads;
    auto told = arrive(lineage, context, state, {std::span(&reading, 1), {}}, history, reading.at);
    benchmark::DoNotOptimize(told);
    if (next > 0 && history.reads != reads) bench.SkipWithError("history is read");
    ++next;
    if (next % 512 == 0) {
      bench.PauseTiming();
      octets.look(state);
      bench.ResumeTiming();
    }
  }
  octets.look(state);
  bench.counters["table_and_state_bytes"] = static_cast<double>(octets.inOrder);
  bench.counters["with_checkpoints_bytes"] = static_cast<double>(octets.withCheckpoints);
  bench.counters["stored_bytes"] = static_cast<double>(octets.stored);
  bench.counters["table_bytes"] = static_cast<double>(octets.table);
  bench.counters["per_second"] =
      benchmark::Counter(1, benchmark::Counter::kIsIterationInvariantRate);
  if (static_cast<double>(octets.inOrder) > kMostBytes) {
    bench.SkipWithError(("more than 4096 octets: " + std::to_string(octets.inOrder)).c_str());
  }
}

/// Of this thread: other programs on the machine do not count.
double processorNanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

/// Nanoseconds for each of all templates, a fixed number of readings.
void medianOfTemplates(benchmark::State& bench) {
  std::vector<double> each;
  const NoHistory history;
  for (auto _ : bench) {
    each.clear();
    for (const auto& [name, rule] : templates()) {
      const Lineage lineage(rule);
      const Context context = contextOf(rule);
      const auto readings = readingsOf(rule.signals, kReadings, hours{6});
      RuleState state = begin(readings.front().at);
      const double start = processorNanoseconds();
      for (const Observation& reading : readings) {
        auto told =
            arrive(lineage, context, state, {std::span(&reading, 1), {}}, history, reading.at);
        benchmark::DoNotOptimize(told);
      }
      const double took = processorNanoseconds() - start;
      each.push_back(took / static_cast<double>(readings.size()));
    }
    std::ranges::sort(each);
    bench.SetIterationTime(each[each.size() / 2] * 1e-9);
  }
  bench.counters["templates"] = static_cast<double>(each.size());
  bench.counters["slowest_ns"] = each.back();
  if (each[each.size() / 2] >= kLimitNanoseconds) bench.SkipWithError("under two million a second");
}
BENCHMARK(medianOfTemplates)->UseManualTime()->Iterations(5);

constexpr std::size_t kYearRules = 20;

struct Year {
  std::vector<Lineage> lineages;
  Context context;
  std::string file;
  std::size_t lines = 0;
};

/// 5 signals × 4 a day × 365 days, and 20 rules that listen to one of them at least: of the shipped
/// ones all that do, and as another prescriber has them once more until there are 20.
Year yearOf() {
  const std::vector<Code> codes = {Code::kGlucose, Code::kWeight, Code::kFev1, Code::kSystolic,
                                   Code::kSpo2};
  Year year;
  year.context.person = PersonId("p-1");
  std::vector<Rule> rules;
  for (auto& [name, rule] : templates()) {
    const bool listens = std::ranges::any_of(codes, [&](Code code) {
      return std::ranges::find(rule.signals, code) != rule.signals.end();
    });
    if (listens) rules.push_back(rule);
  }
  for (std::size_t i = 0; year.lineages.size() < kYearRules; ++i) {
    Rule rule = rules[i % rules.size()];
    if (i >= rules.size()) rule.id.value += "-again";
    const Context context = contextOf(rule);
    year.context.prescribed.insert(context.prescribed.begin(), context.prescribed.end());
    year.context.facts.insert(context.facts.begin(), context.facts.end());
    year.lineages.emplace_back(std::move(rule));
  }
  for (const Observation& reading : readingsOf(codes, 5 * 4 * 365, std::chrono::minutes{72})) {
    year.file += formatReadingLine(readingLineOf(reading)) + "\n";
    ++year.lines;
  }
  return year;
}

void replayYear(benchmark::State& bench) {
  const Year year = yearOf();
  const Arrivals arrivals = arrivalsOf(parseReadings(year.file).value(), year.context.person);
  std::size_t told = 0;
  for (auto _ : bench) told = replay(year.lineages, year.context, arrivals, {}).value().size();
  bench.counters["told"] = static_cast<double>(told);
  bench.counters["readings"] = static_cast<double>(year.lines);
  bench.counters["limit_ns"] = kYearLimitNanoseconds;
}
BENCHMARK(replayYear)->Unit(benchmark::kNanosecond);

void replayYearFromFile(benchmark::State& bench) {
  const Year year = yearOf();
  for (auto _ : bench) {
    const auto file = parseReadings(year.file);
    const Arrivals arrivals = arrivalsOf(file.value(), year.context.person);
    auto told = replay(year.lineages, year.context, arrivals, {});
    benchmark::DoNotOptimize(told);
  }
}
BENCHMARK(replayYearFromFile)->Unit(benchmark::kNanosecond);

[[maybe_unused]] const bool kRegistered = [] {
  for (const auto& [name, rule] : templates()) {
    benchmark::RegisterBenchmark(("judge/" + name).c_str(), judgeInOrder, rule);
  }
  return true;
}();

}  // namespace
}  // namespace vardnav::rules
