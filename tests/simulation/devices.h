// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What stands in the home. A glucose meter remembers what it measured and gives it again; a scale
// says it once. Both clocks run by themselves and are wrong. Whatever was measured is kept as the
// truth to hold the backend to.
#pragma once

#include <string>
#include <vector>

#include "tests/simulation/hub_node.h"
#include "tests/simulation/world.h"

namespace vardnav::simulation {

struct Truth {
  UtcTime at{};
  std::uint32_t number = 0;
  std::int64_t milligramPerDecilitre = 0;
  bool isControl = false;
};

class Meter {
 public:
  Meter(World& world, HubNode& hub, DeviceId id);

  void measure();
  /// A session: everything above the hub's last record, in order, until one is not taken, or the
  /// link breaks.
  void show();
  const std::vector<Truth>& memory() const { return memory_; }
  const DeviceId& id() const { return id_; }
  Bytes octetsOf(const Truth& truth) const;

 private:
  LocalTime clockAt(UtcTime time) const;

  World& world_;
  HubNode& hub_;
  const DeviceId id_;
  Milliseconds wrongBy_;  ///< of its clock against Stockholm's at the start; it knows no DST
  std::vector<Truth> memory_;
};

class Scale {
 public:
  Scale(World& world, HubNode& hub, DeviceId id) : world_(world), hub_(hub), id_(std::move(id)) {}
  /// Steps on it: the indication is confirmed before the hub sees it, and not repeated.
  void weigh();
  std::vector<ReadingKey> taken;  ///< told to be accepted
  std::uint64_t lost = 0;         ///< while the hub was away or its disk full: never accepted

 private:
  World& world_;
  HubNode& hub_;
  const DeviceId id_;
};

}  // namespace vardnav::simulation
