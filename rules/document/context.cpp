// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/context.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "rules/document/names.h"
#include "rules/document/quantities.h"

namespace vardnav::rules {
namespace {

/// What a condition compares a signal with, where that is prescribed.
struct PrescribedUse {
  const std::string* name;
  Code signal;
};

void collect(const Series& series, const Measure& measure, std::vector<PrescribedUse>& uses) {
  const Baseline* baseline = nullptr;
  if (const auto* share = std::get_if<PercentOf>(&measure)) baseline = &share->baseline;
  if (const auto* difference = std::get_if<DifferenceFrom>(&measure)) {
    baseline = &difference->baseline;
  }
  if (baseline == nullptr) return;
  if (const auto* prescribed = std::get_if<PrescribedBaseline>(baseline)) {
    uses.push_back({&prescribed->name, series.signal});
  }
}

void collect(const Compare& compare, std::vector<PrescribedUse>& uses) {
  collect(compare.series, compare.measure, uses);
}

void collect(const Band& band, std::vector<PrescribedUse>& uses) {
  collect(band.series, band.measure, uses);
}

void collect(const MeterSays&, std::vector<PrescribedUse>&) {}

void collect(const Condition& condition, std::vector<PrescribedUse>& uses) {
  const auto visitor = [&](const auto& part) {
    if constexpr (requires { part.each; }) {
      std::visit([&](const auto& test) { collect(test, uses); }, part.each);
    } else if constexpr (requires { part.of; }) {
      for (const Condition& inner : part.of) collect(inner, uses);
    } else if constexpr (requires { part.measure; }) {
      collect(part, uses);
    }
  };
  std::visit(visitor, condition.is);
}

std::optional<std::string> missing(const std::string& name, const Context& context) {
  const auto found = context.prescribed.find(name);
  if (found != context.prescribed.end() && !found->second.empty()) return std::nullopt;
  return "needs the prescribed value " + name;
}

/// Of a value that is there.
std::optional<std::string> misfit(const PrescribedUse& use, const Context& context) {
  const auto found = context.prescribed.find(*use.name);
  if (found == context.prescribed.end()) return std::nullopt;
  for (const Prescribed& prescribed : found->second) {
    if (!measures(prescribed.value.unit, use.signal)) {
      return "prescribed value " + *use.name + ": " + std::string(ucumOf(prescribed.value.unit)) +
             " does not measure " + std::string(nameOf(use.signal));
    }
    if (prescribed.value.value <= Decimal(0, 0)) {
      return "prescribed value " + *use.name + " is not above zero";
    }
  }
  return std::nullopt;
}

bool isEverMarked(Fact fact, const Context& context) {
  const auto found = context.facts.find(fact);
  return found != context.facts.end() &&
         std::ranges::any_of(found->second, [](const Marked& marked) { return marked.isTrue; });
}

}  // namespace

std::optional<Prescribed> Context::prescribedAt(const std::string& name, UtcTime at) const {
  const auto found = prescribed.find(name);
  if (found == prescribed.end()) return std::nullopt;
  std::optional<Prescribed> newest;
  for (const Prescribed& candidate : found->second) {
    if (candidate.at <= at && (!newest || candidate.at >= newest->at)) newest = candidate;
  }
  return newest;
}

bool Context::isMarked(Fact fact, UtcTime at) const {
  const auto found = facts.find(fact);
  if (found == facts.end()) return false;
  const Marked* newest = nullptr;
  for (const Marked& candidate : found->second) {
    if (candidate.at <= at && (newest == nullptr || candidate.at >= newest->at)) {
      newest = &candidate;
    }
  }
  return newest != nullptr && newest->isTrue;
}

std::optional<std::string> refusalOf(const Pause& pause, const Rule& rule) {
  if (pause.until <= pause.from) return "a pause of " + rule.id.value + " ends before it begins";
  const bool isNamed = std::ranges::find(pause.rules, rule.id) != pause.rules.end();
  if (rule.isFloor && isNamed) return rule.id.value + " is a floor rule and cannot be paused";
  return std::nullopt;
}

std::optional<std::string> lackOf(const Rule& rule, const Context& context) {
  for (const std::string& name : rule.needs) {
    if (auto lack = missing(name, context)) return lack;
  }
  for (const Fact fact : rule.needsFacts) {
    if (!isEverMarked(fact, context)) return "needs the fact " + std::string(nameOf(fact));
  }
  // One level that can be judged is enough; a value of the wrong kind never is.
  std::optional<std::string> firstLack;
  bool isJudged = false;
  for (const Level& level : rule.levels) {
    std::vector<PrescribedUse> uses;
    collect(level.when, uses);
    bool isWhole = true;
    for (const PrescribedUse& use : uses) {
      if (auto lack = misfit(use, context)) return lack;
      if (auto lack = missing(*use.name, context)) {
        isWhole = false;
        if (!firstLack) firstLack = std::move(lack);
      }
    }
    isJudged = isJudged || isWhole;
  }
  return isJudged ? std::nullopt : firstLack;
}

}  // namespace vardnav::rules
