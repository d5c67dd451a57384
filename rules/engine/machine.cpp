// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/engine/machine.h"

#include <algorithm>
#include <utility>

#include "rules/engine/feeding.h"
#include "rules/engine/reach.h"

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

/// A bit of what the condition looks at; 0: not at readings.
std::uint32_t signalOf(const Program& program, const Node& node) {
  const bool isOfReadings = node.kind == NodeKind::kTest || node.kind == NodeKind::kRepeated ||
                            node.kind == NodeKind::kConsecutive;
  if (!isOfReadings) return 0;
  return bitOf(program.series[program.tests[node.test].series].series.signal);
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
      const bool hasValue = observation->value.kind != Value::Kind::kNotANumber;
      if (isTaken && hasValue) cause.codes |= bitOf(observation->code);
      cause.reading = reading;
      if (!cause.first || observation->code == rule().signal) cause.first = observation->reading;
    }
    if (isBreathless(*observation)) cause.breathless = observation->reading;
  }
  if (!cause.reading.empty() || (cause.breathless && state_.gate)) judgeReading(cause);
  if (fault_) return std::unexpected(*fault_);
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
  if (state_.gate) return throughGate(standing, {.at = at});
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
    standing.holds |= 1U << i;
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
  const bool isOfSignal = (cause.codes & bitOf(gate.signal)) != 0;
  const Milliseconds since = cause.at - gate.firstAt;
  const bool isSecond = isOfSignal && since >= rule().gate.from && since <= rule().gate.until;
  const bool isP1 = standing.highest && priorityOf(*standing.highest) == Priority::kP1 &&
                    isOfLevel(*standing.highest, cause);
  const bool isUngated = standing.highestUngated && isAboveOpen(*standing.highestUngated);
  // What breaks through is not all that the second measurement says.
  const bool saysMore = (isSecond || isP1) && standing.highest != standing.highestUngated;
  if (isUngated && !saysMore && !isHigher(gate.priority, priorityOf(*standing.highestUngated))) {
    state_.gate.reset();
    return raise(*standing.highestUngated, cause, Second::kNotAsked);
  }
  // A level that may hold is not dismissed; one that has not persisted yet does not hold.
  if (isSecond && (standing.highest || !standing.isAnyUnknown)) return decideGate(standing, cause);
  if (isP1) {
    state_.gate.reset();
    const Second second = cause.breathless ? Second::kNotAwaited : Second::kTooEarly;
    return raise(*standing.highest, cause, second);
  }
  if (cause.breathless) {
    const StandingGate waiting = *std::exchange(state_.gate, std::nullopt);
    if (standing.highest && isHigher(priorityOf(*standing.highest), waiting.priority)) {
      return raise(*standing.highest, cause, Second::kNotAwaited, {waiting.first});
    }
    if (const auto level = levelOf(waiting)) {
      raiseFirst(*level, waiting, cause.at, Second::kNotAwaited, {*cause.breathless});
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
  const Code signal = signalToRepeat(highest, cause);
  const auto first = std::ranges::find(cause.reading, signal, &Observation::code);
  openGate(highest, cause.at, first != cause.reading.end() ? (*first)->reading : *cause.first,
           signal);
}

template <class Visit>
void Machine::forEachGround(std::size_t root, UtcTime at, Visit visit) const {
  const std::vector<Finding> findings = evaluatorAt(at).findings();
  const std::size_t end = program().nodes[root].end;
  // Below a "not" it is what is false that counts.
  std::vector<Truth> wanted(end, Truth::kTrue);
  for (std::size_t i = root; i < end; ++i) {
    const Node& node = program().nodes[i];
    for (std::size_t part = i + 1; node.kind == NodeKind::kNot && part < node.end; ++part) {
      wanted[part] = wanted[part] == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
    }
    // What it found are readings that held, which did not make it false.
    const bool isAgainst = node.kind == NodeKind::kRepeated && wanted[i] == Truth::kFalse;
    if (findings[i].truth == wanted[i] && !isAgainst) visit(node, findings[i]);
  }
}

Code Machine::signalToRepeat(std::size_t level, const Cause& cause) const {
  std::uint32_t grounds = 0;
  forEachGround(program().levels[level].root, cause.at,
                [&](const Node& node, const Finding&) { grounds |= signalOf(program(), node); });
  for (const std::uint32_t among : {cause.codes & grounds, cause.codes}) {
    if ((among & bitOf(rule().signal)) != 0) return rule().signal;
    for (const Code code : rule().signals) {
      if ((among & bitOf(code)) != 0) return code;
    }
  }
  return rule().signal;
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
         !isHigher(priority, state_.fired) && at < endOfCoolDown();
}

UtcTime Machine::endOfCoolDown() const {
  const Lineage::Version* raisedBy = lineage_.versionAt(state_.firedAt);
  return state_.firedAt + (raisedBy != nullptr ? raisedBy->rule.coolDown : rule().coolDown);
}

void Machine::raise(std::size_t level, const Cause& cause, Second second,
                    const std::vector<ReadingKey>& also) {
  std::vector<ReadingKey> inputs = inputsOf(program().levels[level].root, cause);
  append(inputs, also);
  raiseWith(level, cause.at, second, std::move(inputs));
}

void Machine::raiseWith(std::size_t level, UtcTime at, Second second,
                        std::vector<ReadingKey> inputs, std::optional<UtcTime> eventAt,
                        const RuleState* seen) {
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
       std::move(inputs), second, false, seen);
}

