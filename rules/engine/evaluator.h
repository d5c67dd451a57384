// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Conditions of a program on a state: true, false or unknown, and with what. Pure, total; time is
// bounded by the tables and the samples. Any thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "rules/document/context.h"
#include "rules/engine/program.h"
#include "rules/engine/state.h"
#include "rules/speech/finding.h"

namespace vardnav::rules {

/// When an absence of the state is true from.
UtcTime absentFrom(const AbsenceCode& absence, UtcTime newestValid, UtcTime since);

class Evaluator {
 public:
  /// Judges at `at`; all must outlive it.
  Evaluator(const Program& program, const Context& context, const RuleState& state, UtcTime at)
      : program_(program), context_(context), state_(state), at_(at) {}

  Truth truthOf(std::size_t node) const;

  /// Of every condition, in order. It costs more, and is asked only when something is told.
  std::vector<Finding> findings() const;

 private:
  Truth evaluate(std::size_t node, std::vector<Finding>* findings) const;
  Truth evaluateTest(const Node& node, Finding* finding) const;
  Truth evaluateRepeated(const Node& node, Finding* finding) const;
  Truth evaluateConsecutive(const Node& node, Finding* finding) const;
  Truth evaluateAbsence(const Node& node) const;
  Truth evaluateGroup(std::size_t node, std::vector<Finding>* findings) const;

  const Program& program_;
  const Context& context_;
  const RuleState& state_;
  UtcTime at_;
};

/// One test with the last of `samples` as the newest, or `unanchored` where there is one.
Truth evaluateTest(const TestCode& test, const Program& program, std::span<const Sample> samples,
                   const Sample* unanchored, const Context& context, UtcTime at, Finding* finding);

}  // namespace vardnav::rules
