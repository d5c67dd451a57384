// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A continuous glucose monitor (Continuous Glucose Monitoring Service 1.0.2, 181F): values (2AA7)
// the moment they are measured to whoever is subscribed, all of them again through record access
// by their minute, when its session began (2AAA), how far it is (2AA9), and a control point (2AAC)
// that tells its interval and refuses all else: nobody starts or stops this sensor. It has been
// running for ten days when the home begins, and gives nothing without a bond. Pure, loop thread
// only.
#pragma once

#include <chrono>
#include <deque>

#include "ble/virtual/device_clock.h"
#include "ble/virtual/gatt_table.h"
#include "ble/virtual/record_access_server.h"

namespace vardnav::ble::virtual_home {

class GlucoseSensor final : public GattTable {
 public:
  /// Before the instant `start`; what was measured earlier is none of this sensor's.
  static constexpr std::chrono::days kAge{10};

  GlucoseSensor(const DeviceClock& clock, UtcTime start);

  void hold(const Measurement& what, UtcTime measuredAt) override;
  std::expected<Bytes, AttError> read(std::string_view characteristic, const Link& link,
                                      UtcTime now) override;
  std::expected<void, AttError> write(std::string_view characteristic, ByteView value,
                                      const Link& link, UtcTime now) override;
  std::expected<void, AttError> subscribe(std::string_view characteristic, bool isOn,
                                          const Link& link) override;
  std::optional<Outgoing> takeNext() override;
  void miscountNext() override { records_.miscountNext(); }
  void linkLost() override;
  bool hasUncollected() const override { return records_.hasUncollected(); }
  std::size_t unsent() const override { return records_.unsent(); }

 private:
  std::optional<std::uint16_t> minuteOf(UtcTime instant) const;
  std::expected<void, AttError> obey(ByteView request);
  void keep(SentRecord record);

  UtcTime begun_;
  LocalTime begunShown_;
  std::deque<SentRecord> live_;  // to whoever is subscribed when they are measured
  std::optional<Bytes> answer_;  // of the control point
  RecordAccessServer records_{gatt::RecordNumberWidth::kU16};
};

}  // namespace vardnav::ble::virtual_home
