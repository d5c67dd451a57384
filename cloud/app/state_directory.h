// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The backend's state directory, served by one process at a time: a second one would break the
// access log's chain under the first, which then shows nothing any more, and each would throw the
// other off the broker. Commands that import or add users do not serve. Main thread only.
#pragma once

#include <string>

#include "pipelines/model/error.h"

namespace vardnav::cloud {

/// Makes it if it is missing. A fault is one line that says what to change.
Result<void> makeStateDirectory(const std::string& path);

class ServedState {
 public:
  /// Of a directory that is there. Held until destruction, and freed by the kernel however the
  /// process ends. kUnavailable: another one serves it.
  static Result<ServedState> hold(const std::string& path);

  ServedState(ServedState&& other) noexcept;
  ServedState& operator=(ServedState&&) = delete;
  ~ServedState();

 private:
  explicit ServedState(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace vardnav::cloud
