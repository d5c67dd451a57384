// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The text of a rule's state, as a damaged database gives it back: refused, or something that the
// engine can go on from, whatever it says. What is taken writes and reads back the same.
#include <algorithm>
#include <cstdlib>

#include "rules/document/rule_set.h"
#include "rules/engine/acts.h"
#include "rules/engine/late_data.h"
#include "rules/engine/program.h"

namespace {

using namespace vardnav;
using namespace vardnav::rules;

void require(bool holds) {
  if (!holds) std::abort();
}

class NoHistory final : public History {
 public:
  Result<std::vector<Observation>> observations(const PersonId& /*person*/, Code /*code*/,
                                                UtcTime /*from*/,
                                                UtcTime /*until*/) const override {
    return std::vector<Observation>{};
  }
};

Compare below(const char* limit) {
  Compare compare;
  compare.is = Comparison::kBelow;
  compare.limits = {{Decimal::parse(limit).value(), Unit::kMillimolePerLitre}};
  return compare;
}

/// Two levels (a state may speak of three), a gate, a cool-down, windows, a run and an absence.
Lineage lineageOf() {
  Rule rule;
  rule.id = RuleId("rule");
  rule.hash = "1";
  rule.signals = {Code::kGlucose};
  rule.coolDown = std::chrono::hours{2};
  Compare mean = below("4.5");
  mean.measure = WindowStatistic{Statistic::kMean, {std::chrono::hours{48}, 0, 0}, 2};
  Level high;
  high.priority = Priority::kP2;
  high.when = {
      Any{{Condition{Repeated{below("3.9"), 2, {std::chrono::hours{24}, 0, 0}, {}}},
           Condition{AbsentFor{{Code::kGlucose}, std::chrono::hours{30}}}, Condition{mean}}}};
  Level low;
  low.when = {below("3.9")};
  low.isGated = true;
  low.persistence = std::chrono::minutes{1};
  rule.levels = {high, low};
  return Lineage(rule);
}

Observation glucose(UtcTime at) {
  Observation observation;
  observation.unit = Unit::kMillimolePerLitre;
  observation.value = Value::of({35, -1});
  observation.at = at;
  observation.receivedAt = at;
  return observation;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Lineage lineage = lineageOf();
  static const Context context;
  static const NoHistory history;
  const auto read = decodeState(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!read) return 0;
  require(decodeState(encode(*read)).has_value());
  const UtcTime now = parseRfc3339("2026-11-24T10:00:00Z").value();
  for (const UtcTime at : {now, now - std::chrono::hours{24 * 40}}) {
    RuleState state = *read;
    // As if this rule had written it.
    state.program = lineage.versions().front()->program->identity;
    if (state.judgedBy != 0) state.judgedBy = judgeOf(lineage, context);
    (void)nextDue(lineage, context, state);
    require(advance(lineage, context, state, history, now).has_value());
    const Observation observation = glucose(at);
    const Change change{std::span(&observation, 1), {}};
    require(arrive(lineage, context, state, change, history, now).has_value());
    require(decodeState(encode(state)).has_value());
  }
  return 0;
}
