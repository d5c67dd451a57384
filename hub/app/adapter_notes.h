// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What the hub keeps of its adapters between runs, and what it asks of the privileged helper when a
// spare serves: files in the state directory. Neither is needed for collecting, so a fault of the
// disk is logged and no more. Loop thread only.
//
//   adapter         the configured adapter and the address that has the bonds, a line each
//   adopt-address   "hci1 00:AA:01:00:00:42\n": give this controller that address; the helper
//                   (image/systemd/vardnav-adopt.path) removes it and does so
#pragma once

#include <string>

#include "ble/bluez/central.h"

namespace vardnav::hub {

class AdapterNotes {
 public:
  /// `configured` as in hub.toml: another choice there makes what was noted void.
  AdapterNotes(std::string state, std::string configured);

  /// Address of the adapter that has the bonds; empty: not known.
  const std::string& home() const { return home_; }
  void onRadio(const ble::bluez::RadioState& radio);

 private:
  void keepHome(const std::string& home);
  void ask(const std::string& request) const;

  std::string state_;
  std::string configured_;
  std::string home_;
  std::string asked_;  // once for each spare: where it does not work, people pair anew
};

}  // namespace vardnav::hub
