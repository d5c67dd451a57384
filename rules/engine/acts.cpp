// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/acts.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "rules/engine/engine.h"
#include "rules/engine/feeding.h"
#include "rules/engine/program.h"

namespace vardnav::rules {
namespace {

/// Acts from one checkpoint to the next: going over them again takes microseconds.
constexpr std::uint16_t kActsApart = 32;

}  // namespace

std::uint64_t judgeOf(const Lineage& lineage, const Context& context) {
  std::uint64_t judge = lineage.identity() + kEngineVersion;
  // The version is a digest in text: any mixing will do.
  for (std::size_t i = 0; i < context.version.size(); i += sizeof judge) {
    std::uint64_t part = 0;
    std::memcpy(&part, context.version.data() + i,
                std::min(sizeof part, context.version.size() - i));
    judge = (judge ^ part) * 0x9E3779B97F4A7C15ULL;
    judge ^= judge >> 32U;
  }
  return judge == 0 ? 1 : judge;
}

void noteJudge(std::uint64_t judge, RuleState& state) {
  const bool isFresh = state.program == 0 && state.newestEvent == kNever;
  if (isFresh) state.judgedBy = judge;
  if (state.judgedBy == judge) return;
  state.judgedBy = 0;
  state.checkpoints.clear();
  state.acts = 0;
}

void noteAct(UtcTime at, RuleState& state) {
  if (state.judgedBy == 0 || at <= state.newestEvent) return;
  if (state.acts >= kActsApart) {
    state.checkpoints.add({state.newestEvent, encodeAlone(state)});
    state.acts = 0;
  }
  ++state.acts;
}

Result<void> judgeActs(Machine& machine, std::span<const Observation* const> observations) {
  std::vector<const Observation*> act;
  std::vector<const Observation*> later;
  for (std::size_t i = 0; i < observations.size();) {
    const UtcTime at = eventTimeOf(*observations[i]);
    later.clear();
    for (; i < observations.size() && eventTimeOf(*observations[i]) == at; ++i) {
      later.push_back(observations[i]);
    }
    while (!later.empty()) {
      // One of each signal; its twins come in the next round.
      act.clear();
      std::uint32_t codes = 0;
      std::erase_if(later, [&](const Observation* observation) {
        if ((codes & bitOf(observation->code)) != 0) return false;
        codes |= bitOf(observation->code);
        act.push_back(observation);
        return true;
      });
      if (auto done = machine.judge(act, at); !done) return done;
    }
  }
  return {};
}

}  // namespace vardnav::rules
