// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The one owner of discovery: searching runs while someone is sought and nobody is being
// connected to (a controller that scans aborts its own connection attempts). Internal to this
// folder. Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "ble/bluez/remote.h"
#include "ble/session/timer.h"

namespace vardnav::ble::bluez {

class Discovery {
 public:
  using Failed = std::function<void(const std::string& detail)>;

  Discovery(Remote& remote, Timers& timers, Milliseconds retryDelay, Failed failed);

  /// A powered adapter; empty: none any more, and whatever ran there has ended.
  void useAdapter(const std::string& path);
  void seek(bool isSought);
  /// Calls `quiet` once discovery is off, and keeps it off until resume().
  void pauseFor(std::function<void()> quiet);
  void resume();
  /// BlueZ's own word, Adapter1.Discovering.
  void onDiscovering(bool isOn);

  bool isOn() const { return state_ == State::kOn; }

 private:
  enum class State : std::uint8_t { kOff, kStarting, kOn, kStopping };

  void evaluate();
  void start();
  void stop();
  void onStarted(const std::expected<void, CallError>& result);
  void retryLater(const CallError& error);

  Remote& remote_;
  Failed failed_;
  Milliseconds retryDelay_;
  std::unique_ptr<Timer> retry_;
  bool isWaiting_ = false;  // for retry_
  std::string adapter_;
  bool isSought_ = false;
  bool isPaused_ = false;
  State state_ = State::kOff;
  std::function<void()> quiet_;
  // Renewed when the adapter changes, so that replies of before are not heard.
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

}  // namespace vardnav::ble::bluez
