// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// All by which the hub tells the person at home something. That it tells, and by what, is in the
// heartbeat; so are a light or a sound that does not work, and a home in which nothing tells
// anybody for a while. Loop thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hub/app/fault_book.h"
#include "hub/core/home_signal.h"

namespace vardnav::hub {

class HomeSignals {
 public:
  static constexpr Milliseconds kPatience{120'000};  ///< for a page to come, before that is a fault

  /// One line for the log.
  using Note = std::function<void(const std::string&)>;

  /// `faults` outlives it.
  HomeSignals(FaultBook& faults, Note note) : faults_(faults), note_(std::move(note)) {}

  /// `name`: "light", "sound" or "page".
  void add(std::string name, std::unique_ptr<HomeSignal> signal);

  /// About once a second; `now` by the hub's clock.
  void show(const std::vector<Notice>& notices, UtcTime now, SteadyTime steady);

 private:
  struct Named {
    std::string name;
    std::unique_ptr<HomeSignal> signal;
    std::string fault;  ///< as told; empty: none
  };

  void watchThatSomethingTells(bool isHeard, UtcTime now, SteadyTime steady);
  /// The names of those that reach somebody.
  std::string showAll(const std::vector<Notice>& notices, UtcTime now, SteadyTime steady);

  FaultBook& faults_;
  Note note_;
  std::vector<Named> signals_;
  std::vector<Notice> told_;
  std::optional<SteadyTime> unheardSince_;  ///< nothing tells anybody
};

}  // namespace vardnav::hub
