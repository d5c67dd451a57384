// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/context.h"

#include "rules/quantities.h"

namespace vardnav::rules {
namespace {

std::optional<std::string> lackOf(const Condition& condition, Code signal, const Context& context) {
  const auto* share = std::get_if<PercentOf>(&condition.measure);
  if (share == nullptr) return std::nullopt;
  const auto found = context.prescribed.find(share->prescribed);
  if (found == context.prescribed.end() || found->second.empty()) {
    return "needs the prescribed value " + share->prescribed;
  }
  for (const Prescribed& prescribed : found->second) {
    if (!measures(prescribed.value.unit, signal)) {
      return "prescribed value " + share->prescribed + ": " +
             std::string(ucumOf(prescribed.value.unit)) + " does not measure " +
             std::string(nameOf(signal));
    }
    if (prescribed.value.value <= Decimal(0, 0)) {
      return "prescribed value " + share->prescribed + " is not above zero";
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

std::optional<std::string> lackOf(const Rule& rule, const Context& context) {
  for (const Level& level : rule.levels) {
    if (auto lack = lackOf(level.when, rule.signal, context)) return lack;
  }
  return rule.clear.when ? lackOf(*rule.clear.when, rule.signal, context) : std::nullopt;
}

}  // namespace vardnav::rules
