// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// For schema_test.py: reads one rule document a line, says "ok" or its first fault.
#include <iostream>

#include "rules/document/document.h"

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto rule = vardnav::rules::compile(line);
    if (rule) {
      std::cout << "ok\n";
    } else {
      std::cout << rule.error().front().place << ": " << rule.error().front().reason << "\n";
    }
  }
  return 0;
}
