// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A glucose meter: Glucose Service (1808) with record access, and its clock as Date Time (2A08)
// where several makes put it. It keeps every result, and gives none without a bond. Makes differ:
// Accu-Chek's clock can be set (the offset moves, not the base), Contour and CareSens have one that
// can be set and not read, TaiDoc has none; CareSens notifies each record twice, and marks a ketone
// result by meal 6 of its context (2A34); at TaiDoc number 0 is the newest and asking from a number
// gives all. Pure, loop thread only.
#pragma once

#include <deque>

#include "ble/virtual/device_clock.h"
#include "ble/virtual/gatt_table.h"
#include "ble/virtual/record_access_server.h"
#include "ble/virtual/scenario.h"

namespace vardnav::ble::virtual_home {

class GlucoseMeter final : public GattTable {
 public:
  /// `clock` is what its user sees; its base time is `timeOffset` behind.
  GlucoseMeter(const DeviceClock& clock, std::chrono::minutes timeOffset,
               Make make = Make::kStandard);

  void hold(const Measurement& what, UtcTime measuredAt) override;
  std::expected<Bytes, AttError> read(std::string_view characteristic, const Link& link,
                                      UtcTime now) override;
  std::expected<void, AttError> write(std::string_view characteristic, ByteView value,
                                      const Link& link, UtcTime now) override;
  void miscountNext() override { records_.miscountNext(); }
  void moveClock(std::chrono::seconds by) override { clock_.moveBy(by); }
  std::optional<Outgoing> takeNext() override;
  void linkLost() override;
  bool hasUncollected() const override {
    return make_ == Make::kTaiDoc ? records_.hasUnreported() : records_.hasUncollected();
  }
  std::size_t unsent() const override { return records_.unsent(); }

 private:
  void holdCapture(const Capture& capture);
  void holdValue(const GlucoseValue& value, LocalTime at);
  void holdKetone(const KetoneValue& value, LocalTime at);

  DeviceClock clock_;
  void keep(SentRecord record);
  void setClock(LocalTime shown, UtcTime now);

  std::chrono::minutes timeOffset_;
  Make make_;
  std::deque<Outgoing> more_;  // of the record that went out: its context, itself again
  RecordAccessServer records_{gatt::RecordNumberWidth::kU16};
};

}  // namespace vardnav::ble::virtual_home
