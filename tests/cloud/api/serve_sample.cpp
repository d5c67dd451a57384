// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A backend with a few readings and alerts, for openapi_test.py: prints its port and, a line each,
// the operations its routes answer; ends at the end of standard input.
#include <iostream>

#include "tests/cloud/api/backend.h"

int main() {
  vardnav::cloud::testing::Backend backend;
  backend.storeReading(1);
  backend.raiseAlert(2);
  backend.raiseAlert(3);
  backend.reportFault("radio-dead");
  std::cout << backend.port() << '\n';
  for (const std::string& operation : backend.operations()) std::cout << operation << '\n';
  std::cout << std::endl;  // an empty line, and out with it
  std::string line;
  while (std::getline(std::cin, line)) backend.storeReading(std::stoi(line));
}
