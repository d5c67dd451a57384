// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The versions of one rule, compiled for the engine once and shared by all patients that it
// watches. Never changed after it is made; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pipelines/model/time.h"
#include "rules/document/rule.h"

namespace vardnav::rules {

struct Program;  // program.h

struct RuleVersion {
  Rule rule;
  UtcTime effectiveFrom = UtcTime::min();  ///< in force from then on, until a later one is
};

class Lineage {
 public:
  /// One version that is always in force.
  explicit Lineage(Rule rule);
  /// At least one, all of one RuleId, in any order.
  explicit Lineage(std::vector<RuleVersion> versions);

  const RuleId& id() const { return versions_.front()->rule.id; }
  bool isFloor() const;  ///< any version is
  /// Another one for other versions, or for another time from which one is in force.
  std::uint64_t identity() const { return identity_; }

  struct Version {
    Rule rule;
    UtcTime effectiveFrom;
    std::shared_ptr<const Program> program;
  };
  /// The version whose time judges; nullptr: before the first one's time nothing is judged.
  const Version* versionAt(UtcTime at) const;
  /// Whose readings any version listens to, answers that break a gate among them; bit per Code.
  std::uint32_t signals() const { return signals_; }
  std::span<const std::shared_ptr<const Version>> versions() const { return versions_; }

 private:
  std::vector<std::shared_ptr<const Version>> versions_;  ///< in rising effectiveFrom
  std::uint32_t signals_ = 0;
  std::uint64_t identity_ = 0;
};

}  // namespace vardnav::rules
