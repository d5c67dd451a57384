// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Service data that Xiaomi body scales advertise; no connection. Vendor layout behind two standard
// services, known from captures (tests/data/ble_vectors.jsonl):
//   181D: flags (b0 lb, b4 jin, b5 stable, b7 load removed) . weight u16 . date time 7
//   181B: unit (2 kg, 3 lb) . flags (b1 impedance, b5 stable, b6 jin, b7 load removed)
//         . date time 7 . impedance u16, ohm . weight u16
// Weight counts 1/200 kg, else 1/100 of its unit. Anyone can send this, and the scale's clock is
// often unset: never to be attributed to a person by itself, nor its time believed.
#pragma once

#include <cstdint>
#include <optional>

#include "ble/gatt/date_time.h"
#include "ble/gatt/fault.h"
#include "pipelines/model/decimal.h"

namespace vardnav::ble::gatt {

struct ScaleAdvert {
  enum class WeightUnit : std::uint8_t { kKilogram, kPound, kJin };  ///< jin: 0.5 kg

  Decimal weight;  ///< in `unit`
  WeightUnit unit = WeightUnit::kKilogram;
  bool isStable = false;
  bool isLoadRemoved = false;
  DateTime time;                              ///< all unknown if no calendar has it
  std::optional<std::uint16_t> impedanceOhm;  ///< nullopt: not measured

  /// A final weight of somebody who still stands on the scale.
  bool isReading() const { return isStable && !isLoadRemoved; }

  friend bool operator==(const ScaleAdvert&, const ScaleAdvert&) = default;
};

/// Service data of 181D.
Decoding<ScaleAdvert> decodeWeightAdvert(ByteView octets);
/// Service data of 181B.
Decoding<ScaleAdvert> decodeBodyCompositionAdvert(ByteView octets);
/// kNotEncodable if the weight is no multiple of its resolution.
Encoding encodeWeightAdvert(const ScaleAdvert& advert);
Encoding encodeBodyCompositionAdvert(const ScaleAdvert& advert);

}  // namespace vardnav::ble::gatt
