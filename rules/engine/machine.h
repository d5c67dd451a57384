// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One rule over one person's readings in event order: what happens when, and nothing of when it
// became known. Live judging and judging anew run the same machine. Used by one thread at a time.
//
// At one instant: pauses begin and end, then readings are judged, then gates, slots, graces,
// absences and cool-downs end.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "pipelines/model/error.h"
#include "rules/document/context.h"
#include "rules/engine/evaluator.h"
#include "rules/engine/history.h"
#include "rules/engine/lineage.h"
#include "rules/engine/program.h"
#include "rules/engine/state.h"

namespace vardnav::rules {

/// Something to be told, before anything is spent on words.
struct Telling {
  Transition transition = Transition::kRaised;
  Priority priority = Priority::kP3;
  UtcTime at{};
  std::vector<ReadingKey> inputs;
  Second second = Second::kNotAsked;
  const Rule* rule = nullptr;
  const Level* level = nullptr;
  bool isByClear = false;
};

/// Port to who listens.
class Teller {
 public:
  virtual ~Teller() = default;
  /// `findings` of every condition may be taken; they are made only if asked for.
  virtual void tell(Telling telling, const Evaluator& evaluator) = 0;
};

class Machine {
 public:
  /// All must outlive it.
  Machine(const Lineage& lineage, const Context& context, const History& history, RuleState& state,
          Teller& teller)
      : lineage_(lineage), context_(context), history_(history), state_(state), teller_(teller) {}

  /// Observations of one event time that count, at most one of a code, none older than what was
  /// judged. What the clock brings before it is done first.
  Result<void> judge(std::span<const Observation* const> reading, UtcTime at);

  /// All that is due up to `until`, included.
  Result<void> advance(UtcTime until);

  /// When advance() has something to do; nullopt: not before the next reading.
  std::optional<UtcTime> peek();

 private:
  std::optional<UtcTime> nextDue() const;

  /// All levels at one moment.
  struct Standing {
    std::optional<std::size_t> highest;         ///< that holds
    std::optional<std::size_t> highestUngated;  ///< that holds and is raised at once
    std::uint32_t holds = 0;                    ///< a bit for each level that does
    bool isAllFalse = true;
    bool isAnyUnknown = false;
    Truth status = Truth::kUnknown;
  };
  struct Cause {
    UtcTime at{};
    std::span<const Observation* const> reading = {};  ///< of the rule's signals; none: the clock
    std::uint32_t codes = 0;                           ///< that a series took in; not of NaN
    std::optional<ReadingKey> first = {};              ///< of the reading
    std::optional<ReadingKey> breathless = {};         ///< the answer that says so
  };

  const Program& program() const { return *version_->program; }
  const Rule& rule() const { return version_->rule; }
  Evaluator evaluatorAt(UtcTime at) const { return {program(), context_, state_, at}; }
  Priority priorityOf(std::size_t level) const { return program().levels[level].priority; }
  bool isAboveOpen(std::size_t level) const;
  /// The level of the gate's priority; nullopt: the version in force now has none.
  std::optional<std::size_t> levelOf(const StandingGate& gate) const;

  /// false: no version is in force at `at`.
  Result<bool> useVersionAt(UtcTime at);
  /// Series from history; of the readings taken the newest one's time, kNever: none.
  Result<UtcTime> load(UtcTime before, UtcTime from);
  bool runsAt(UtcTime at) const;
  UtcTime position() const { return std::max(state_.newestEvent, state_.firedUntil); }

  /// The version that the clock has come to, not beyond `until`.
  const Lineage::Version* versionReached(UtcTime until) const;
  std::optional<UtcTime> nextPauseBoundary() const;
  std::optional<UtcTime> nextActivation() const;
  std::optional<UtcTime> nextAbsence() const;
  UtcTime nextSlotDue() const;

  void firePause(UtcTime at);
  void fireGate(UtcTime at);
  void fireSlots(UtcTime at);
  void fireAbsences(UtcTime at);
  void fireCoolDown(UtcTime at);
  void resume(UtcTime at);

  Standing assess(UtcTime at, bool isReading);
  void judgeReading(const Cause& cause);
  void judgeByClock(UtcTime at);
  void noteStatus(const Standing& standing, UtcTime at);
  void throughGate(const Standing& standing, const Cause& cause);
  void decideGate(const Standing& standing, const Cause& cause);
  void settle(const Standing& standing, const Cause& cause);
  Second secondOf(std::size_t level, const Cause& cause) const;
  /// Of what makes the level true, the rule's first signal that the reading has: a second
  /// measurement is one of that.
  Code signalToRepeat(std::size_t level, const Cause& cause) const;
  void openGate(std::size_t level, UtcTime firstAt, const ReadingKey& first, Code signal);
  void clearIfDue(const Standing& standing, const Cause& cause);

  bool isCoolingDown(Priority priority, UtcTime at) const;
  /// By the version that raised: another one does not end it.
  UtcTime endOfCoolDown() const;
  void raise(std::size_t level, const Cause& cause, Second second,
             const std::vector<ReadingKey>& also = {});
  void raiseWith(std::size_t level, UtcTime at, Second second, std::vector<ReadingKey> inputs,
                 std::optional<UtcTime> eventAt = std::nullopt, const RuleState* seen = nullptr);
  /// The reading that a gate began with, unconfirmed; `inputs` besides it.
  void raiseFirst(std::size_t level, const StandingGate& gate, UtcTime at, Second second,
                  std::vector<ReadingKey> inputs);
  void tell(Transition transition, UtcTime at, std::optional<std::size_t> level,
            std::vector<ReadingKey> inputs, Second second = Second::kNotAsked,
            bool isByClear = false, const RuleState* seen = nullptr);

  /// The reading is among what makes the level true, or is of a signal for want of which it is:
  /// another one is only judged beside it.
  bool isOfLevel(std::size_t level, const Cause& cause) const;
  /// What makes `root` true.
  template <class Visit>
  void forEachGround(std::size_t root, UtcTime at, Visit visit) const;
  std::vector<ReadingKey> grounds(std::size_t root, UtcTime at) const;
  /// The same, newest first; else the reading that caused it to be judged.
  std::vector<ReadingKey> inputsOf(std::size_t root, const Cause& cause) const;
  std::vector<ReadingKey> newestInputs() const;

  const Lineage& lineage_;
  const Context& context_;
  const History& history_;
  RuleState& state_;
  Teller& teller_;
  const Lineage::Version* version_ = nullptr;
  std::optional<Error> fault_;  ///< of the history, on the way to judge()'s or advance()'s end
};

/// Of several signals, from history and in event order.
Result<std::vector<Observation>> observationsOf(const History& history, const PersonId& person,
                                                std::uint32_t signals, UtcTime from, UtcTime until);

}  // namespace vardnav::rules
