// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/bluez/discovery.h"

#include <utility>

#include "ble/bluez/bluez_error.h"

namespace vardnav::ble::bluez {
namespace {

constexpr Milliseconds kCallTimeout{15'000};

}  // namespace

Discovery::Discovery(Remote& remote, Timers& timers, Milliseconds retryDelay, Failed failed)
    : remote_(remote), failed_(std::move(failed)), retryDelay_(retryDelay), retry_(timers.make()) {}

void Discovery::useAdapter(const std::string& path) {
  adapter_ = path;
  state_ = State::kOff;
  alive_ = std::make_shared<const char>();
  retry_->cancel();
  isWaiting_ = false;
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

void Discovery::onDiscovering(bool isOn) {
  if (isOn || state_ != State::kOn) return;
  // Ended without us: the adapter was switched off, or bluetoothd gave up.
  state_ = State::kOff;
  retryLater({"", "discovery ended by itself"});
}

void Discovery::evaluate() {
  const bool wanted = isSought_ && !isPaused_ && !adapter_.empty();
  if (state_ == State::kOn && !wanted) return stop();
  if (state_ != State::kOff) return;  // the pending reply comes back here
  if (wanted && !isWaiting_) return start();
  if (isPaused_ && quiet_) std::exchange(quiet_, nullptr)();
}

void Discovery::start() {
  state_ = State::kStarting;
  remote_.setDiscoveryFilter(adapter_, alive_, [this](const std::expected<void, CallError>& set) {
    if (!set) return onStarted(std::unexpected(set.error()));
    remote_.call(adapter_, kAdapter, "StartDiscovery", kCallTimeout, alive_,
                 [this](const std::expected<void, CallError>& started) { onStarted(started); });
  });
}

void Discovery::onStarted(const std::expected<void, CallError>& result) {
  // InProgress: our own discovery runs already.
  if (result || isBusy(result.error())) {
    state_ = State::kOn;
    return evaluate();
  }
  state_ = State::kOff;
  retryLater(result.error());
}

void Discovery::stop() {
  state_ = State::kStopping;
  remote_.call(adapter_, kAdapter, "StopDiscovery", kCallTimeout, alive_,
               [this](const std::expected<void, CallError>&) {
                 // An error says that none was running.
                 state_ = State::kOff;
                 evaluate();
               });
}

void Discovery::retryLater(const CallError& error) {
  failed_(textOf(error));
  isWaiting_ = true;
  retry_->start(retryDelay_, [this] {
    isWaiting_ = false;
    evaluate();
  });
  evaluate();
}

}  // namespace vardnav::ble::bluez
