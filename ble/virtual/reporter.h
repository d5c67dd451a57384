// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Devices that tell what they measured and then forget it: blood pressure monitors (1810),
// oximeters (1822), thermometers (1809), heart rate belts (180D). They keep a record until a
// subscribed client has confirmed it, and have a clock that can be read and set (2A08, 2A2B); a
// belt has neither memory nor clock. An oximeter's stored spot checks go out only when record
// access asks for them. Pure, loop thread only.
#pragma once

#include <deque>
#include <optional>

#include "ble/virtual/device_clock.h"
#include "ble/virtual/gatt_table.h"
#include "ble/virtual/scenario.h"

namespace vardnav::ble::virtual_home {

class Reporter : public GattTable {
 public:
  Reporter(ModelKind kind, const DeviceClock& clock);

  void hold(const Measurement& what, UtcTime measuredAt) override;
  std::expected<Bytes, AttError> read(std::string_view characteristic, const Link& link,
                                      UtcTime now) override;
  std::expected<void, AttError> write(std::string_view characteristic, ByteView value,
                                      const Link& link, UtcTime now) override;
  std::optional<Outgoing> takeNext() override;
  void unconfirmed(const Outgoing& outgoing) override;
  void linkLost() override;
  void moveClock(std::chrono::seconds by) override { clock_.moveBy(by); }
  bool hasUncollected() const override { return !waiting_.empty(); }
  std::size_t unsent() const override;

 protected:
  struct Waiting {
    std::string characteristic;
    SentRecord record;
    std::optional<std::uint8_t> user = std::nullopt;
  };

  Reporter(std::vector<Service> services, std::string_view modelName, const DeviceClock& clock);

  const DeviceClock& clock() const { return clock_; }
  void keep(Waiting waiting) { waiting_.push_back(std::move(waiting)); }
  /// Now, to whoever is subscribed to its characteristic.
  virtual bool mayGo(const Waiting& waiting) const;
  /// The client has set the clock on this link.
  virtual void clockSet() {}
  /// Goes before all records.
  void answer(std::string_view characteristic, Bytes value);

 private:
  std::expected<void, AttError> askRecords(ByteView request);

  DeviceClock clock_;
  std::deque<Waiting> waiting_;
  std::optional<Waiting> taken_;  // the last one, which comes back if it is not confirmed
  bool isAsked_ = false;          // a report of stored records is running
  std::deque<Outgoing> answers_;
};

}  // namespace vardnav::ble::virtual_home
