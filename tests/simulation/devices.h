// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What stands in the home. A glucose meter remembers what it measured and gives it again; its clock
// runs by itself, is wrong, and is set now and then. A scale says it once and has no clock.
// Whatever was measured is kept as the truth to hold the backend to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/hub_node.h"
#include "tests/simulation/world.h"

namespace vardnav::simulation {

struct Truth {
  UtcTime at{};
  LocalTime shown{};  ///< by the meter's clock
  std::uint32_t number = 0;
  std::int64_t milligramPerDecilitre = 0;
  bool isControl = false;
  /// Nobody could know its time: the meter's clock was set before it was given, or the machine's
  /// clock, believed, was wrong when it was.
  bool isTimeLost = false;
};

/// A believed clock this wrong misplaces what it places.
inline constexpr Milliseconds kMostWrong = std::chrono::seconds{110};

class Meter {
 public:
  Meter(World& world, HubNode& hub, DeviceId id);

  void measure();
  /// A session: everything above the hub's last record, in order, until one is not taken, or the
  /// link breaks.
  void show();
  /// To another time that may be wrong too: by hand, or because its battery was changed.
  void setClock();
  const std::vector<Truth>& memory() const { return memory_; }
  Bytes octetsOf(const Truth& truth) const;

 private:
  LocalTime clockNow() const;
  bool give(std::vector<RawRecord> records);

  World& world_;
  HubNode& hub_;
  const DeviceId id_;
  Milliseconds wrongBy_;     ///< of its clock against UTC; it knows no DST
  std::uint32_t given_ = 0;  ///< the last number that was taken, as it was told
  std::vector<Truth> memory_;
};

struct Weighing {
  UtcTime at{};
  std::int64_t gram = 0;
  std::optional<ReadingKey> key;  ///< nullopt: the hub did not say that it took it
  bool isTimeLost = false;
};

class Scale {
 public:
  Scale(World& world, HubNode& hub, DeviceId id) : world_(world), hub_(hub), id_(std::move(id)) {}
  /// Steps on it: the indication is confirmed before the hub sees it, and not repeated.
  void weigh();
  const std::vector<Weighing>& weighings() const { return weighings_; }

 private:
  World& world_;
  HubNode& hub_;
  const DeviceId id_;
  std::vector<Weighing> weighings_;
};

}  // namespace vardnav::simulation
