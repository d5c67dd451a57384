// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's time for devices that set their clocks by it: the home's wall clock, while the hub
// knows the time. Any thread that may ask the clock.
#pragma once

#include <functional>

#include "ble/bluez/time_source.h"
#include "pipelines/model/clock.h"

namespace vardnav::hub {

class HubTime final : public ble::bluez::TimeSource {
 public:
  HubTime(const Clock& clock, std::function<bool()> isKnown)
      : clock_(clock), isKnown_(std::move(isKnown)) {}

  bool isKnown() const override { return isKnown_(); }
  Bytes currentTime() const override;
  Bytes localTimeInformation() const override;

 private:
  const Clock& clock_;
  std::function<bool()> isKnown_;
};

}  // namespace vardnav::hub
