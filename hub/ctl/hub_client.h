// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The running hub as a technician's program sees it on the system bus: blocking calls that take
// and give text. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "pipelines/model/error.h"

namespace vardnav::ctl {

/// What an error of the bus means to a technician. kUnavailable: no hub, or not for this user.
Error faultOf(const std::string& name, const std::string& message);

class HubClient {
 public:
  HubClient();
  ~HubClient();
  HubClient(const HubClient&) = delete;
  HubClient& operator=(const HubClient&) = delete;

  Result<void> open();
  /// `interface` without its prefix: "Status1".
  Result<std::string> ask(const std::string& interface, const std::string& method);

  // org.vardnav.Captures1 (hub/bus/captures_object.h).
  struct Page {
    std::int64_t last = 0;
    std::uint32_t seen = 0;
    std::uint32_t changed = 0;
  };
  Result<Page> redecode(std::int64_t after, bool isTry);
  Result<bool> redecodeNamed(const std::string& key);
  Result<std::string> quarantined(std::int64_t after);
  Result<void> settle(const std::string& key, const std::string& person);
  Result<void> discard(const std::string& key);

 private:
  struct Bus;
  std::unique_ptr<Bus> bus_;
};

}  // namespace vardnav::ctl
