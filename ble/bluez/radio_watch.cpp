// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/radio_watch.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace vardnav::ble::bluez {

RadioWatch::RadioWatch(Timers& timers, const Clock& clock, RadioWatchOptions options, Hooks hooks)
    : clock_(clock),
      options_(options),
      hooks_(std::move(hooks)),
      silenceTimer_(timers.make()),
      recoveryTimer_(timers.make()),
      quiet_(options.firstQuiet),
      powerCyclePause_(options.firstPowerCyclePause) {
  quietSince_ = clock_.steadyNow();
}

void RadioWatch::reset() {
  silenceTimer_->cancel();
  recoveryTimer_->cancel();
  state_ = State::kAlive;
  isSearching_ = false;
  failures_ = 0;
  heardAt_.reset();
  quietSince_ = clock_.steadyNow();
  quiet_ = options_.firstQuiet;
  isOnTrial_ = false;
  powerCyclePause_ = options_.firstPowerCyclePause;
}

void RadioWatch::assumeDead() {
  state_ = State::kDead;
  recover();
}

bool RadioWatch::isContent() const {
  return state_ == State::kAlive && heardAt_ &&
         clock_.steadyNow() - *heardAt_ < options_.silence / 4;
}

void RadioWatch::onSearching(bool isSearching) {
  if (isSearching == isSearching_) return;
  isSearching_ = isSearching;
  silenceTimer_->cancel();
  if (!isSearching) return;
  searchingSince_ = clock_.steadyNow();
  arm();
}

void RadioWatch::arm() {
  const SteadyTime since = heardAt_ ? std::max(*heardAt_, searchingSince_) : searchingSince_;
  const auto rest = std::chrono::ceil<Milliseconds>(since + options_.silence - clock_.steadyNow());
  if (rest <= Milliseconds{0}) return onSilence();
  silenceTimer_->start(rest, [this] { arm(); });
}

// The search that follows the probe arms anew.
void RadioWatch::onSilence() {
  if (state_ == State::kAlive) enter(State::kSuspected, "no advert is heard");
  hooks_.probe();
}

void RadioWatch::onTrip(Trip trip, const std::string& detail) {
  if (trip == Trip::kUnproven) return;
  if (trip == Trip::kProven) {
    failures_ = 0;
    enter(State::kAlive, "the controller answers");
    return powerCycleIfQuiet();
  }
  ++failures_;
  if (failures_ >= options_.deadAfter) return enter(State::kDead, detail);
  if (state_ == State::kAlive) enter(State::kSuspected, detail);
}

void RadioWatch::onAdvert() {
  heardAt_ = clock_.steadyNow();
  quietSince_ = *heardAt_;
  quiet_ = options_.firstQuiet;
  failures_ = 0;
  enter(State::kAlive, "adverts are heard");
  if (std::exchange(isOnTrial_, false)) hooks_.wasDeaf();
}

void RadioWatch::enter(State state, const std::string& detail) {
  if (state == state_) return;
  state_ = state;
  if (state == State::kAlive) {
    recoveryTimer_->cancel();
    powerCyclePause_ = options_.firstPowerCyclePause;
  }
  hooks_.changed(state, detail);
  // The hook may have gone over to another adapter.
  if (state == State::kDead && state_ == State::kDead) recover();
}

void RadioWatch::recover() {
  const Milliseconds pause = powerCyclePause_;
  powerCyclePause_ = std::min(powerCyclePause_ * 2, options_.longestPowerCyclePause);
  recoveryTimer_->start(pause, [this] { recover(); });
  hooks_.powerCycle();
}

void RadioWatch::powerCycleIfQuiet() {
  const SteadyTime now = clock_.steadyNow();
  if (now - quietSince_ < quiet_ || hooks_.hasLinks()) return;
  quietSince_ = now;
  quiet_ = std::min(quiet_ * 2, options_.longestQuiet);
  isOnTrial_ = true;
  hooks_.powerCycle();
}

}  // namespace vardnav::ble::bluez
