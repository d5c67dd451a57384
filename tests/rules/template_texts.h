// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// The shipped templates as text.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace vardnav::rules {

inline std::string templateText(const std::string& name) {
  std::ifstream file(VARDNAV_SOURCE_DIR "/rules/templates/" + name + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::vector<std::string> templateNames() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(VARDNAV_SOURCE_DIR "/rules/templates")) {
    names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace vardnav::rules
