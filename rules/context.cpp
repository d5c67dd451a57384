// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/context.h"

#include <algorithm>

#include "rules/quantities.h"

namespace vardnav::rules {
namespace {

std::optional<std::string> lackOf(const Compare& condition, Code signal, const Context& context) {
  const auto* share = std::get_if<PercentOf>(&condition.measure);
  if (share == nullptr) return std::nullopt;
  const auto* baseline = std::get_if<PrescribedBaseline>(&share->baseline);
  if (baseline == nullptr) return std::nullopt;
  const auto found = context.prescribed.find(baseline->name);
  if (found == context.prescribed.end() || found->second.empty()) {
    return "needs the prescribed value " + baseline->name;
  }
  for (const Prescribed& prescribed : found->second) {
    if (!measures(prescribed.value.unit, signal)) {
      return "prescribed value " + baseline->name + ": " +
             std::string(ucumOf(prescribed.value.unit)) + " does not measure " +
             std::string(nameOf(signal));
    }
    if (prescribed.value.value <= Decimal(0, 0)) {
      return "prescribed value " + baseline->name + " is not above zero";
    }
  }
  return std::nullopt;
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
  for (const Level& level : rule.levels) {
    if (auto lack = lackOf(std::get<Compare>(level.when.is), rule.signal, context)) return lack;
  }
  return rule.clear.when ? lackOf(std::get<Compare>(rule.clear.when->is), rule.signal, context)
                         : std::nullopt;
}

}  // namespace vardnav::rules
