// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the clock brings: versions, pauses, gates, slots, absences, cool-downs.
#include <algorithm>
#include <iterator>
#include <utility>

#include "rules/engine/engine.h"
#include "rules/engine/feeding.h"
#include "rules/engine/machine.h"
#include "rules/engine/reach.h"
#include "rules/engine/slots.h"

namespace vardnav::rules {
namespace {

void take(std::optional<UtcTime>& least, std::optional<UtcTime> other) {
  if (other && (!least || *other < *least)) least = other;
}

bool isHolding(const Lineage& lineage, const Pause& pause) {
  if (pause.until <= pause.from || lineage.isFloor()) return false;
  return pause.rules.empty() || std::ranges::find(pause.rules, lineage.id()) != pause.rules.end();
}

}  // namespace

Result<void> Machine::advance(UtcTime until) {
  if (!state_.since) state_.since = until;
  while (true) {
    const auto* reached = versionReached(until);
    const auto isInForce = useVersionAt(
        reached != nullptr ? std::max(position(), reached->effectiveFrom) : position());
    if (!isInForce) return std::unexpected(isInForce.error());
    const auto activation = nextActivation();
    std::optional<UtcTime> due;
    if (*isInForce) due = nextDue();
    if (activation && *activation <= until && (!due || *activation <= *due)) {
      if (const auto used = useVersionAt(*activation); !used) return std::unexpected(used.error());
      continue;
    }
    if (fault_) return std::unexpected(*fault_);
    if (!due || *due > until) return {};
    const UtcTime at = *due;
    if (nextPauseBoundary() == at) firePause(at);
    fireGate(at);
    fireSlots(at);
    fireAbsences(at);
    fireCoolDown(at);
    state_.firedUntil = std::max(state_.firedUntil, at);
    state_.newestEvent = std::max(state_.newestEvent, at);
  }
}

std::optional<UtcTime> Machine::nextDue() const {
  std::optional<UtcTime> due = nextPauseBoundary();
  if (state_.gate) take(due, state_.gate->firstAt + rule().gate.until);
  if (state_.isHeld) take(due, endOfCoolDown());
  if (rule().schedule) take(due, nextSlotDue());
  take(due, nextAbsence());
  return due;
}

std::optional<UtcTime> Machine::nextActivation() const {
  for (const auto& version : lineage_.versions()) {
    const UtcTime from = version->effectiveFrom;
    if (from > position() && (version_ == nullptr || from > version_->effectiveFrom)) return from;
  }
  return std::nullopt;
}

std::optional<UtcTime> Machine::nextAbsence() const {
  std::optional<UtcTime> due;
  for (std::size_t i = 0; i < program().absences.size(); ++i) {
    if ((state_.absencesFired >> i & 1U) != 0) continue;
    const UtcTime from =
        absentFrom(program().absences[i], state_.newestValid[i], state_.since.value_or(kNever));
    if (from != UtcTime::max()) take(due, std::max(from, version_->effectiveFrom));
  }
  return due;
}

UtcTime Machine::nextSlotDue() const {
  if (state_.nextSlot != kNever) return state_.nextSlot;
  const UtcTime start = std::max(state_.since.value_or(kNever), version_->effectiveFrom);
  const UtcTime done = std::max(state_.slotsDone, start - Milliseconds{1});
  state_.nextSlot = nextSlotTime(*rule().schedule, done).value_or(UtcTime::max());
  return state_.nextSlot;
}

bool isPausedAt(const Lineage& lineage, const Context& context, UtcTime at) {
  return std::ranges::any_of(context.pauses, [&](const Pause& pause) {
    return isHolding(lineage, pause) && pause.from <= at && at < pause.until;
  });
}

const Lineage::Version* Machine::versionReached(UtcTime until) const {
  const Lineage::Version* reached = lineage_.versionAt(position());
  for (const auto& version : lineage_.versions()) {
    const bool isLater = reached == nullptr || version->effectiveFrom > reached->effectiveFrom;
    const bool isUsed = version.get() == version_ || version->program->identity == state_.program;
    if (isLater && isUsed && version->effectiveFrom <= until) reached = version.get();
  }
  return reached;
}

std::optional<UtcTime> Machine::peek() {
  if (!state_.since) return std::nullopt;
  version_ = versionReached(UtcTime::max());
  if (version_ == nullptr) return nextActivation();
  const bool isLoaded = state_.program == version_->program->identity &&
                        state_.newestValid.size() == version_->program->absences.size();
  if (!isLoaded) return std::max({position(), version_->effectiveFrom, *state_.since});
  std::optional<UtcTime> due = nextDue();
  take(due, nextActivation());
  // Of a pause that is no more.
  if (!state_.unspoken.empty() && !nextPauseBoundary()) take(due, position());
  return due;
}

std::optional<UtcTime> Machine::nextPauseBoundary() const {
  if (context_.pauses.empty() && !state_.isPaused) return std::nullopt;
  const UtcTime here = position();
  if (state_.isPaused) {
    // Pauses that overlap or meet are one.
    UtcTime end = here;
    for (std::size_t i = 0; i < context_.pauses.size(); ++i) {
      for (const Pause& pause : context_.pauses) {
        if (isHolding(lineage_, pause) && pause.from <= end && end < pause.until) end = pause.until;
      }
    }
    return end;
  }
  std::optional<UtcTime> start;
  for (const Pause& pause : context_.pauses) {
    if (isHolding(lineage_, pause) && pause.until > here) take(start, std::max(pause.from, here));
  }
  return start;
}

void Machine::firePause(UtcTime at) {
  state_.newestEvent = std::max(state_.newestEvent, at);
  state_.firedUntil = std::max(state_.firedUntil, at);
  if (state_.isPaused) {
    state_.isPaused = false;
    return resume(at);
  }
  state_.isPaused = true;
  state_.gate.reset();
  state_.isHeld = false;
  tell(Transition::kPaused, at, std::nullopt, {});
}

void Machine::resume(UtcTime at) {
  tell(Transition::kResumed, at, std::nullopt, {});
  if (!runsAt(at)) return;
  const Standing standing = assess(at, false);
  noteStatus(standing, at);
  Cause cause;
  cause.at = at;
  // The second measurement can still be asked for while it would count.
  const Sample* newest = nullptr;
  Code signal = rule().signal;
  for (std::size_t i = 0; i < state_.series.size(); ++i) {
    const Sample* sample = state_.series[i].newest();
    if (sample == nullptr || (newest != nullptr && sample->at <= newest->at)) continue;
    newest = sample;
    signal = program().series[i].series.signal;
  }
  const bool isGated = standing.highest && program().levels[*standing.highest].isGated &&
                       isAboveOpen(*standing.highest);
  if (isGated && newest != nullptr && context_.canMeasureAgain &&
      newest->at + rule().gate.until > at && !isCoolingDown(priorityOf(*standing.highest), at)) {
    if (standing.highestUngated && isAboveOpen(*standing.highestUngated)) {
      raise(*standing.highestUngated, cause, Second::kNotAsked);
    }
    return openGate(*standing.highest, newest->at, newest->key, signal);
  }
  settle(standing, cause);
}

void Machine::fireGate(UtcTime at) {
  if (!state_.gate || state_.gate->firstAt + rule().gate.until != at) return;
  const StandingGate gate = *std::exchange(state_.gate, std::nullopt);
  const auto level = levelOf(gate);
  if (level && isAboveOpen(*level)) raiseFirst(*level, gate, at, Second::kNone, {});
}

void Machine::fireSlots(UtcTime at) {
  if (!rule().schedule || nextSlotDue() != at) return;
  state_.slotsDone = at;
  state_.nextSlot = kNever;
  bool isReminded = false;
  bool isJudged = false;
  for (const SlotEvent& event : slotEventsAt(*rule().schedule, at)) {
    // Of a slot that ended before there was a rule, nobody was reminded.
    if (lineage_.versionAt(event.slotEnd) == nullptr) continue;
    const bool isServed = state_.newestScheduled >= event.slotFrom;
    if (event.isGrace) {
      const int missed = state_.missed.value_or(0);
      state_.missed = static_cast<std::uint16_t>(isServed ? 0 : std::min(missed + 1, 10000));
      isJudged = true;
    } else if (!isServed && !isReminded && !state_.isPaused && runsAt(at)) {
      isReminded = true;
      tell(Transition::kReminder, at, std::nullopt, {});
    }
  }
  if (isJudged) judgeByClock(at);
}

void Machine::fireAbsences(UtcTime at) {
  bool isJudged = false;
  for (std::size_t i = 0; i < program().absences.size(); ++i) {
    if ((state_.absencesFired >> i & 1U) != 0) continue;
    const UtcTime from =
        absentFrom(program().absences[i], state_.newestValid[i], state_.since.value_or(kNever));
    if (from == UtcTime::max() || std::max(from, version_->effectiveFrom) > at) continue;
    state_.absencesFired |= 1U << i;
    isJudged = true;
  }
  if (isJudged) judgeByClock(at);
}

void Machine::fireCoolDown(UtcTime at) {
  if (!state_.isHeld || endOfCoolDown() > at) return;
  state_.isHeld = false;
  if (!runsAt(at)) return;
  const Standing standing = assess(at, false);
  // Of what stands before a gate the second measurement decides, not the end of a lower one's hold.
  std::optional<std::size_t> level;
  for (std::size_t i = program().levels.size(); i-- > 0;) {
    const bool isWaiting = state_.gate && priorityOf(i) <= state_.gate->priority;
    if ((standing.holds >> i & 1U) != 0 && !isWaiting) level = i;
  }
  if (!level || !isAboveOpen(*level)) return;
  Second second = Second::kNotAsked;
  if (state_.heldConfirmed) second = *state_.heldConfirmed ? Second::kAgreed : Second::kNone;
  raise(*level, {.at = at}, second);
}

bool Machine::runsAt(UtcTime at) const {
  return std::ranges::all_of(rule().needs,
                             [&](const std::string& name) {
                               return context_.prescribedAt(name, at).has_value();
                             }) &&
         std::ranges::all_of(rule().needsFacts,
                             [&](Fact fact) { return context_.isMarked(fact, at); });
}

Result<bool> Machine::useVersionAt(UtcTime at) {
  const Lineage::Version* inForce = lineage_.versionAt(at);
  if (inForce == nullptr) {
    version_ = nullptr;
    return false;
  }
  version_ = inForce;
  const Program& program = *inForce->program;
  const bool isOther = state_.program != program.identity ||
                       state_.series.size() != program.series.size() ||
                       state_.newestValid.size() != program.absences.size();
  if (!isOther && !state_.isSpilled) return true;
  const bool isFirst = state_.program == 0;
  const auto reach = isOther ? std::nullopt : reachOf(program);
  const UtcTime from = reach ? std::max(position(), UtcTime{}) - *reach : UtcTime::min();
  if (isOther) {
    state_.newestValid.assign(program.absences.size(), kNever);
    state_.newestScheduled = kNever;
    state_.absencesFired = 0;
    state_.levels = {};
    state_.nextSlot = kNever;
    state_.program = program.identity;
  }
  const auto absencesFired = state_.absencesFired;
  // What is at the very time that was judged last is judged too.
  const UtcTime judged = position() == kNever ? kNever : position() + Milliseconds{1};
  const auto loaded = load(std::max(at, judged), from);
  if (!loaded) return std::unexpected(loaded.error());
  if (!isOther) state_.absencesFired = absencesFired;
  // Readings that the rule would have judged, had it been there.
  const bool hasSkipped =
      *loaded != kNever && *loaded >= lineage_.versions().front()->effectiveFrom;
  if (isFirst && hasSkipped) state_.judgedBy = 0;
  return true;
}

Result<UtcTime> Machine::load(UtcTime before, UtcTime from) {
  const std::vector<SeriesState> kept =
      std::exchange(state_.series, std::vector<SeriesState>(program().series.size()));
  const auto missed = state_.missed;
  UtcTime newest = kNever;
  if (before > UtcTime::min()) {
    const auto past = observationsOf(history_, context_.person, program().signals, from,
                                     before - Milliseconds{1});
    if (!past) return std::unexpected(past.error());
    for (const Observation& observation : *past) {
      if (eventTimeOf(observation) >= before || doubtOf(observation, rule().audience)) continue;
      feed(program(), context_, observation, state_);
      newest = eventTimeOf(observation);
    }
  }
  state_.missed = missed;
  if (state_.isSpilled && kept.size() == state_.series.size()) {
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (state_.series[i].samples.empty()) state_.series[i] = kept[i];
    }
  }
  state_.isSpilled = false;
  return newest;
}

Result<std::vector<Observation>> observationsOf(const History& history, const PersonId& person,
                                                std::uint32_t signals, UtcTime from,
                                                UtcTime until) {
  std::vector<Observation> all;
  for (std::size_t i = 0; i < 32; ++i) {
    if ((signals >> i & 1U) == 0) continue;
    auto found = history.observations(person, static_cast<Code>(i), from, until);
    if (!found) return found;
    std::ranges::move(*found, std::back_inserter(all));
  }
  sortByEvent(all);
  return all;
}

}  // namespace vardnav::rules
