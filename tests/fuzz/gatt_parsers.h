// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Every parser of ble/gatt under one form, for fuzz targets and for totality tests.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "pipelines/model/bytes.h"

namespace vardnav::ble::gatt {

enum class Trial : std::uint8_t {
  kRefused,
  kAccepted,
  kBroken,  ///< what was decoded cannot be encoded, or decodes to something else then
};

struct Parser {
  std::string_view name;  ///< that of its fuzz target and corpus: "2A18"
  Trial (*run)(ByteView octets);
};

std::span<const Parser> parsers();

}  // namespace vardnav::ble::gatt
