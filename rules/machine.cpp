// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/machine.h"

#include <algorithm>
#include <utility>

#include "rules/feeding.h"

namespace vardnav::rules {
namespace {

/// P1 is the smallest.
bool isHigher(Priority a, Priority b) { return a < b; }

template <class Keys>
void append(std::vector<ReadingKey>& inputs, const Keys& keys) {
  for (const ReadingKey& key : keys) {
    if (std::ranges::find(inputs, key) == inputs.end()) inputs.push_back(key);
  }
}

}  // namespace

bool Machine::isAboveOpen(std::size_t level) const {
  return !state_.open || isHigher(priorityOf(level), *state_.open);
}

std::optional<std::size_t> Machine::levelOf(const StandingGate& gate) const {
  std::optional<std::size_t> level;
  for (std::size_t i = 0; i < program().levels.size(); ++i) {
    if (priorityOf(i) == gate.priority) level = i;
  }
  return level;
}

Result<void> Machine::judge(std::span<const Observation* const> reading, UtcTime at) {
  if (auto done = advance(at - Milliseconds{1}); !done) return done;
  const auto isInForce = useVersionAt(at);
  if (!isInForce) return std::unexpected(isInForce.error());
  if (!*isInForce) {
    state_.newestEvent = std::max(state_.newestEvent, at);
    return {};
  }
  for (auto boundary = nextPauseBoundary(); boundary && *boundary <= at;
       boundary = nextPauseBoundary()) {
    firePause(*boundary);
  }
  state_.newestEvent = std::max(state_.newestEvent, at);
  Cause cause;
  cause.at = at;
  bool isChanged = false;
  for (const Observation* observation : reading) {
    if ((program().signals & bitOf(observation->code)) != 0) {
      isChanged |= feed(program(), context_, *observation, state_);
      cause.codes |= bitOf(observation->code);
      if (!cause.first || observation->code == rule().signal) cause.first = observation->reading;
    }
    if (isBreathless(*observation)) {
      cause.isBreathless = true;
      cause.answer = observation->reading;
    }
  }
  if (isChanged || (cause.isBreathless && state_.gate)) judgeReading(cause);
  return {};
}

void Machine::judgeReading(const Cause& cause) {
  if (!runsAt(cause.at)) return;
  const Standing standing = assess(cause.at, cause.codes != 0);
  if (standing.isAllFalse) state_.isHeld = false;
  if (state_.isPaused) {
    state_.status = standing.status;
    return;
  }
  if (rule().audience == Audience::kUnconfirmed) {
    if (standing.highest) raise(*standing.highest, cause, std::nullopt);
    return;
  }
  noteStatus(standing, cause.at);
  if (state_.gate) {
    throughGate(standing, cause);
  } else {
    settle(standing, cause);
  }
}

void Machine::judgeByClock(UtcTime at) {
  if (!runsAt(at)) return;
  const Standing standing = assess(at, false);
  if (state_.isPaused) {
    state_.status = standing.status;
    return;
  }
  noteStatus(standing, at);
  if (state_.gate) return;
  settle(standing, {at, 0, false, std::nullopt, std::nullopt});
}

Machine::Standing Machine::assess(UtcTime at, bool isReading) {
  const Evaluator evaluator = evaluatorAt(at);
  Standing standing;
  bool isKnown = false;
  for (std::size_t i = 0; i < program().levels.size(); ++i) {
    const LevelCode& level = program().levels[i];
    LevelState& memory = state_.levels[i];
    const Truth truth = evaluator.truthOf(level.root);
    if (truth != Truth::kFalse) standing.isAllFalse = false;
    if (truth == Truth::kFalse) memory = {};
    if (truth != Truth::kTrue) continue;
    isKnown = true;
    if (memory.trueSince == kNever) memory.trueSince = at;
    const bool isDecided = isReading || level.persistence == Milliseconds{0};
    if (isDecided && at - memory.trueSince >= level.persistence) memory.hasPersisted = true;
    if (!memory.hasPersisted) continue;
    if (!standing.highest) standing.highest = i;
    if (!level.isGated && !standing.highestUngated) standing.highestUngated = i;
  }
  if (isKnown) standing.status = Truth::kTrue;
  if (standing.isAllFalse) standing.status = Truth::kFalse;
  return standing;
}

void Machine::noteStatus(const Standing& standing, UtcTime at) {
  const Truth before = std::exchange(state_.status, standing.status);
  if (before == Truth::kUnknown || standing.status != Truth::kUnknown) return;
  tell(Transition::kUnknown, at, std::nullopt, newestInputs());
}

void Machine::throughGate(const Standing& standing, const Cause& cause) {
  if (standing.highestUngated && isAboveOpen(*standing.highestUngated)) {
    const Priority priority = priorityOf(*standing.highestUngated);
    raise(*standing.highestUngated, cause, std::nullopt);
    if (!isHigher(state_.gate->priority, priority)) {
      state_.gate.reset();
      return;
    }
  }
  const Milliseconds since = cause.at - state_.gate->firstAt;
  const bool isSecond = (cause.codes & bitOf(state_.gate->signal)) != 0 &&
                        since >= rule().gate.from && since <= rule().gate.until;
  if (isSecond && (standing.highest || standing.isAllFalse)) return decideGate(standing, cause);
  if (cause.codes != 0 && standing.highest && priorityOf(*standing.highest) == Priority::kP1) {
    state_.gate.reset();
    return raise(*standing.highest, cause, false);
  }
  if (cause.isBreathless) {
    const StandingGate gate = *std::exchange(state_.gate, std::nullopt);
    std::vector<ReadingKey> inputs;
    if (cause.answer) inputs.push_back(*cause.answer);
    inputs.push_back(gate.first);
    if (const auto level = levelOf(gate)) {
      raiseWith(*level, cause.at, false, std::move(inputs));
    }
  }
}

void Machine::decideGate(const Standing& standing, const Cause& cause) {
  const StandingGate gate = *std::exchange(state_.gate, std::nullopt);
  if (standing.highest && isAboveOpen(*standing.highest)) {
    return raise(*standing.highest, cause, true, {gate.first});
  }
  std::vector<ReadingKey> inputs;
  if (cause.first) inputs.push_back(*cause.first);
  append(inputs, std::array{gate.first});
  tell(Transition::kDismissed, cause.at, gate.level, std::move(inputs));
  clearIfDue(standing, cause);
}

void Machine::settle(const Standing& standing, const Cause& cause) {
  if (!standing.highest) return clearIfDue(standing, cause);
  const std::size_t highest = *standing.highest;
  const bool isFurtherP1 = state_.open == Priority::kP1 && priorityOf(highest) == Priority::kP1;
  if (isFurtherP1 && cause.codes != 0) return raise(highest, cause, std::nullopt);
  if (standing.highestUngated && isAboveOpen(*standing.highestUngated)) {
    raise(*standing.highestUngated, cause, std::nullopt);
  }
  if (highest != standing.highestUngated && isAboveOpen(highest)) raiseAsked(highest, cause);
}

/// A gated level: the patient is asked first, where that is possible and of use.
void Machine::raiseAsked(std::size_t level, const Cause& cause) {
  const bool isAsked = context_.canMeasureAgain && cause.first && !cause.isBreathless &&
                       !isCoolingDown(priorityOf(level), cause.at);
  if (!isAsked) return raise(level, cause, false);
  Code signal = rule().signal;
  for (const Code code : rule().signals) {
    if ((cause.codes & bitOf(signal)) == 0) signal = code;
  }
  openGate(level, cause.at, *cause.first, signal);
}

void Machine::openGate(std::size_t level, UtcTime firstAt, const ReadingKey& first, Code signal) {
  state_.gate =
      StandingGate{firstAt, static_cast<std::uint8_t>(level), priorityOf(level), signal, first};
  const UtcTime at = std::max(firstAt, position());
  const Cause cause{at, 0, false, std::nullopt, first};
  tell(Transition::kCandidate, at, level, inputsOf(program().levels[level].root, cause));
}

void Machine::clearIfDue(const Standing& standing, const Cause& cause) {
  const UtcTime at = cause.at;
  if (!state_.open || standing.highest) return;
  const bool hasOwn = program().clearRoot < program().nodes.size();
  std::vector<ReadingKey> inputs;
  if (hasOwn) {
    if (evaluatorAt(at).truthOf(program().clearRoot) != Truth::kTrue) return;
    inputs = inputsOf(program().clearRoot, cause);
  } else {
    if (!standing.isAllFalse) return;
    inputs = newestInputs();
  }
  if (inputs.empty() && cause.first) inputs = {*cause.first};
  std::optional<std::size_t> level;
  for (std::size_t i = 0; i < program().levels.size(); ++i) {
    if (priorityOf(i) == *state_.open) level = i;
  }
  tell(Transition::kCleared, at, level, std::move(inputs), std::nullopt, hasOwn);
  state_.open.reset();
}

bool Machine::isCoolingDown(Priority priority, UtcTime at) const {
  return priority != Priority::kP1 && state_.firedAt != kNever &&
         !isHigher(priority, state_.fired) && at < state_.firedAt + rule().coolDown;
}

void Machine::raise(std::size_t level, const Cause& cause, std::optional<bool> isConfirmed,
                    const std::vector<ReadingKey>& also) {
  std::vector<ReadingKey> inputs = inputsOf(program().levels[level].root, cause);
  append(inputs, also);
  raiseWith(level, cause.at, isConfirmed, std::move(inputs));
}

void Machine::raiseWith(std::size_t level, UtcTime at, std::optional<bool> isConfirmed,
                        std::vector<ReadingKey> inputs, std::optional<UtcTime> eventAt) {
  const Priority priority = priorityOf(level);
  if (isCoolingDown(priority, at)) {
    if (!std::exchange(state_.isHeld, true)) {
      tell(Transition::kHeld, at, level, std::move(inputs), isConfirmed);
    }
    state_.heldConfirmed = isConfirmed;
    return;
  }
  const bool isWorse = state_.open && isHigher(priority, *state_.open);
  state_.isHeld = false;
  state_.firedAt = at;
  state_.fired = priority;
  if (rule().audience == Audience::kPatient) state_.open = priority;
  // A raise that waited in vain for a second reading is of the first one's time.
  tell(isWorse ? Transition::kWorsened : Transition::kRaised, eventAt.value_or(at), level,
       std::move(inputs), isConfirmed);
}

void Machine::tell(Transition transition, UtcTime at, std::optional<std::size_t> level,
                   std::vector<ReadingKey> inputs, std::optional<bool> isConfirmed,
                   bool isByClear) {
  Telling telling;
  telling.transition = transition;
  telling.at = at;
  telling.inputs = std::move(inputs);
  telling.isConfirmed = isConfirmed;
  telling.rule = &rule();
  telling.isByClear = isByClear;
  if (level && *level < rule().levels.size()) {
    telling.level = &rule().levels[*level];
    telling.priority = telling.level->priority;
  }
  // An alert that passed on from another version may have a priority that this one lacks.
  if (transition == Transition::kCleared && state_.open) telling.priority = *state_.open;
  teller_.tell(std::move(telling), evaluatorAt(at));
}

std::vector<ReadingKey> Machine::inputsOf(std::size_t root, const Cause& cause) const {
  const std::vector<Finding> findings = evaluatorAt(cause.at).findings();
  const std::size_t end = program().nodes[root].end;
  // Below a "not" it is what is false that counts.
  std::vector<Truth> wanted(end, Truth::kTrue);
  std::vector<ReadingKey> inputs;
  for (std::size_t i = root; i < end; ++i) {
    const Node& node = program().nodes[i];
    for (std::size_t part = i + 1; node.kind == NodeKind::kNot && part < node.end; ++part) {
      wanted[part] = wanted[part] == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
    }
    // What it found are readings that held, which did not make it false.
    const bool isAgainst = node.kind == NodeKind::kRepeated && wanted[i] == Truth::kFalse;
    if (findings[i].truth == wanted[i] && !isAgainst) append(inputs, findings[i].inputs);
  }
  if (inputs.empty() && cause.first) inputs = {*cause.first};
  const auto timeOf = [&](const ReadingKey& key) {
    for (const SeriesState& series : state_.series) {
      if (series.unanchored && series.unanchored->key == key) return series.unanchored->at;
      for (const Sample& sample : series.samples) {
        if (sample.key == key) return sample.at;
      }
    }
    return kNever;
  };
  std::ranges::stable_sort(
      inputs, [&](const ReadingKey& a, const ReadingKey& b) { return timeOf(a) > timeOf(b); });
  return inputs;
}

std::vector<ReadingKey> Machine::newestInputs() const {
  std::vector<const Sample*> newest;
  for (const SeriesState& series : state_.series) {
    if (series.newest() != nullptr) newest.push_back(series.newest());
  }
  std::ranges::stable_sort(newest, [](const Sample* a, const Sample* b) { return a->at > b->at; });
  std::vector<ReadingKey> inputs;
  for (const Sample* sample : newest) append(inputs, std::array{sample->key});
  return inputs;
}

}  // namespace vardnav::rules
