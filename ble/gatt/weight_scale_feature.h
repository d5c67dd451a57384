// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Weight Scale Feature (2A9E), Weight Scale Service 1.0.1, 3.1; u32:
//   b0 time stamp, b1 multiple users, b2 BMI, b3-6 weight resolution, b7-9 height resolution
#pragma once

#include <cstdint>
#include <optional>

#include "ble/gatt/fault.h"
#include "pipelines/model/decimal.h"

namespace vardnav::ble::gatt {

struct WeightScaleFeature {
  bool hasTime = false;
  bool hasUsers = false;
  bool hasBmi = false;
  std::uint8_t weightResolution = 0;  ///< code, 0 not specified, 1 coarsest to 7
  std::uint8_t heightResolution = 0;  ///< code, 0 not specified

  /// kg for codes 1 to 7 (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005).
  std::optional<Decimal> weightResolutionKilogram() const;

  friend bool operator==(const WeightScaleFeature&, const WeightScaleFeature&) = default;
};

Decoding<WeightScaleFeature> decodeWeightScaleFeature(ByteView octets);
Encoding encode(const WeightScaleFeature& feature);

}  // namespace vardnav::ble::gatt
