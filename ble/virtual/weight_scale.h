// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A scale: Weight Scale Service (181D), and its clock as Current Time (1805). As scales on sale
// do, it keeps a weighing until a subscribed client has confirmed its indication, then forgets it.
// Pure, loop thread only.
#pragma once

#include <deque>

#include "ble/virtual/device_clock.h"
#include "ble/virtual/gatt_table.h"

namespace vardnav::ble::virtual_home {

class WeightScale final : public GattTable {
 public:
  explicit WeightScale(const DeviceClock& clock);

  void hold(const Measurement& what, UtcTime measuredAt) override;
  std::expected<Bytes, AttError> read(std::string_view characteristic, const Link& link,
                                      UtcTime now) override;
  void moveClock(std::chrono::seconds by) override { clock_.moveBy(by); }
  std::optional<Outgoing> takeNext() override;
  void unconfirmed(const Outgoing& outgoing) override;
  bool hasUncollected() const override { return !waiting_.empty(); }
  std::size_t unsent() const override;

 private:
  DeviceClock clock_;
  std::deque<SentRecord> waiting_;
};

}  // namespace vardnav::ble::virtual_home
