// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A dbus-daemon of the test's own on a socket in a temporary directory; the process's "system
// bus" while it lives. Any number of tests may run at once.
#pragma once

#include <string>

namespace vardnav::test {

class PrivateBus {
 public:
  PrivateBus();
  ~PrivateBus();
  PrivateBus(const PrivateBus&) = delete;
  PrivateBus& operator=(const PrivateBus&) = delete;

  /// Ends the daemon, as a crash would.
  void kill();

 private:
  std::string directory_;
  int pid_ = -1;
};

}  // namespace vardnav::test
