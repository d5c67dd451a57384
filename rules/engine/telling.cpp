// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/telling.h"

#include <utility>

#include "rules/engine/engine.h"
#include "rules/speech/wording.h"

namespace vardnav::rules {
namespace {

Key128 keyOf(const Verdict& verdict, std::uint32_t withdrawals) {
  DigestBuilder digest;
  digest.add("vardnav-verdict-2").add(verdict.person.value).add(verdict.rule.value);
  digest.add(verdict.ruleHash).add(nameOf(verdict.transition)).add(nameOf(verdict.priority));
  digest.add(static_cast<std::uint64_t>(verdict.at.time_since_epoch().count()));
  // What is told again after it was withdrawn is not what was told before.
  digest.add(std::uint64_t{withdrawals});
  // A raise and a worsening by one reading are two things to take back.
  if (verdict.withdraws) digest.add(nameOf(*verdict.withdraws));
  for (const ReadingKey& input : verdict.inputs) digest.add(ByteView(input.octets));
  // Of twins at one time both may raise.
  if (verdict.isConfirmed) digest.add(*verdict.isConfirmed ? "confirmed" : "unconfirmed");
  return digest.key();
}

}  // namespace

Ground groundOf(const Telling& telling) {
  Ground ground{telling.transition, telling.priority, telling.at, std::nullopt,
                isConfirmed(telling.second)};
  if (!telling.inputs.empty()) ground.newest = telling.inputs.front();
  return ground;
}

Verdict verdictOf(const Telling& telling, const Context& context, std::uint32_t withdrawals,
                  UtcTime now, std::optional<Transition> withdraws) {
  Verdict verdict;
  verdict.person = context.person;
  verdict.condition = telling.rule->condition;
  verdict.rule = telling.rule->id;
  verdict.ruleHash = telling.rule->hash;
  verdict.title = telling.rule->title;
  verdict.transition = telling.transition;
  verdict.priority = telling.priority;
  verdict.at = telling.at;
  verdict.told = now;
  verdict.isLate = now - telling.at > context.lateAfter;
  verdict.inputs = telling.inputs;
  verdict.isConfirmed = isConfirmed(telling.second);
  verdict.engineVersion = kEngineVersion;
  verdict.contextVersion = context.version;
  verdict.withdraws = withdraws;
  verdict.key = keyOf(verdict, withdrawals);
  return verdict;
}

void SpeakingTeller::tell(Telling telling, const Evaluator& evaluator) {
  Verdict verdict = verdictOf(telling, context_, withdrawals_, now_);
  Grounds grounds;
  grounds.rule = telling.rule;
  grounds.transition = telling.transition;
  grounds.level = telling.level;
  grounds.isByClear = telling.isByClear;
  grounds.second = telling.second;
  grounds.findings = evaluator.findings();
  verdict.truths.reserve(grounds.findings.size());
  for (const Finding& finding : grounds.findings) verdict.truths.push_back(finding.truth);
  verdict.why = why(grounds);
  verdicts_.push_back(std::move(verdict));
}

void RememberingTeller::tell(Telling telling, const Evaluator& /*evaluator*/) {
  Ground ground = groundOf(telling);
  grounds_.insert(ground);
  told_.push_back({ground, std::move(telling)});
}

void ComparingTeller::tell(Telling telling, const Evaluator& evaluator) {
  Ground ground = groundOf(telling);
  grounds_.insert(ground);
  if (other_.grounds().contains(ground)) return;
  spoken_.push_back(ground);
  speaking_.tell(std::move(telling), evaluator);
}

std::vector<Verdict> ComparingTeller::take() {
  std::vector<Verdict> verdicts;
  std::vector<Verdict> spoken = speaking_.take();
  for (std::size_t i = 0; i < spoken.size(); ++i) {
    if (!other_.grounds().contains(spoken_[i])) verdicts.push_back(std::move(spoken[i]));
  }
  return verdicts;
}

}  // namespace vardnav::rules
