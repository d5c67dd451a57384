// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A backend with a few readings and alerts, for openapi_test.py and replay_test.py: prints its port
// and, a line each, the operations its routes answer. Then takes readings on standard input, by
// number or as lines of a readings file, says "stored" of each line, and ends at its end. With any
// argument it begins empty.
#include <iostream>

#include "tests/cloud/api/backend.h"

int main(int argc, char** /*argv*/) {
  vardnav::cloud::testing::Backend backend;
  if (argc == 1) {
    backend.storeReading(1);
    backend.raiseAlert(2);
    backend.raiseAlert(3);
    backend.reportFault("radio-dead");
    backend.watchBy({"glucose-low", "glucose-high", "glucose-above-range", "ketones"});
  }
  std::cout << backend.port() << '\n';
  for (const std::string& operation : backend.operations()) std::cout << operation << '\n';
  std::cout << std::endl;  // an empty line, and out with it
  std::string line;
  while (std::getline(std::cin, line)) {
    if (line.starts_with('{')) {
      backend.storeLine(line);
    } else {
      backend.storeReading(std::stoi(line));
    }
    std::cout << "stored" << std::endl;
  }
}
