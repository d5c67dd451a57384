// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's pairing desk as a technician's program sees it: blocking calls of org.vardnav.Pairing1
// (hub/bus/pairing_object.h). One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pipelines/model/error.h"
#include "pipelines/model/time.h"

namespace vardnav::ctl {

class PairingClient {
 public:
  struct Matter {
    std::string device;
    std::string what;
    std::uint32_t number = 0;
    friend bool operator==(const Matter&, const Matter&) = default;
  };

  PairingClient();
  ~PairingClient();
  PairingClient(const PairingClient&) = delete;
  PairingClient& operator=(const PairingClient&) = delete;

  Result<void> open();
  Result<std::vector<Matter>> matters();
  Result<void> tellPasskey(const std::string& device, std::uint32_t passkey);
  Result<void> confirm(const std::string& device);
  /// Refuse, Repair or TryAgain.
  Result<void> tell(const std::string& method, const std::string& device);
  /// Until matters() may give another answer, or `longest` has passed.
  void awaitChange(Milliseconds longest);

 private:
  struct Bus;
  std::unique_ptr<Bus> bus_;
};

}  // namespace vardnav::ctl
