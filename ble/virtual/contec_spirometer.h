// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A Contec spirometer (SP10, SP80; service FF12) as one public application talks to it: commands on
// FF01, answers on FF02 in pieces, each closed by a checksum (sum in 7 bits); the order is in
// ble/session/contec_session.h. It keeps its records, and gives the next one when it is asked to:
// so much its client has. Two commands delete: "finish and delete" (91 7F) and 93. Its time can be
// set and not read. No bond. Not validated on hardware. Pure, loop thread only.
#pragma once

#include <deque>

#include "ble/virtual/device_clock.h"
#include "ble/virtual/gatt_table.h"

namespace vardnav::ble::virtual_home {

class ContecSpirometer final : public GattTable {
 public:
  /// A value holds mtu − 3 octets.
  ContecSpirometer(const DeviceClock& clock, std::uint16_t mtu);

  void hold(const Measurement& what, UtcTime measuredAt) override;
  std::expected<void, AttError> write(std::string_view characteristic, ByteView value,
                                      const Link& link, UtcTime now) override;
  std::optional<Outgoing> takeNext() override;
  void miscountNext() override { miscount_ = 1; }
  void moveClock(std::chrono::seconds by) override { clock_.moveBy(by); }
  void linkLost() override;
  bool hasUncollected() const override;
  std::size_t unsent() const override;

 private:
  struct Held {
    SentRecord record;
    bool hasGoneOut = false;
    bool isCollected = false;
  };

  void holdCapture(const Capture& capture);
  void obey(ByteView command, UtcTime now);
  void giveRecords(ByteView command);
  void giveRecord(std::size_t index);
  void setClock(ByteView command, UtcTime now);
  void answer(Bytes octets);
  void send(const Bytes& octets);

  DeviceClock clock_;
  std::size_t valueSize_;
  std::deque<Held> held_;
  std::deque<Outgoing> pieces_;
  std::optional<std::size_t> given_;  // the record that was given last on this link
  unsigned miscount_ = 0;
};

}  // namespace vardnav::ble::virtual_home
