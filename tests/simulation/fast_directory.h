// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A directory for the databases of a simulation.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace vardnav::simulation {

/// Only in memory: what a power cut does to a disk is the chaos suite's matter.
inline std::string fastFolder() {
  return std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
}

struct FastDirectory {
  FastDirectory() {
    std::string name = fastFolder() + "/vardnav-simulation-XXXXXX";
    path = ::mkdtemp(name.data());
    std::filesystem::create_directory(path + "/hub");
  }
  ~FastDirectory() { std::filesystem::remove_all(path); }
  FastDirectory(const FastDirectory&) = delete;
  FastDirectory& operator=(const FastDirectory&) = delete;
  std::string path;
};

}  // namespace vardnav::simulation
