// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The hub's state directory, held by one process at a time: two hubs on one journal would send
// under one id, and each would throw the other off the broker. Main thread only.
#pragma once

#include <string>

#include "pipelines/model/error.h"

namespace vardnav::hub {

class StateDirectory {
 public:
  /// Makes the directory if it is missing. Held until destruction, and freed by the kernel however
  /// the process ends. A fault is one line that says what to change.
  static Result<StateDirectory> hold(const std::string& path);

  StateDirectory(StateDirectory&& other) noexcept;
  StateDirectory& operator=(StateDirectory&&) = delete;
  ~StateDirectory();

 private:
  explicit StateDirectory(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace vardnav::hub
