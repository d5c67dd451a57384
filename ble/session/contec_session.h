// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Contec spirometers (SP10BT, SP80B; service FF12: write FF01, notify FF02). Not validated on
// hardware; the order is that of one public application, with a checksum (sum in 7 bits) behind
// each command:
//   80 → F0 . [83 time → F3] . 82 → F2 . 94 → E4 predicted . 90 → E0 count . 91 00 01 → E1 record
//   . 92 00 → E2 waveform . 91 01 01 → E1 next … . 91 7E 01 finish and keep
// A record's waveform, and with it the next record, is asked for once the record is committed. The
// commands that delete (91 7F, 93) are never written. The waveform is not kept.
#pragma once

#include "ble/session/session.h"

namespace vardnav::ble {

struct ContecOptions {
  Milliseconds stepTimeout{10'000};  ///< restarted by each value
};

std::unique_ptr<Session> makeContecSession(const SessionPorts& ports, ContecOptions options = {});

}  // namespace vardnav::ble
