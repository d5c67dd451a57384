// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Which devices are bonded and trusted, kept over restarts in a JSON file, where bluetoothd keeps
// its own under /var/lib/bluetooth. Loop thread only.
#pragma once

#include <map>
#include <string>

#include "pipelines/model/error.h"

namespace vardnav::ble::virtual_home {

class BondStore {
 public:
  struct Bond {
    bool isBonded = false;
    bool isTrusted = false;
  };

  /// A file that is not there yet holds no bonds. Never opened: bonds last as long as the object.
  Result<void> open(std::string file);

  Bond of(const std::string& address) const;
  /// Replaces the file as a whole.
  Result<void> set(const std::string& address, const Bond& bond);

 private:
  std::string file_;
  std::map<std::string, Bond> bonds_;
};

}  // namespace vardnav::ble::virtual_home
