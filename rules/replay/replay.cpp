// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/replay/replay.h"

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "rules/engine/engine.h"
#include "rules/engine/history.h"

namespace vardnav::rules {
namespace {

// An outage's backlog reads some hundred readings again for each that is late; a file in the wrong
// order reads all of them, and is told so within seconds.
constexpr std::size_t kReadAgainAtLeast = 1'000'000;
constexpr std::size_t kReadAgainOfEach = 250;

/// What has arrived so far, newest revisions only.
class PastReadings final : public History {
 public:
  explicit PastReadings(std::size_t mostReadAgain) : mostReadAgain_(mostReadAgain) {}

  /// Both outlive this.
  Result<void> replace(std::span<const Observation> was, std::span<const Observation> is) {
    for (const Observation& observation : was) {
      byCode_[observation.code].erase({observation.at, observation.reading});
    }
    for (const Observation& observation : is) {
      auto& readings = byCode_[observation.code];
      readings[{observation.at, observation.reading}] = &observation;
      std::size_t atOnce = 0;
      for (auto i = readings.lower_bound({observation.at, ReadingKey{}});
           i != readings.end() && i->first.first == observation.at; ++i) {
        ++atOnce;
      }
      if (atOnce > kMaxAtOnce) {
        return fail(ErrorCode::kInvalidInput,
                    "more than 100 readings of " + std::string(nameOf(observation.code)) + " at " +
                        toRfc3339(observation.at) + ": give each its own time");
      }
    }
    return {};
  }

  Result<std::vector<Observation>> observations(const PersonId&, Code code, UtcTime from,
                                                UtcTime until) const override {
    std::vector<Observation> found;
    const auto readings = byCode_.find(code);
    if (readings == byCode_.end()) return found;
    const auto end = readings->second.end();
    for (auto i = readings->second.lower_bound({from, ReadingKey{}});
         i != end && i->first.first <= until; ++i) {
      found.push_back(*i->second);
    }
    readAgain_ += found.size();
    if (readAgain_ > mostReadAgain_) {
      return fail(ErrorCode::kInvalidInput,
                  "too many readings out of order: put the lines in the order of at");
    }
    return found;
  }

 private:
  using Place = std::pair<UtcTime, ReadingKey>;
  std::map<Code, std::map<Place, const Observation*>> byCode_;
  std::size_t mostReadAgain_;
  mutable std::size_t readAgain_ = 0;
};

/// One rule's way through the file.
class Run {
 public:
  /// All outlive this.
  Run(const Lineage& lineage, const Context& context, const History& past, UtcTime since,
      const ReplayLimits& limits)
      : lineage_(lineage), context_(context), past_(past), limits_(limits), state_(begin(since)) {
    for (std::size_t code = 0; code < concerned_.size(); ++code) {
      concerned_[code] = code < 32 && rules::concerns(lineage, static_cast<Code>(code));
    }
  }

  Result<void> take(const Arrival& arrival) {
    const auto isConcerned = [&](const Observation& observation) {
      return concerned_[static_cast<std::size_t>(observation.code)];
    };
    if (std::ranges::none_of(arrival.reading, isConcerned)) return {};
    if (auto goes = goOn(); !goes) return goes;
    isDueKnown_ = false;
    return keep(
        arrive(lineage_, context_, state_, {arrival.reading, arrival.was}, past_, arrival.told));
  }

  Result<void> runClock(UtcTime until, bool isIncluded) {
    for (;;) {
      if (!isDueKnown_) due_ = nextDue(lineage_, context_, state_);
      isDueKnown_ = true;
      if (!due_) return {};
      const UtcTime now = toldAt(state_, *due_, until);
      if (now > until || (now == until && !isIncluded)) return {};
      if (auto goes = goOn(); !goes) return goes;
      isDueKnown_ = false;
      if (auto done = keep(advance(lineage_, context_, state_, past_, now)); !done) return done;
    }
  }

  std::vector<Verdict>& told() { return told_; }

 private:
  Result<void> keep(Result<std::vector<Verdict>> verdicts) {
    if (!verdicts) return std::unexpected(verdicts.error());
    std::ranges::move(*verdicts, std::back_inserter(told_));
    if (told_.size() > limits_.toldLines) {
      return fail(ErrorCode::kInvalidInput, "rule " + lineage_.id().value + " tells more than " +
                                                std::to_string(limits_.toldLines) +
                                                " lines: shorten the time from start to end");
    }
    return {};
  }

  Result<void> goOn() const {
    if (!limits_.isTimeUp || !limits_.isTimeUp()) return {};
    return fail(ErrorCode::kTimeout,
                "the replay takes too long: shorten the time from start to "
                "end, or replay fewer rules");
  }

