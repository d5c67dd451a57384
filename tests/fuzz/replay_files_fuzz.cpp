// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Files of readings and their context, for replay.
#include "rules/context_file.h"
#include "rules/readings_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)vardnav::rules::parseReadings(text).has_value();
  (void)vardnav::rules::parseContext(text).has_value();
  return 0;
}
