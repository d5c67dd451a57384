// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Rule documents: from the console, from a regional library, in a hub's configuration.
#include "rules/document.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)vardnav::rules::compile({reinterpret_cast<const char*>(data), size}).has_value();
  return 0;
}
