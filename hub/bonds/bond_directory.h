// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// bluetoothd's store of bonds: <root>/<adapter>/<device>/info (BlueZ 5.66,
// doc/settings-storage.txt). Reached by descriptors and never through a symbolic link, since this
// program is privileged. One thread; bluetoothd must not run while something is written.
#pragma once

#include <string>
#include <vector>

#include "hub/bonds/archive.h"
#include "pipelines/model/error.h"

namespace vardnav::bonds {

enum class Existing : std::uint8_t { kKeep, kReplace };

struct Restored {
  std::vector<std::string> written;
  std::vector<std::string> same;  ///< was there with the same content
  std::vector<std::string> kept;  ///< was there with another, and may be newer
};

class BondDirectory {
 public:
  explicit BondDirectory(std::string root) : root_(std::move(root)) {}

  /// Of adapters that bluetoothd has seen, sorted.
  Result<std::vector<std::string>> adapters() const;
  /// Devices of `adapter` with a key; those that are only remembered are left out. Sorted.
  Result<std::vector<Bond>> read(const std::string& adapter) const;
  /// Each file whole or not at all. Stops at the first fault.
  Result<Restored> write(const std::string& adapter, const std::vector<Bond>& bonds,
                         Existing existing) const;

 private:
  std::string root_;
};

}  // namespace vardnav::bonds