  const Lineage& lineage_;
  const Context& context_;
  const History& past_;
  const ReplayLimits& limits_;
  RuleState state_;
  std::optional<UtcTime> due_;  ///< next, while the state stays as it is
  bool isDueKnown_ = false;
  std::bitset<256> concerned_;  ///< by the octet of the code
  std::vector<Verdict> told_;
};

Result<void> take(const Arrival& arrival, UtcTime until, PastReadings& past, std::span<Run> runs) {
  // The clock first, but not what falls due at this very time: both ends of a gate, a slot and a
  // grace are included.
  for (Run& run : runs) {
    if (auto done = run.runClock(std::min(arrival.told, until), arrival.told > until); !done) {
      return done;
    }
  }
  if (auto done = past.replace(arrival.was, arrival.reading); !done) return done;
  for (Run& run : runs) {
    if (auto done = run.take(arrival); !done) return done;
  }
  return {};
}

std::string versionOf(const RuleId& rule, std::uint32_t version) {
  return "rule " + rule.value + " version " + std::to_string(version);
}

}  // namespace

std::expected<std::vector<Lineage>, std::string> lineagesOf(std::vector<Rule> rules,
                                                            const ContextFile& context) {
  std::map<RuleId, std::map<std::uint32_t, RuleVersion>> byId;
  for (Rule& rule : rules) {
    const RuleId id = rule.id;
    const std::uint32_t version = rule.version;
    if (!byId[id].try_emplace(version, RuleVersion{std::move(rule)}).second) {
      return std::unexpected(versionOf(id, version) + " is there twice");
    }
  }
  std::map<RuleId, std::set<std::uint32_t>> dated;
  for (const VersionInForce& in : context.versions) {
    const auto rule = byId.find(in.rule);
    if (rule == byId.end()) continue;  // a context may speak of more rules than are replayed
    const auto version = rule->second.find(in.version);
    if (version == rule->second.end()) continue;  // nor of the same, as of a draft's predecessors
    version->second.effectiveFrom = in.effectiveFrom;
    dated[in.rule].insert(in.version);
  }
  std::vector<Lineage> lineages;
  for (auto& [id, versions] : byId) {
    std::vector<RuleVersion> list;
    for (auto& [number, version] : versions) {
      if (versions.size() > 1 && !dated[id].contains(number)) {
        return std::unexpected(versionOf(id, number) +
                               " is one of several: give each an effective_from in the context");
      }
      for (std::size_t i = 0; i < context.context.pauses.size(); ++i) {
        if (const auto refusal = refusalOf(context.context.pauses[i], version.rule)) {
          return std::unexpected("/pauses/" + std::to_string(i) + ": " + *refusal);
        }
      }
      list.push_back(std::move(version));
    }
    lineages.emplace_back(std::move(list));
  }
  return lineages;
}

Result<std::vector<Verdict>> replay(std::span<const Lineage> lineages, const Context& context,
                                    const Arrivals& arrivals, const ReplaySpan& span,
                                    const ReplayLimits& limits) {
  std::vector<Verdict> told;
  if (arrivals.list.empty() && (!span.from || !span.until)) return told;
  const UtcTime since = span.from ? *span.from : arrivals.list.front().reading.front().at;
  const UtcTime until = span.until ? *span.until : arrivals.list.back().told;
  if (until - since > kMaxReplaySpan) {
    return fail(ErrorCode::kInvalidInput, "more than 100 years from " + toRfc3339(since) + " to " +
                                              toRfc3339(until) +
                                              ": correct the times, or choose --from and --until");
  }
  PastReadings past(
      std::min(limits.readAgain,
               kReadAgainAtLeast + kReadAgainOfEach * arrivals.list.size() * lineages.size()));
  std::vector<Run> runs;
  runs.reserve(lineages.size());
  for (const Lineage& lineage : lineages) {
    runs.emplace_back(lineage, context, past, since, limits);
  }
  for (const Arrival& arrival : arrivals.list) {
    if (auto done = take(arrival, until, past, runs); !done) return std::unexpected(done.error());
  }
  for (Run& run : runs) {
    if (auto done = run.runClock(until, true); !done) return std::unexpected(done.error());
    std::ranges::move(run.told(), std::back_inserter(told));
  }
  std::ranges::stable_sort(told, {}, &Verdict::told);
  return told;
}

Milliseconds spanOf(const Arrivals& arrivals, const ReplaySpan& span) {
  std::optional<UtcTime> first = span.from;
  std::optional<UtcTime> last = span.until;
  for (const Arrival& arrival : arrivals.list) {
    for (const Observation& observation : arrival.reading) {
      if (!span.from && (!first || observation.at < *first)) first = observation.at;
      if (!span.until && (!last || observation.at > *last)) last = observation.at;
    }
  }
  return first && last ? std::max(*last - *first, Milliseconds{0}) : Milliseconds{0};
}

}  // namespace vardnav::rules
