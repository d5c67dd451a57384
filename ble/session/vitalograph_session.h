// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Vitalograph's lung monitors over Telit Terminal I/O (service FEFB): a frame after each blow,
// while connected. Not validated on hardware. Terminal I/O counts credits both ways: each value
// from the device spends one of those it was given (00000003), each of ours one it gave
// (00000004). A frame is answered with ACK once its record is committed, one that came broken with
// NAK, so that the device sends it again. Nothing else is ever written: no command that sets the
// clock or resets is known to leave the memory alone.
#pragma once

#include "ble/session/session.h"

namespace vardnav::ble {

struct VitalographOptions {
  std::uint8_t credits = 64;          ///< given at first, and again when few are left
  Milliseconds idle{300'000};         ///< without a value: several blows make one session
  Milliseconds frameTimeout{10'000};  ///< within a frame; then NAK
};

std::unique_ptr<Session> makeVitalographSession(const SessionPorts& ports,
                                                VitalographOptions options = {});

}  // namespace vardnav::ble
