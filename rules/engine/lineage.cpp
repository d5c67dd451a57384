// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/lineage.h"

#include <algorithm>
#include <utility>

#include "pipelines/model/digest.h"
#include "rules/engine/program.h"

namespace vardnav::rules {
namespace {

std::vector<RuleVersion> alone(Rule rule) {
  std::vector<RuleVersion> versions;
  versions.push_back({std::move(rule)});
  return versions;
}

}  // namespace

Lineage::Lineage(Rule rule) : Lineage(alone(std::move(rule))) {}

Lineage::Lineage(std::vector<RuleVersion> versions) {
  std::ranges::stable_sort(versions, {}, &RuleVersion::effectiveFrom);
  DigestBuilder digest;
  digest.add("vardnav-lineage");
  for (RuleVersion& version : versions) {
    // The program points into the rule, which from here on stays where it is.
    auto compiled = std::make_shared<Version>();
    compiled->rule = std::move(version.rule);
    compiled->effectiveFrom = version.effectiveFrom;
    compiled->program = std::make_shared<const Program>(compileProgram(compiled->rule));
    signals_ |= compiled->program->signals;
    digest.add(compiled->program->identity);
    digest.add(static_cast<std::uint64_t>(compiled->effectiveFrom.time_since_epoch().count()));
    if (compiled->program->hasGate) signals_ |= bitOf(Code::kBreathless);
    versions_.push_back(std::move(compiled));
  }
  const Key128 key = digest.key();
  for (std::size_t i = 0; i < 8; ++i) identity_ = identity_ << 8U | key.octets[i];
}

bool Lineage::isFloor() const {
  return std::ranges::any_of(versions_, [](const auto& version) { return version->rule.isFloor; });
}

const Lineage::Version* Lineage::versionAt(UtcTime at) const {
  const Version* inForce = nullptr;
  for (const auto& version : versions_) {
    if (version->effectiveFrom <= at) inForce = version.get();
  }
  return inForce;
}

}  // namespace vardnav::rules
