// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Scenarios of the virtual home. Diaries that one names are not found.
#include "ble/virtual/scenario.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)vardnav::ble::virtual_home::parseScenario(text, "/nonexistent", {}).has_value();
  return 0;
}
