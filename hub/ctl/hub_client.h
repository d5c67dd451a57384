// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The running hub as a technician's program sees it on the system bus: blocking calls that take
// and give text. One thread.
#pragma once

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

 private:
  struct Bus;
  std::unique_ptr<Bus> bus_;
};

}  // namespace vardnav::ctl
