// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One parser of ble/gatt, the one named VARDNAV_PARSER: each is a target of its own.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "tests/fuzz/gatt_parsers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vardnav::ble::gatt;
  static const Parser& parser =
      *std::ranges::find(parsers(), std::string_view(VARDNAV_PARSER), &Parser::name);
  if (parser.run({data, size}) == Trial::kBroken) std::abort();
  return 0;
}
