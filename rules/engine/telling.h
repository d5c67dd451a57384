// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Tellings of the machine into verdicts: all of them, none but remembered, or those that another
// run did not tell. Used by one thread at a time.
#pragma once

#include <compare>
#include <cstdint>
#include <set>
#include <vector>

#include "pipelines/model/verdict.h"
#include "rules/document/context.h"
#include "rules/engine/machine.h"
#include "rules/speech/finding.h"

namespace vardnav::rules {

/// By what two runs tell the same: a raise stays the same if late data only changes what else
/// stands in its window.
struct Ground {
  Transition transition = Transition::kRaised;
  Priority priority = Priority::kP3;
  UtcTime at{};
  std::optional<ReadingKey> newest;  ///< input
  std::optional<bool> isConfirmed;
  friend auto operator<=>(const Ground&, const Ground&) = default;
};
Ground groundOf(const Telling& telling);

struct Told {
  Ground ground;
  Telling telling;
};

/// A verdict without a reason yet; `withdrawals` as in RuleState. `withdraws`: what kWithdrawn
/// takes back.
Verdict verdictOf(const Telling& telling, const Context& context, std::uint32_t withdrawals,
                  UtcTime now, std::optional<Transition> withdraws = std::nullopt);

/// Makes every telling a verdict.
class SpeakingTeller : public Teller {
 public:
  SpeakingTeller(const Context& context, std::uint32_t withdrawals, UtcTime now)
      : context_(context), withdrawals_(withdrawals), now_(now) {}

  void tell(Telling telling, const Evaluator& evaluator) override;
  std::vector<Verdict> take() { return std::move(verdicts_); }

 protected:
  const Context& context_;
  std::uint32_t withdrawals_;
  UtcTime now_;
  std::vector<Verdict> verdicts_;
};

/// Remembers what was told, for withdrawing it.
class RememberingTeller final : public Teller {
 public:
  void tell(Telling telling, const Evaluator& evaluator) override;
  const std::vector<Told>& told() const { return told_; }
  const std::set<Ground>& grounds() const { return grounds_; }

 private:
  std::vector<Told> told_;
  std::set<Ground> grounds_;
};

/// Makes verdicts of what the other run has not told so far, and remembers the grounds of all.
class ComparingTeller final : public Teller {
 public:
  ComparingTeller(const RememberingTeller& other, SpeakingTeller& speaking)
      : other_(other), speaking_(speaking) {}

  void tell(Telling telling, const Evaluator& evaluator) override;
  const std::set<Ground>& grounds() const { return grounds_; }
  /// Without those that the other run has told since.
  std::vector<Verdict> take();

 private:
  const RememberingTeller& other_;
  SpeakingTeller& speaking_;
  std::set<Ground> grounds_;
  std::vector<Ground> spoken_;  ///< of each verdict
};

}  // namespace vardnav::rules
