// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What measures two persons whom hub and backend judge: devices of each kind that rules listen to,
// with clocks of their own that are wrong, which keep what was measured until the hub has it, and
// send some of it twice. Now and then they measure nothing, badly, or beyond their range.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "tests/simulation/hub_node.h"
#include "tests/simulation/world.h"

namespace vardnav::simulation {

enum class MonitorKind : std::uint8_t {
  kMillimoleMeter,  ///< glucose in mmol/L, HI, LO and NaN (2A18)
  kKetoneMeter,     ///< a CareSens: 2A18 whose context says ketone
  kSpirometer,      ///< FEV1, FVC and PEF in one frame (2B8B), some blows bad, some values NaN
  kOximeter,        ///< SpO2 and pulse (2A5E)
  kCuff,            ///< systolic, diastolic, mean, pulse (2A35)
  kThermometer,     ///< (2A1C)
  kAdvertScale,     ///< of whoever stands on it: the person is not confirmed (181D)
};

class Monitor {
 public:
  Monitor(World& world, HubNode& hub, DeviceId id, MonitorKind kind);

  void measure();
  /// All that the hub does not have yet, in order, until one is not taken.
  void show();

 private:
  /// From `low` to `high`, or somewhere in `ill` while the person is.
  struct Range {
    std::int64_t low = 0;
    std::int64_t high = 0;
    std::int64_t illLow = 0;
    std::int64_t illHigh = 0;
  };
  std::int64_t value(const Range& range);
  LocalTime clockNow() const;
  RawRecord glucose(bool isKetone);
  RawRecord spirometry();
  RawRecord saturation();
  RawRecord pressure();
  RawRecord temperature();
  RawRecord advert();
  RawRecord frame();

  World& world_;
  HubNode& hub_;
  const DeviceId id_;
  const MonitorKind kind_;
  Milliseconds wrongBy_;  ///< of its clock against Stockholm's at the start; it knows no DST
  bool isIll_ = false;
  std::uint16_t count_ = 0;
  std::vector<RawRecord> kept_;
};

}  // namespace vardnav::simulation
