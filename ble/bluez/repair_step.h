// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Where a device stands whose bond has to be made anew, for whoever guides a person through it.
// Any thread.
//
//   bond-lost, services-changed ── a person asks for it ──▶ awaiting-device ──▶ pairing ──▶ done
//                                                               ▲                ╲ pairing-failed
//                                                               ╰──── pause ──────╯
#pragma once

#include <cstdint>
#include <string_view>

namespace vardnav::ble::bluez {

enum class RepairStep : std::uint8_t {
  kBondLost,         ///< by repeated evidence; the device is left alone until a person acts
  kServicesChanged,  ///< BlueZ's picture of its services is old; only forgetting it renews that
  kAwaitingDevice,   ///< the old bond is gone: put the device into its pairing mode
  kPairing,
  kPairingFailed,  ///< not in its pairing mode, or refused; tried again when it shows itself
  kDone,
};

/// Names as in logs and on the bus: "bond-lost".
std::string_view nameOf(RepairStep step);

}  // namespace vardnav::ble::bluez
