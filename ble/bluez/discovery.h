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

#include "ble/bluez/radio_watch.h"
#include "ble/bluez/remote.h"
#include "ble/session/timer.h"

namespace vardnav::ble::bluez {

class Discovery {
 public:
  struct Hooks {
    std::function<void(const std::string& detail)> failed;
    std::function<void(RadioWatch::Trip, const std::string& detail)> trip;
    std::function<void(bool isOn)> searching;
  };
  struct Options {
    Milliseconds callTimeout{6'000};
    Milliseconds firstRetry{2'000};  ///< doubles
    Milliseconds longestRetry{30'000};
    /// For Discovering to become false after a stop; longer means that someone else searches.
    Milliseconds quietTimeout{1'000};
  };

  Discovery(Remote& remote, Timers& timers, Options options, Hooks hooks);

  /// A powered adapter, and whether somebody searches on it already; empty: none any more, and
  /// whatever ran there has ended.
  void useAdapter(const std::string& path, bool isDiscovering);
  void seek(bool isSought);
  /// Calls `quiet` once discovery is off, and keeps it off until resume().
  void pauseFor(std::function<void()> quiet);
  void resume();
  /// Stops and starts a search that runs; without one, the next start is as telling.
  void restart();
  /// BlueZ's own word, Adapter1.Discovering: of all programs together.
  void onDiscovering(bool isOn);

  bool isOn() const { return state_ == State::kOn; }

 private:
  enum class State : std::uint8_t { kOff, kStarting, kOn, kStopping };

  void enter(State state);
  void evaluate();
  void start();
  void stop();
  void onStarted(const std::expected<void, CallError>& result);
  void onStopped(const std::expected<void, CallError>& result);
  void retryLater(const CallError& error);

  Remote& remote_;
  Options options_;
  Hooks hooks_;
  std::unique_ptr<Timer> retry_;
  std::unique_ptr<Timer> quietTimer_;
  Milliseconds retryDelay_;
  bool isWaiting_ = false;  // for retry_
  std::string adapter_;
  bool isSought_ = false;
  bool isPaused_ = false;
  bool isRestarting_ = false;    // until Discovering is false
  bool isProbing_ = false;       // until a start succeeds
  bool hasStale_ = false;        // to be stopped before the next start
  bool isDiscovering_ = false;   // anyone
  bool wasDiscovering_ = false;  // before our start: its answer proves nothing
  State state_ = State::kOff;
  std::function<void()> quiet_;
  // Renewed when the adapter changes, so that replies of before are not heard.
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

}  // namespace vardnav::ble::bluez
