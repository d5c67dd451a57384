// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's clock, and whether it may be believed. A hub without a clock chip wakes from a power
// cut with any time at all: until a time source has set the machine's clock once since the boot,
// the hub runs on its own from the last time it knew, and says so. What it places in time until
// then is a clock fault; as soon as the true time is known, the stretch is moved by one difference,
// because both ends are steady. Loop thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "pipelines/model/clock.h"

namespace vardnav::hub {

/// A stretch in which the clock ran evenly: utc = base + (steady - start).
struct ClockPeriod {
  std::int64_t id = 0;  ///< given by the journal; 0: not kept
  std::string boot;     ///< steady times of another boot of the machine mean nothing
  UtcTime base{};
  SteadyTime start{};
  bool isTrusted = true;

  friend bool operator==(const ClockPeriod&, const ClockPeriod&) = default;
};

class HubClock final : public Clock {
 public:
  /// `machine` outlives it; `boot` names this boot of the machine.
  HubClock(const Clock& machine, std::string boot) : machine_(machine), boot_(std::move(boot)) {}

  /// Once, before anyone asks. `floor`: the last time known from earlier runs; nullopt: none.
  void begin(std::optional<UtcTime> floor, bool isSynchronised);
  /// The machine's clock has been set by a time source: believed from now on, until the process
  /// ends. (Afterwards it drifts by seconds a day at most, which no reading notices.)
  void synchronise();

  UtcTime utcNow() const override;
  SteadyTime steadyNow() const override { return machine_.steadyNow(); }
  bool isTrusted() const { return period_.isTrusted; }

  /// To be kept for the next begin(); nullopt while nothing sure is known.
  std::optional<UtcTime> floorNow() const;
  const ClockPeriod& period() const { return period_; }
  void setPeriodId(std::int64_t id) { period_.id = id; }

  /// What must be added to the times of an untrusted `period`; nullopt while the true time is not
  /// known, and for ever if the period belongs to another boot.
  std::optional<Milliseconds> correctionOf(const ClockPeriod& period) const;

 private:
  void start(UtcTime base, bool isTrusted);

  const Clock& machine_;
  const std::string boot_;
  ClockPeriod period_;
  std::optional<UtcTime> floor_;  ///< at the start of an untrusted period
};

}  // namespace vardnav::hub
