// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A scale of several users (Weight Scale 181D, Body Composition 181B, User Data 181C), with the
// manners of Beurer's: nothing can be subscribed without a bond, consent is refused before the
// clock is set, the first body composition of a link is a placeholder of zeros, and what belongs
// to a user goes only to a client with that user's consent. Whom it did not know it tells to any.
// Pure, loop thread only.
#pragma once

#include <set>
#include <vector>

#include "ble/virtual/reporter.h"

namespace vardnav::ble::virtual_home {

class BodyScale final : public Reporter {
 public:
  BodyScale(const DeviceClock& clock, std::vector<ScaleUser> users);

  void hold(const Measurement& what, UtcTime measuredAt) override;
  std::expected<void, AttError> write(std::string_view characteristic, ByteView value,
                                      const Link& link, UtcTime now) override;
  std::expected<void, AttError> subscribe(std::string_view characteristic, bool isOn,
                                          const Link& link) override;
  std::optional<Outgoing> takeNext() override;
  void linkLost() override;

 private:
  bool mayGo(const Waiting& waiting) const override;
  void clockSet() override { isClockSet_ = true; }

  std::vector<ScaleUser> users_;
  std::set<std::uint8_t> consented_;
  bool isClockSet_ = false;    // on this link
  bool hasSentZeros_ = false;  // on this link
};

}  // namespace vardnav::ble::virtual_home
