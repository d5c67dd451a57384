// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/judging.h"

#include <algorithm>

#include "rules/context_file.h"
#include "rules/document.h"

namespace vardnav::cloud {
namespace {

std::string signatureOf(const PersonRules& said) {
  std::string signature = said.context;
  for (const PersonRule& rule : said.rules) {
    signature += "\n" + rule.hash + " " + toRfc3339(rule.from);
  }
  return signature;
}

std::vector<Verdict> forTheRecord(std::vector<Verdict> told) {
  std::erase_if(told, [](const Verdict& verdict) { return !rules::isForTheRecord(verdict); });
  return told;
}

/// What a withdrawal takes back.
bool takesBack(const Verdict& withdrawal, const Verdict& verdict) {
  return withdrawal.withdraws == verdict.transition && withdrawal.at == verdict.at &&
         withdrawal.inputs == verdict.inputs && withdrawal.priority == verdict.priority;
}

/// What stands of what one side told.
std::vector<const Verdict*> standingOf(std::span<const SaidVerdict> verdicts,
                                       bool SaidVerdict::* bySide) {
  std::vector<const Verdict*> standing;
  for (const SaidVerdict& one : verdicts) {
    if (!(one.*bySide) || !isLasting(one.verdict.transition)) continue;
    const bool isTakenBack = std::ranges::any_of(verdicts, [&](const SaidVerdict& other) {
      return other.*bySide && other.verdict.transition == Transition::kWithdrawn &&
             takesBack(other.verdict, one.verdict);
    });
    if (!isTakenBack) standing.push_back(&one.verdict);
  }
  return standing;
}

bool tells(const std::vector<const Verdict*>& side, const Verdict& verdict) {
  return std::ranges::any_of(side, [&](const Verdict* each) { return each->key == verdict.key; });
}

}  // namespace

Result<const rules::Watch*> WatchBook::watchOf(CareTransaction& transaction, const PersonId& person,
                                               UtcTime now) {
  const auto said = transaction.rulesOf(person, now);
  if (!said) return std::unexpected(said.error());
  std::string signature = signatureOf(*said);
  const auto known = entries_.find(person);
  if (known == entries_.end() || known->second.signature != signature) {
    Entry entry{std::move(signature), {}, false};
    auto context = rules::parseContext(said->context);
    std::vector<rules::RuleVersion> versions;
    for (const PersonRule& rule : said->rules) {
      auto compiled = rules::compile(rule.document);
      if (compiled) versions.push_back({*std::move(compiled), rule.from});
    }
    if (context && versions.size() == said->rules.size()) {
      context->context.person = person;
      entry.watch = rules::watchOf(std::move(context->context), std::move(versions));
      entry.isUsable = true;
    }
    entries_.insert_or_assign(person, std::move(entry));
  }
  const Entry& entry = entries_.at(person);
  return entry.isUsable ? &entry.watch : nullptr;
}

Result<UtcTime> Judging::clockOf(const PersonId& person, UtcTime at) {
  const auto before = transaction_.judgedUntil(person);
  if (!before) return std::unexpected(before.error());
  // A hub's clock may be ahead; time never runs back.
  const UtcTime clock = std::max(std::min(at, now_), before->value_or(UtcTime::min()));
  if (*before == clock) return clock;
  if (auto kept = transaction_.setJudgedUntil(person, clock); !kept) {
    return std::unexpected(kept.error());
  }
  return clock;
}

Result<std::vector<Verdict>> Judging::onStored(std::span<const Observation> reading) {
  const Observation& first = reading.front();
  const auto watch = book_.watchOf(transaction_, first.person, now_);
  if (!watch) return std::unexpected(watch.error());
  if (*watch == nullptr || !(*watch)->concerns(reading)) return std::vector<Verdict>{};
  std::vector<Observation> was;
  if (first.revision > 1) {
    auto before = transaction_.revisionBefore(first.reading, first.person, first.revision);
    if (!before) return std::unexpected(before.error());
    was = *std::move(before);
  }
  const auto clock = clockOf(first.person, first.receivedAt);
  if (!clock) return std::unexpected(clock.error());
  auto told = rules::judgeArrival(**watch, transaction_, transaction_, {reading, was}, *clock,
                                  rules::Absence::kHeld);
  if (!told) return told;
  return forTheRecord(*std::move(told));
}

Result<std::vector<Verdict>> Judging::onClock(const PersonId& person, UtcTime until) {
  const auto watch = book_.watchOf(transaction_, person, now_);
  if (!watch) return std::unexpected(watch.error());
  if (*watch == nullptr) return std::vector<Verdict>{};
  const auto clock = clockOf(person, until);
  if (!clock) return std::unexpected(clock.error());
  auto told = rules::judgeClock(**watch, transaction_, transaction_, *clock);
  if (!told) return told;
  return forTheRecord(*std::move(told));
}

std::vector<Verdict> differenceOf(std::span<const SaidVerdict> verdicts) {
  const auto hub = standingOf(verdicts, &SaidVerdict::byHub);
  const auto backend = standingOf(verdicts, &SaidVerdict::byBackend);
  std::vector<Verdict> difference;
  for (const Verdict* one : hub) {
    if (!tells(backend, *one)) difference.push_back(*one);
  }
  for (const Verdict* one : backend) {
    if (!tells(hub, *one)) difference.push_back(*one);
  }
  return difference;
}

}  // namespace vardnav::cloud
