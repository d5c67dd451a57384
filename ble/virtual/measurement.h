// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// What a virtual device comes to hold: captured bytes, or a value that its model encodes. Plain
// data, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "pipelines/model/bytes.h"
#include "pipelines/model/decimal.h"

namespace vardnav::ble::virtual_home {

/// Bytes sent as they were captured.
struct Capture {
  std::string characteristic;  ///< 16-bit UUID, upper case: "2A18"
  Bytes bytes;
  std::optional<std::uint32_t> number =
      std::nullopt;    ///< record number, where the bytes do not tell it
  bool counts = true;  ///< carries a measurement that must be stored
};

struct GlucoseValue {
  Decimal milligramPerDecilitre;
};

struct WeightValue {
  Decimal kilogram;
};

struct Blow {
  Decimal fev1;  ///< L
  Decimal fvc;   ///< L
  Decimal pef;   ///< L/min
};

using Measurement = std::variant<Capture, GlucoseValue, WeightValue, Blow>;

}  // namespace vardnav::ble::virtual_home
