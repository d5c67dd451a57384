// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// vardnav-home as a child process with its files in a directory of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vardnav::test {

class HomeProcess {
 public:
  HomeProcess();
  /// Ends it, and removes its files.
  ~HomeProcess();
  HomeProcess(const HomeProcess&) = delete;
  HomeProcess& operator=(const HomeProcess&) = delete;

  std::filesystem::path file(const std::string& name) const { return directory_ / name; }
  /// Starts it on the bus of the environment; its output goes to file("out") and file("err").
  void start(const std::vector<std::string>& arguments);
  /// SIGTERM; its exit status.
  int stop();
  /// Waits until it ends by itself; its exit status, -1 if it does not.
  int wait();
  std::string contents(const std::string& name) const;

 private:
  int reap(int seconds);

  std::filesystem::path directory_;
  int pid_ = -1;
};

}  // namespace vardnav::test
