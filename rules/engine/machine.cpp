// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/machine.h"

#include <algorithm>
#include <utility>

#include "rules/engine/feeding.h"

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
  for (const Observation* observation : reading) {
    if ((program().signals & bitOf(observation->code)) != 0) {
      const bool isTaken = feed(program(), context_, *observation, state_);
      if (isTaken) cause.codes |= bitOf(observation->code);
      cause.reading = reading;
      if (!cause.first || observation->code == rule().signal) cause.first = observation->reading;
    }
    if (isBreathless(*observation)) cause.breathless = observation->reading;
  }
  if (!cause.reading.empty() || (cause.breathless && state_.gate)) judgeReading(cause);
  return {};
}

void Machine::judgeReading(const Cause& cause) {
  if (!runsAt(cause.at)) return;
  const Standing standing = assess(cause.at, !cause.reading.empty());
  if (standing.isAllFalse) state_.isHeld = false;
  if (state_.isPaused) return;  // its end tells how it stands then
  if (rule().audience == Audience::kUnconfirmed) {
    if (standing.highest) raise(*standing.highest, cause, Second::kNotAsked);
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
  if (state_.isPaused) return;
  noteStatus(standing, at);
  if (state_.gate) return;
  settle(standing, {.at = at});
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
    if (truth == Truth::kUnknown) standing.isAnyUnknown = true;
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
  const StandingGate& gate = *state_.gate;
  const bool isUngated = standing.highestUngated && isAboveOpen(*standing.highestUngated);
  if (isUngated && !isHigher(gate.priority, priorityOf(*standing.highestUngated))) {
    state_.gate.reset();
    return raise(*standing.highestUngated, cause, Second::kNotAsked);
  }
  const bool isOfSignal = (cause.codes & bitOf(gate.signal)) != 0;
  const Milliseconds since = cause.at - gate.firstAt;
  const bool isSecond = isOfSignal && since >= rule().gate.from && since <= rule().gate.until;
  // A level that may hold is not dismissed; one that has not persisted yet does not hold.
  if (isSecond && (standing.highest || !standing.isAnyUnknown)) return decideGate(standing, cause);
  const bool isP1 = standing.highest && priorityOf(*standing.highest) == Priority::kP1;
  if (isP1 && isOfLevel(*standing.highest, cause)) {
    state_.gate.reset();
    return raise(*standing.highest, cause, isOfSignal ? Second::kTooEarly : Second::kNone);
  }
  if (cause.breathless) {
    const StandingGate waiting = *std::exchange(state_.gate, std::nullopt);
    if (const auto level = levelOf(waiting)) {
      raiseWith(*level, cause.at, Second::kNotAwaited, {*cause.breathless, waiting.first});
    }
    return;
  }
  if (isUngated) raise(*standing.highestUngated, cause, Second::kNotAsked);
}

void Machine::decideGate(const Standing& standing, const Cause& cause) {
  const StandingGate gate = *std::exchange(state_.gate, std::nullopt);
  if (standing.highest && isAboveOpen(*standing.highest)) {
    return raise(*standing.highest, cause, Second::kAgreed, {gate.first});
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
  if (state_.open == Priority::kP1) {
    const bool isFurther = priorityOf(highest) == Priority::kP1 && isOfLevel(highest, cause);
    if (isFurther) raise(highest, cause, Second::kNotAsked);
    return;
  }
  const bool isGated = highest != standing.highestUngated && isAboveOpen(highest);
  const bool isAsked = isGated && context_.canMeasureAgain && cause.first && !cause.breathless &&
                       !isCoolingDown(priorityOf(highest), cause.at);
  if (isGated && !isAsked) return raise(highest, cause, secondOf(highest, cause));
  if (standing.highestUngated && isAboveOpen(*standing.highestUngated)) {
    raise(*standing.highestUngated, cause, Second::kNotAsked);
  }
  if (!isAsked) return;
  Code signal = rule().signal;
  for (const Code code : rule().signals) {
    if ((cause.codes & bitOf(signal)) == 0) signal = code;
  }
  openGate(highest, cause.at, *cause.first, signal);
}

/// Of a gated level that is raised at once.
Second Machine::secondOf(std::size_t level, const Cause& cause) const {
  if (isCoolingDown(priorityOf(level), cause.at)) return Second::kNotAsked;
  if (cause.breathless) return Second::kNotAwaited;
  return context_.canMeasureAgain ? Second::kNone : Second::kImpossible;
}

void Machine::openGate(std::size_t level, UtcTime firstAt, const ReadingKey& first, Code signal) {
  state_.gate =
      StandingGate{firstAt, static_cast<std::uint8_t>(level), priorityOf(level), signal, first};
  const UtcTime at = std::max(firstAt, position());
  const Cause cause{.at = at, .first = first};
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
  tell(Transition::kCleared, at, level, std::move(inputs), Second::kNotAsked, hasOwn);
  state_.open.reset();
}

bool Machine::isCoolingDown(Priority priority, UtcTime at) const {
  return priority != Priority::kP1 && state_.firedAt != kNever &&
         !isHigher(priority, state_.fired) && at < state_.firedAt + rule().coolDown;
}

void Machine::raise(std::size_t level, const Cause& cause, Second second,
                    const std::vector<ReadingKey>& also) {
  std::vector<ReadingKey> inputs = inputsOf(program().levels[level].root, cause);
  append(inputs, also);
  raiseWith(level, cause.at, second, std::move(inputs));
}

void Machine::raiseWith(std::size_t level, UtcTime at, Second second,
                        std::vector<ReadingKey> inputs, std::optional<UtcTime> eventAt) {
  const Priority priority = priorityOf(level);
  if (isCoolingDown(priority, at)) {
    if (!std::exchange(state_.isHeld, true)) {
      tell(Transition::kHeld, at, level, std::move(inputs), second);
    }
    state_.heldConfirmed = isConfirmed(second);
    return;
  }
  const bool isWorse = state_.open && isHigher(priority, *state_.open);
  state_.isHeld = false;
  state_.firedAt = at;
  state_.fired = priority;
  if (rule().audience == Audience::kPatient) state_.open = priority;
  // A raise that waited in vain for a second reading is of the first one's time.
  tell(isWorse ? Transition::kWorsened : Transition::kRaised, eventAt.value_or(at), level,
       std::move(inputs), second);
}

void Machine::tell(Transition transition, UtcTime at, std::optional<std::size_t> level,
                   std::vector<ReadingKey> inputs, Second second, bool isByClear) {
  Telling telling;
  telling.transition = transition;
  telling.at = at;
  telling.inputs = std::move(inputs);
  telling.second = second;
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

bool Machine::isOfLevel(std::size_t level, const Cause& cause) const {
  if (cause.reading.empty()) return false;
  const std::vector<ReadingKey> keys = grounds(program().levels[level].root, cause.at);
  return keys.empty() || std::ranges::any_of(cause.reading, [&](const Observation* observation) {
           return std::ranges::find(keys, observation->reading) != keys.end();
         });
}

std::vector<ReadingKey> Machine::grounds(std::size_t root, UtcTime at) const {
  const std::vector<Finding> findings = evaluatorAt(at).findings();
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
  return inputs;
}

std::vector<ReadingKey> Machine::inputsOf(std::size_t root, const Cause& cause) const {
  std::vector<ReadingKey> inputs = grounds(root, cause.at);
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
