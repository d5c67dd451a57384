// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Whether the radio still works. Silence is only a suspicion, since a home can be quiet: it asks
// for a probe, and the controller's answer decides.
//
// The probe is StopDiscovery and StartDiscovery: with nobody else searching, bluetoothd answers a
// StartDiscovery only after the controller has confirmed that it scans. It needs no privilege,
// harms no link, exercises what the hub lives on, and by itself cures a search that died. Property
// round trips prove bluetoothd alone; Powered would end sessions; an advertisement of our own
// would show the hub to the neighbours.
//
// A radio that dies is known after `silence` and two rounds of an unanswered stop and start: under
// 60 s with the delivered time-outs (radio_watch_test). One that answers and hears nothing cannot
// be told from a quiet home: it is power-cycled now and then, when no link is up. Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ble/session/timer.h"
#include "pipelines/model/clock.h"

namespace vardnav::ble::bluez {

struct RadioWatchOptions {
  Milliseconds silence{20'000};               ///< without any advert while searching: probe
  unsigned deadAfter = 2;                     ///< failed starts in a row
  Milliseconds firstPowerCyclePause{30'000};  ///< between power cycles of a dead radio; doubles
  Milliseconds longestPowerCyclePause{600'000};
  Milliseconds firstQuiet{3'600'000};  ///< without any advert: a power cycle in case; doubles
  Milliseconds longestQuiet{86'400'000};
};

class RadioWatch {
 public:
  enum class State : std::uint8_t { kAlive, kSuspected, kDead };
  /// What came of asking the controller to scan.
  enum class Trip : std::uint8_t {
    kProven,
    kUnproven,  ///< another program searches as well: bluetoothd answers for the controller
    kFailed,
  };
  struct Hooks {
    std::function<void()> probe;
    std::function<void()> powerCycle;
    std::function<bool()> hasLinks;
    std::function<void(State, const std::string& detail)> changed;
    std::function<void()> wasDeaf;  ///< it hears again since a power cycle in case
  };

  RadioWatch(Timers& timers, const Clock& clock, RadioWatchOptions options, Hooks hooks);

  /// Another adapter, or none: nothing is known of it.
  void reset();
  /// What an earlier time with this adapter found.
  void assumeDead();
  void onSearching(bool isSearching);
  void onTrip(Trip trip, const std::string& detail);
  /// Of any device.
  void onAdvert();

  State state() const { return state_; }
  /// Adverts need not be told for now: the last one is young.
  bool isContent() const;

 private:
  void arm();
  void onSilence();
  void enter(State state, const std::string& detail);
  void recover();
  void powerCycleIfQuiet();

  const Clock& clock_;
  RadioWatchOptions options_;
  Hooks hooks_;
  std::unique_ptr<Timer> silenceTimer_;
  std::unique_ptr<Timer> recoveryTimer_;
  State state_ = State::kAlive;
  bool isSearching_ = false;
  unsigned failures_ = 0;
  std::optional<SteadyTime> heardAt_;  // the last advert
  SteadyTime searchingSince_{};
  SteadyTime quietSince_{};
  Milliseconds quiet_;
  bool isOnTrial_ = false;  // power-cycled in case, nothing heard since
  Milliseconds powerCyclePause_;
};

}  // namespace vardnav::ble::bluez
