// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Tells a lost bond from radio trouble, by what a device did in a row: BlueZ has no sign for it,
// and keeps Paired true (bluez #433). Pure. Any thread.
//
// What was seen with the real stack when one side had forgotten: Connect succeeds, services do not
// come for 15 s, then the peer resets; a refused key is an AuthenticationFailed, or
// le-connection-abort-by-local, which a scan in the way and a weak link give as well. So a weak
// link proves nothing, and everything needs repeats. One good session clears it all.
#pragma once

#include <cstdint>
#include <optional>

namespace vardnav::ble::bluez {

enum class BondSign : std::uint8_t {
  kNone,
  kKeyRefused,         ///< 2 points
  kServicesNeverCame,  ///< 2; with a weak signal 0
  kAborted,            ///< le-connection-abort-by-local: 1; with a weak signal 0
  kLinkLost,           ///< while services were resolved: 1; with a weak signal 0
};

class BondEvidence {
 public:
  static constexpr int kWeakSignal = -85;  ///< dBm; below it, lost links are no wonder

  explicit BondEvidence(unsigned lostAfter) : lostAfter_(lostAfter) {}

  /// `rssi`: of the last advert, where known. `isRadioSound`: no doubt about the radio itself.
  void add(BondSign sign, std::optional<int> rssi, bool isRadioSound) {
    const bool isWeak = (rssi && *rssi < kWeakSignal) || !isRadioSound;
    switch (sign) {
      case BondSign::kNone:
        break;
      case BondSign::kKeyRefused:
        points_ += 2;
        break;
      case BondSign::kServicesNeverCame:
        points_ += isWeak ? 0 : 2;
        break;
      case BondSign::kAborted:
      case BondSign::kLinkLost:
        points_ += isWeak ? 0 : 1;
        break;
    }
  }
  void clear() { points_ = 0; }
  bool isLost() const { return points_ >= lostAfter_; }

 private:
  unsigned lostAfter_;
  unsigned points_ = 0;
};

}  // namespace vardnav::ble::bluez
