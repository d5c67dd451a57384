// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/discovery.h"

#include <algorithm>
#include <utility>

#include "ble/bluez/bluez_error.h"

namespace vardnav::ble::bluez {

using Trip = RadioWatch::Trip;

Discovery::Discovery(Remote& remote, Timers& timers, Options options, Hooks hooks)
    : remote_(remote),
      options_(options),
      hooks_(std::move(hooks)),
      retry_(timers.make()),
      quietTimer_(timers.make()),
      retryDelay_(options.firstRetry) {}

void Discovery::enter(State state) {
  const bool wasOn = isOn();
  state_ = state;
  if (wasOn != isOn()) hooks_.searching(isOn());
}

void Discovery::useAdapter(const std::string& path, bool isDiscovering) {
  adapter_ = path;
  isDiscovering_ = isDiscovering;
  isRestarting_ = false;
  isProbing_ = false;
  hasStale_ = false;
  alive_ = std::make_shared<const char>();
  retry_->cancel();
  quietTimer_->cancel();
  retryDelay_ = options_.firstRetry;
  isWaiting_ = false;
  enter(State::kOff);
  evaluate();
}

void Discovery::seek(bool isSought) {
  isSought_ = isSought;
  evaluate();
}

void Discovery::pauseFor(std::function<void()> quiet) {
  isPaused_ = true;
  quiet_ = std::move(quiet);
  evaluate();
}

void Discovery::resume() {
  isPaused_ = false;
  quiet_ = nullptr;
  evaluate();
}

void Discovery::restart() {
  if (state_ != State::kOn) return;
  isRestarting_ = true;
  isProbing_ = true;
  stop();
}

void Discovery::onDiscovering(bool isOn) {
  isDiscovering_ = isOn;
  if (isOn) return;
  if (isRestarting_ && state_ == State::kOff) {
    quietTimer_->cancel();
    isRestarting_ = false;
    return evaluate();
  }
  if (state_ != State::kOn) return;
  // Ended without us: the adapter was switched off, or bluetoothd gave up.
  enter(State::kOff);
  retryLater({"", "discovery ended by itself"});
}

void Discovery::evaluate() {
  const bool wanted = isSought_ && !isPaused_ && !adapter_.empty();
  if (state_ == State::kOn && !wanted) return stop();
  if (state_ != State::kOff) return;  // the pending reply comes back here
  if (wanted && !isWaiting_ && !isRestarting_) {
    if (!std::exchange(hasStale_, false)) return start();
    isRestarting_ = true;
    return stop();
  }
  if (isPaused_ && quiet_) std::exchange(quiet_, nullptr)();
}

void Discovery::start() {
  enter(State::kStarting);
  wasDiscovering_ = isDiscovering_;
  remote_.setDiscoveryFilter(
      adapter_, options_.callTimeout, alive_, [this](const std::expected<void, CallError>& set) {
        if (!set) return onStarted(set);
        remote_.call(adapter_, kAdapter, "StartDiscovery", options_.callTimeout, alive_,
                     [this](const std::expected<void, CallError>& started) { onStarted(started); });
      });
}

void Discovery::onStarted(const std::expected<void, CallError>& result) {
  if (result) {
    retryDelay_ = options_.firstRetry;
    isProbing_ = false;
    enter(State::kOn);
    hooks_.trip(wasDiscovering_ ? Trip::kUnproven : Trip::kProven, "");
    return evaluate();
  }
  // InProgress: by BlueZ's word our own discovery runs already. Just after a stop it is a search
  // that cannot be ended, and a sign of a wedge (bluez #807).
  if (isBusy(result.error()) && isDiscovering_ && !isProbing_) {
    enter(State::kOn);
    hooks_.trip(Trip::kUnproven, textOf(result.error()));
    return evaluate();
  }
  // A start of before that we gave up on may still be pending, or be running by now.
  hasStale_ = isBusy(result.error()) || isTimeout(result.error());
  enter(State::kOff);
  retryLater(result.error());
}

void Discovery::stop() {
  enter(State::kStopping);
  remote_.call(adapter_, kAdapter, "StopDiscovery", options_.callTimeout, alive_,
               [this](const std::expected<void, CallError>& stopped) { onStopped(stopped); });
}

void Discovery::onStopped(const std::expected<void, CallError>& result) {
  enter(State::kOff);
  // An error says that none was running. An unanswered stop is no trip of its own: what comes
  // next, a start or a connection, meets the same silence.
  if (isRestarting_ && result && isDiscovering_) {
    quietTimer_->start(options_.quietTimeout, [this] {
      isRestarting_ = false;
      evaluate();
    });
  } else {
    isRestarting_ = false;
  }
  evaluate();
}

void Discovery::retryLater(const CallError& error) {
  hooks_.failed(textOf(error));
  isWaiting_ = true;
  retry_->start(retryDelay_, [this] {
    isWaiting_ = false;
    evaluate();
  });
  retryDelay_ = std::min(retryDelay_ * 2, options_.longestRetry);
  hooks_.trip(Trip::kFailed, textOf(error));
  evaluate();
}

}  // namespace vardnav::ble::bluez
