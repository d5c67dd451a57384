// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A spirometer as a Generic Health Sensor (1840): live observations (2B8B) as soon as somebody
// listens, stored ones (2BDD) through record access, its clock as Elapsed Time (183F) in UTC.
// There is no such spirometer on sale; the layout is the specification's. Pure, loop thread only.
#pragma once

#include <deque>

#include "ble/virtual/device_clock.h"
#include "ble/virtual/gatt_table.h"
#include "ble/virtual/record_access_server.h"

namespace vardnav::ble::virtual_home {

class Spirometer final : public GattTable {
 public:
  /// Segments fill notifications of mtu − 3 octets.
  Spirometer(const DeviceClock& clock, std::uint16_t mtu);

  void hold(const Measurement& what, UtcTime measuredAt) override;
  std::expected<Bytes, AttError> read(std::string_view characteristic, const Link& link,
                                      UtcTime now) override;
  std::expected<void, AttError> write(std::string_view characteristic, ByteView value,
                                      const Link& link, UtcTime now) override;
  void miscountNext() override { records_.miscountNext(); }
  void moveClock(std::chrono::seconds by) override { clock_.moveBy(by); }
  std::optional<Outgoing> takeNext() override;
  void linkLost() override;
  bool hasUncollected() const override { return !live_.empty() || records_.hasUncollected(); }
  std::size_t unsent() const override;

 private:
  void holdCapture(const Capture& capture);
  void holdBlow(const Blow& blow, LocalTime at);
  void segment(std::string_view characteristic, SentRecord record, std::uint8_t& counter);

  DeviceClock clock_;
  std::size_t valueSize_;
  std::deque<SentRecord> live_;    // a blow waits here until a client listens, then is gone
  std::deque<Outgoing> segments_;  // of one record, the record in the last
  std::uint8_t liveCounter_ = 0;
  std::uint8_t storedCounter_ = 0;
  RecordAccessServer records_{gatt::RecordNumberWidth::kU32};
};

}  // namespace vardnav::ble::virtual_home
