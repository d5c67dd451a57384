// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A Vitalograph lung monitor as its public application shows it: frames over Telit Terminal I/O
// (FEFB), one after each blow, in as many values as they need. Each value spends one of the credits
// that the client gave (00000003); each octet of an answer spends one of those the monitor gives
// (00000004), else it is lost. A frame that is answered with ACK is forgotten, with NAK sent anew;
// without an answer it comes again on the next link. No bond, no clock. Not validated on hardware.
// Pure, loop thread only.
#pragma once

#include <deque>

#include "ble/virtual/gatt_table.h"

namespace vardnav::ble::virtual_home {

class LungMonitor final : public GattTable {
 public:
  /// A value holds mtu − 3 octets.
  explicit LungMonitor(std::uint16_t mtu);

  void hold(const Measurement& what, UtcTime measuredAt) override;
  std::expected<void, AttError> write(std::string_view characteristic, ByteView value,
                                      const Link& link, UtcTime now) override;
  std::expected<void, AttError> subscribe(std::string_view characteristic, bool isOn,
                                          const Link& link) override;
  std::optional<Outgoing> takeNext() override;
  void garbleNext() override { isToBeGarbled_ = true; }
  void linkLost() override;
  bool hasUncollected() const override { return !frames_.empty(); }
  std::size_t unsent() const override;

 private:
  void onAnswer(ByteView octets);
  void cutFirst();

  std::size_t valueSize_;
  std::deque<SentRecord> frames_;  // the first one is sent, until it is acknowledged
  std::deque<Outgoing> pieces_;    // of it
  bool isAwaitingAnswer_ = false;
  bool isToBeGarbled_ = false;
  unsigned ourCredits_ = 0;    // values that may go out
  unsigned theirCredits_ = 0;  // octets that may come
  unsigned toGive_ = 0;
};

}  // namespace vardnav::ble::virtual_home
