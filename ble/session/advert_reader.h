// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Scales that say everything in adverts (Xiaomi; service data of 181D and 181B). One weighing is
// told many times: its first final value is delivered, and nothing more until the load is gone or
// the scale has been silent. Anyone can send an advert, so that what it says is unconfirmed
// (intake), and a flood of them is kept off the disk. Loop thread only.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "ble/session/device_description.h"
#include "ble/session/record_sink.h"
#include "pipelines/model/clock.h"

namespace vardnav::ble {

struct AdvertOptions {
  Milliseconds silence{60'000};  ///< after it the next final value is a new weighing
  unsigned mostPerDay = 100;     ///< records of one device
};

class AdvertReader {
 public:
  /// Both outlive it.
  AdvertReader(RecordSink& sink, const Clock& clock, AdvertOptions options = {})
      : sink_(sink), clock_(clock), options_(options) {}

  void onAdvert(const Advert& advert);
  /// Of final values beyond the day's bound, since the start.
  unsigned dropped() const { return dropped_; }

 private:
  struct Scale {
    bool hasTold = false;  ///< of this weighing
    SteadyTime heard{};
    std::optional<SteadyTime> dayBegan;
    unsigned today = 0;
  };

  void take(const Advert& advert, const Advert::ServiceData& data);
  bool mayTell(Scale& scale, SteadyTime now);

  RecordSink& sink_;
  const Clock& clock_;
  AdvertOptions options_;
  std::map<DeviceId, Scale> scales_;
  unsigned dropped_ = 0;
  std::shared_ptr<const char> alive_ = std::make_shared<const char>();
};

}  // namespace vardnav::ble
