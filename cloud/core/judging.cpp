// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/core/judging.h"

#include <algorithm>

#include "rules/document/context_file.h"
#include "rules/document/document.h"

namespace vardnav::cloud {
namespace {

std::string signatureOf(const PersonRules& said) {
  std::string signature = said.context;
  for (const PersonRule& rule : said.rules) {
    signature += "\n" + rule.hash + " " + toRfc3339(rule.from);
  }
  return signature;
}

std::string lineOf(const rules::DocumentFault& fault) {
  return fault.place.empty() ? fault.reason : fault.place + ": " + fault.reason;
}

std::vector<Verdict> forTheRecord(std::vector<Verdict> told) {
  std::erase_if(told, [](const Verdict& verdict) { return !rules::isForTheRecord(verdict); });
  return told;
}

/// As rules tell two alike: late data may change what else stands in the window of the newest
/// input, and nothing is told or taken back for that.
bool isSameGround(const Verdict& a, const Verdict& b) {
  // Of a clear the priority only says how high it had been, which may be of an earlier context.
  const auto isOfAClear = [](const Verdict& verdict) {
    return verdict.transition == Transition::kCleared || verdict.withdraws == Transition::kCleared;
  };
  const auto newestOf = [](const Verdict& verdict) {
    return verdict.inputs.empty() ? std::nullopt : std::optional(verdict.inputs.front());
  };
  return a.at == b.at && newestOf(a) == newestOf(b) &&
         (a.priority == b.priority || (isOfAClear(a) && isOfAClear(b)));
}

/// What a withdrawal takes back.
bool takesBack(const Verdict& withdrawal, const Verdict& verdict) {
  return withdrawal.withdraws == verdict.transition && isSameGround(withdrawal, verdict);
}

bool isAlike(const Verdict& a, const Verdict& b) {
  return a.transition == b.transition && a.withdraws == b.withdraws && isSameGround(a, b);
}

bool isByHub(const SaidVerdict& said) { return said.byHub; }
bool isByBackend(const SaidVerdict& said) { return said.byBackend; }

/// Whether what is alike to `lasting` stands, of what `counts`: a side tells it, takes it back, and
/// may tell it again, in turns.
template <class Counts>
bool stands(std::span<const SaidVerdict> all, const Verdict& lasting, Counts counts) {
  int balance = 0;
  for (const SaidVerdict& one : all) {
    if (!counts(one)) continue;
    if (isAlike(one.verdict, lasting)) ++balance;
    if (one.verdict.transition == Transition::kWithdrawn && takesBack(one.verdict, lasting)) {
      --balance;
    }
  }
  return balance > 0;
}

/// Whether the people who are called know it, from either side.
bool isKnown(std::span<const SaidVerdict> all, const Verdict& lasting) {
  return stands(all, lasting, [](const SaidVerdict& one) { return one.byHub && one.episode; }) ||
         stands(all, lasting, [](const SaidVerdict& one) { return one.byBackend && one.episode; });
}

Verdict takenBackBy(const Verdict& withdrawal) {
  Verdict lasting = withdrawal;
  lasting.transition = *withdrawal.withdraws;
  lasting.withdraws.reset();
  return lasting;
}

/// What stands of what one side told.
std::vector<const Verdict*> standingOf(std::span<const SaidVerdict> verdicts,
                                       bool (*isBySide)(const SaidVerdict&)) {
  std::vector<const Verdict*> standing;
  for (const SaidVerdict& one : verdicts) {
    if (isBySide(one) && isLasting(one.verdict.transition) &&
        stands(verdicts, one.verdict, isBySide)) {
      standing.push_back(&one.verdict);
    }
  }
  return standing;
}

bool tells(const std::vector<const Verdict*>& side, const Verdict& verdict) {
  return std::ranges::any_of(side, [&](const Verdict* each) { return isAlike(*each, verdict); });
}

}  // namespace

ReadRules readRules(const PersonRules& said, const PersonId& person) {
  ReadRules read;
  auto file = rules::parseContext(said.context);
  if (!file) {
    read.unreadable.push_back("the context of the person cannot be read: " + lineOf(file.error()) +
                              ": correct it in the registry");
  }
  rules::Context context;
  context.canMeasureAgain = false;
  if (file) context = std::move(file->context);
  context.person = person;
  std::vector<rules::RuleVersion> versions;
  for (const PersonRule& rule : said.rules) {
    auto compiled = rules::compile(rule.document);
    if (!compiled) {
      read.unreadable.push_back("rule " + rule.hash.substr(0, 8) +
                                " cannot be read: " + lineOf(compiled.error().front()) +
                                ": update the backend, or assign another version");
    } else if (file || compiled->isFloor) {
      versions.push_back({*std::move(compiled), rule.from});
    }
  }
  read.watch = rules::watchOf(std::move(context), std::move(versions));
  return read;
}

std::optional<rules::Watch> watchOf(const PersonRules& said, const PersonId& person) {
  ReadRules read = readRules(said, person);
  if (!read.unreadable.empty()) return std::nullopt;
  return std::move(read.watch);
}

Result<const rules::Watch*> WatchBook::watchOf(CareTransaction& transaction, const PersonId& person,
                                               UtcTime now) {
  if (looked_.contains(person)) return &entries_.at(person).rules.watch;
  const auto said = transaction.rulesOf(person, now);
  if (!said) return std::unexpected(said.error());
  std::string signature = signatureOf(*said);
  const auto known = entries_.find(person);
  if (known == entries_.end() || known->second.signature != signature) {
    entries_.insert_or_assign(person, Entry{std::move(signature), readRules(*said, person)});
  }
  looked_.insert(person);
  return &entries_.at(person).rules.watch;
}

UtcTime WatchBook::bothSince(const HubId& hub, const std::string& configuration, UtcTime now) {
  auto& [applied, since] = applied_[hub];
  if (applied != configuration) {
    applied = configuration;
    since = now;
  }
  return since;
}

Result<UtcTime> Judging::clockOf(const PersonId& person, UtcTime at) {
  const auto before = kept_.judgedUntil(person);
  if (!before) return std::unexpected(before.error());
  // A hub's clock may be ahead; time never runs back.
  const UtcTime clock = std::max(std::min(at, now_), before->value_or(UtcTime::min()));
  if (*before != clock) kept_.setJudgedUntil(person, clock);
  return clock;
}

Result<bool> Judging::isOvertaken(std::span<const Observation> reading, bool isNew) {
  const Observation& first = reading.front();
  const auto isLater = [&](const Observation& other) { return other.revision > first.revision; };
  if (isNew) return std::ranges::any_of(reading, isLater);
  const auto newest = transaction_.readingsOf(first.person, std::span(&first.reading, 1));
  if (!newest) return std::unexpected(newest.error());
  return std::ranges::any_of(*newest, isLater);
}

Result<std::vector<Verdict>> Judging::onStored(std::span<const Observation> reading, bool isNew) {
  const Observation& first = reading.front();
  const auto watch = book_.watchOf(transaction_, first.person, now_);
  if (!watch) return std::unexpected(watch.error());
  if (!(*watch)->concerns(reading)) return std::vector<Verdict>{};
  const auto isLate = isOvertaken(reading, isNew);
  if (!isLate) return std::unexpected(isLate.error());
  if (*isLate) return std::vector<Verdict>{};  // what corrects it is judged already
  std::vector<Observation> was;
  if (first.revision > 1 && !isNew) {
    auto before = transaction_.revisionBefore(first.reading, first.person, first.revision);
    if (!before) return std::unexpected(before.error());
    was = *std::move(before);
  }
  const auto clock = clockOf(first.person, first.receivedAt);
  if (!clock) return std::unexpected(clock.error());
  auto told = rules::judgeArrival(**watch, kept_.states(), transaction_, {reading, was}, *clock,
                                  rules::Absence::kHeld);
  if (!told) return told;
  return forTheRecord(*std::move(told));
}

Result<std::vector<Verdict>> Judging::onClock(const PersonId& person, UtcTime until) {
  const auto watch = book_.watchOf(transaction_, person, now_);
  if (!watch) return std::unexpected(watch.error());
  const auto clock = clockOf(person, until);
  if (!clock) return std::unexpected(clock.error());
  auto told = rules::judgeClock(**watch, kept_.states(), transaction_, *clock);
  if (!told) return told;
  return forTheRecord(*std::move(told));
}

std::vector<std::span<const SaidVerdict>> byRule(std::span<const SaidVerdict> verdicts) {
  std::vector<std::span<const SaidVerdict>> parts;
  const auto isOther = [](const SaidVerdict& a, const SaidVerdict& b) {
    return a.verdict.person != b.verdict.person || a.verdict.rule != b.verdict.rule;
  };
  while (!verdicts.empty()) {
    const auto end = std::ranges::adjacent_find(verdicts, isOther);
    const auto size = end == verdicts.end() ? verdicts.size()
                                            : static_cast<std::size_t>(end - verdicts.begin()) + 1;
    parts.push_back(verdicts.first(size));
    verdicts = verdicts.subspan(size);
  }
  return parts;
}

Telling tellingOf(const Verdict& verdict, Speaker by, std::span<const SaidVerdict> said) {
  if (verdict.transition == Transition::kWithdrawn && verdict.withdraws) {
    const Verdict lasting = takenBackBy(verdict);
    // The hub's is heard even before what it takes back.
    return {by == Speaker::kHub || (isKnown(said, lasting) && !stands(said, lasting, isByHub)), {}};
  }
  if (!isKnown(said, verdict)) return {true, {}};
  const auto alike = std::ranges::find_if(
      said, [&](const SaidVerdict& one) { return one.episode && isAlike(one.verdict, verdict); });
  return {false, alike->episode};
}

std::vector<Verdict> heldOf(std::span<const SaidVerdict> verdicts) {
  std::vector<Verdict> held;
  for (const SaidVerdict& one : verdicts) {
    if (!one.byBackend || one.byHub || one.episode) continue;
    const bool isWithdrawal = one.verdict.transition == Transition::kWithdrawn;
    const Verdict lasting = isWithdrawal ? takenBackBy(one.verdict) : one.verdict;
    const bool isStanding = stands(verdicts, lasting, isByBackend) ||
                            (isWithdrawal && stands(verdicts, lasting, isByHub));
    if (isStanding == isWithdrawal || isKnown(verdicts, lasting) != isWithdrawal) continue;
    // Told, taken back and told again: once is enough.
    const auto isOther = [&](const Verdict& other) { return !isAlike(other, one.verdict); };
    if (std::ranges::all_of(held, isOther)) held.push_back(one.verdict);
  }
  return held;
}

std::vector<Verdict> differenceOf(std::span<const SaidVerdict> verdicts) {
  const auto hub = standingOf(verdicts, isByHub);
  const auto backend = standingOf(verdicts, isByBackend);
  std::vector<Verdict> difference;
  for (const Verdict* one : hub) {
    if (!tells(backend, *one)) difference.push_back(*one);
  }
  for (const Verdict* one : backend) {
    if (!tells(hub, *one)) difference.push_back(*one);
  }
  return difference;
}

bool stoodAlikeBefore(const Verdict& verdict, std::span<const SaidVerdict> all,
                      Milliseconds coolDown) {
  const auto before = [&](bool (*isBySide)(const SaidVerdict&)) {
    auto standing = standingOf(all, isBySide);
    std::erase_if(standing, [&](const Verdict* one) { return one->at >= verdict.at; });
    std::ranges::stable_sort(standing, {}, [](const Verdict* one) { return one->at; });
    return standing;
  };
  const auto hub = before(isByHub);
  const auto backend = before(isByBackend);
  const auto openOf = [](const std::vector<const Verdict*>& standing) {
    const bool isOpen = !standing.empty() && standing.back()->transition != Transition::kCleared;
    return isOpen ? std::optional(standing.back()->priority) : std::nullopt;
  };
  const auto isAlone = [&](const Verdict* one, const std::vector<const Verdict*>& other) {
    return one->transition != Transition::kCleared && one->at + coolDown > verdict.at &&
           !tells(other, *one);
  };
  return openOf(hub) == openOf(backend) &&
         std::ranges::none_of(hub, [&](const Verdict* one) { return isAlone(one, backend); }) &&
         std::ranges::none_of(backend, [&](const Verdict* one) { return isAlone(one, hub); });
}

bool isDifferent(const Verdict& verdict, std::span<const SaidVerdict> all) {
  return stands(all, verdict, isByHub) != stands(all, verdict, isByBackend);
}

}  // namespace vardnav::cloud
