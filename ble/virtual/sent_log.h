// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Ground truth for tests and the demo: one JSON line for every record, written as it goes out.
// Records sent again are written again. Loop thread only.
#pragma once

#include <string>
#include <string_view>

#include "ble/virtual/device_model.h"
#include "pipelines/model/error.h"
#include "pipelines/model/time.h"

namespace vardnav::ble::virtual_home {

class SentLog {
 public:
  SentLog() = default;
  ~SentLog();
  SentLog(const SentLog&) = delete;
  SentLog& operator=(const SentLog&) = delete;

  /// Appends to `file`; never opened, it writes nothing.
  Result<void> open(const std::string& file);
  /// One write(2) a line, so that a reader never sees half of one.
  Result<void> append(UtcTime sentAt, std::string_view device, const Outgoing& outgoing);

 private:
  int file_ = -1;
  std::string name_;
};

}  // namespace vardnav::ble::virtual_home
