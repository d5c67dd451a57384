// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// In the ordinary tests: every parser of ble/gatt has a corpus, and survives it. Arguments: the
// corpus folder.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/gatt_parsers.h"

namespace {

using namespace vardnav::ble::gatt;

/// How many of the inputs are accepted; -1 if one breaks the parser.
int replay(const Parser& parser, const std::filesystem::path& folder) {
  int accepted = 0;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const vardnav::Bytes octets{std::istreambuf_iterator<char>(file), {}};
    const Trial trial = parser.run(octets);
    if (trial == Trial::kBroken) {
      std::printf("%s breaks %s\n", entry.path().c_str(), parser.name.data());
      return -1;
    }
    if (trial == Trial::kAccepted) ++accepted;
  }
  return accepted;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  bool isWell = true;
  for (const Parser& parser : parsers()) {
    const int accepted = replay(parser, std::filesystem::path(argv[1]) / parser.name);
    if (accepted == 0) std::printf("%s has no input that it accepts\n", parser.name.data());
    isWell = isWell && accepted > 0;
  }
  return isWell ? 0 : 1;
}
