// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A scale that says everything in its adverts (Xiaomi's, service data of 181D): while it wakes, its
// newest weighing, stable; it keeps no others, and there is nothing to connect to. Pure, loop
// thread only.
#pragma once

#include "ble/virtual/device_clock.h"
#include "ble/virtual/gatt_table.h"

namespace vardnav::ble::virtual_home {

class AdvertScale final : public GattTable {
 public:
  explicit AdvertScale(const DeviceClock& clock);

  void hold(const Measurement& what, UtcTime measuredAt) override;
  std::optional<Outgoing> takeNext() override { return std::nullopt; }
  Bytes serviceData() const override { return newest_.bytes; }
  std::optional<Outgoing> takeAdvert() override;
  void moveClock(std::chrono::seconds by) override { clock_.moveBy(by); }
  bool hasUncollected() const override { return isNew_; }
  std::size_t unsent() const override { return isNew_ && newest_.counts ? 1 : 0; }

 private:
  DeviceClock clock_;
  SentRecord newest_;
  bool isNew_ = false;
};

}  // namespace vardnav::ble::virtual_home