void Machine::raiseFirst(std::size_t level, const StandingGate& gate, UtcTime at, Second second,
                         std::vector<ReadingKey> inputs) {
  inputs.push_back(gate.first);
  std::optional<UtcTime> eventAt;
  if (second == Second::kNone) eventAt = gate.firstAt;
  const bool hasNewer = std::ranges::any_of(state_.series, [&](const SeriesState& series) {
    return series.newest() != nullptr && series.newest()->at > gate.firstAt;
  });
  if (!hasNewer) return raiseWith(level, at, second, std::move(inputs), eventAt);
  // What is said of it is what was measured then.
  RuleState then = state_;
  Machine past(lineage_, context_, history_, then, teller_);
  past.version_ = version_;
  const auto reach = reachOf(program());
  const UtcTime from = reach ? gate.firstAt - *reach : UtcTime::min();
  if (const auto loaded = past.load(gate.firstAt + Milliseconds{1}, from); !loaded) {
    fault_ = loaded.error();
    return;
  }
  raiseWith(level, at, second, std::move(inputs), eventAt, &then);
}

void Machine::tell(Transition transition, UtcTime at, std::optional<std::size_t> level,
                   std::vector<ReadingKey> inputs, Second second, bool isByClear,
                   const RuleState* seen) {
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
  const RuleState& state = seen != nullptr ? *seen : state_;
  teller_.tell(std::move(telling), {program(), context_, state, at});
}

bool Machine::isOfLevel(std::size_t level, const Cause& cause) const {
  if (cause.reading.empty()) return false;
  const std::size_t root = program().levels[level].root;
  const std::vector<ReadingKey> keys = grounds(root, cause.at);
  if (keys.empty()) {
    // True for want of readings: so is a level of this signal, and not one of the clock.
    for (std::size_t i = root; i < program().nodes[root].end; ++i) {
      if ((cause.codes & signalOf(program(), program().nodes[i])) != 0) return true;
    }
  }
  return std::ranges::any_of(cause.reading, [&](const Observation* observation) {
    return std::ranges::find(keys, observation->reading) != keys.end();
  });
}

std::vector<ReadingKey> Machine::grounds(std::size_t root, UtcTime at) const {
  std::vector<ReadingKey> inputs;
  forEachGround(root, at, [&](const Node& /*node*/, const Finding& finding) {
    append(inputs, finding.inputs);
  });
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
