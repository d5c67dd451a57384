// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What goes wrong in a virtual home, and when: faults of a device, of the radio and of bluetoothd,
// as homes have shown them. Plain data, any thread.
#pragma once

#include <cstdint>
#include <string>

#include "pipelines/model/time.h"

namespace vardnav::ble::virtual_home {

enum class FaultKind : std::uint8_t {
  kDropLink,        ///< "drop-link": the device hangs up after its next few values, as when a strip
                    ///< is put in
  kWrongCount,      ///< "wrong-count": its next answer to a count is one too high
  kGarbled,         ///< "garbled": its next frame comes with a wrong checksum, once (lung monitor)
  kSlowAnswers,     ///< "slow-answers": all that it says comes late, for a while
  kClock,           ///< "clock": its clock jumps, for good
  kBondLostThere,   ///< "bond-lost", side "device": the device has forgotten; links end unresolved
  kBondLostHere,    ///< "bond-lost", side "adapter": bluetoothd has forgotten the device
  kRadioWedge,      ///< "radio-wedge": no advert is heard and no search can begin, for a while
  kServiceRestart,  ///< "service-restart": bluetoothd ends, and is back after a while
};

struct PlannedFault {
  FaultKind kind = FaultKind::kDropLink;
  Milliseconds at{0};            ///< after the scenario's beginning
  std::string device;            ///< address; empty for the radio's and the service's
  unsigned values = 1;           ///< kDropLink: that still go out
  std::chrono::days clockBy{0};  ///< kClock
  Milliseconds lasts{0};         ///< kRadioWedge, kServiceRestart, kSlowAnswers
  Milliseconds lateBy{0};        ///< kSlowAnswers
};

}  // namespace vardnav::ble::virtual_home
