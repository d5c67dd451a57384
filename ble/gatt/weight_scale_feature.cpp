// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/weight_scale_feature.h"

#include <array>

#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {

std::optional<Decimal> WeightScaleFeature::weightResolutionKilogram() const {
  static constexpr std::array<Decimal, 8> kResolutions{
      Decimal(0, 0),  Decimal(5, -1), Decimal(2, -1), Decimal(1, -1),
      Decimal(5, -2), Decimal(2, -2), Decimal(1, -2), Decimal(5, -3)};
  if (weightResolution == 0 || weightResolution >= kResolutions.size()) return std::nullopt;
  return kResolutions[weightResolution];
}

Decoding<WeightScaleFeature> decodeWeightScaleFeature(ByteView octets) {
  OctetReader reader(octets);
  const std::uint32_t bits = reader.u32();
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  WeightScaleFeature out;
  out.hasTime = (bits & 1U) != 0;
  out.hasUsers = (bits & 2U) != 0;
  out.hasBmi = (bits & 4U) != 0;
  out.weightResolution = static_cast<std::uint8_t>(bits >> 3 & 0x0F);
  out.heightResolution = static_cast<std::uint8_t>(bits >> 7 & 0x07);
  return Decoded<WeightScaleFeature>{out, reader.remaining()};
}

Encoding encode(const WeightScaleFeature& feature) {
  if (feature.weightResolution > 0x0F || feature.heightResolution > 0x07) {
    return std::unexpected(Fault::kNotEncodable);
  }
  std::uint32_t bits = 0;
  if (feature.hasTime) bits |= 1U;
  if (feature.hasUsers) bits |= 2U;
  if (feature.hasBmi) bits |= 4U;
  bits |= std::uint32_t{feature.weightResolution} << 3;
  bits |= std::uint32_t{feature.heightResolution} << 7;
  OctetWriter writer;
  writer.u32(bits);
  return writer.take();
}

}  // namespace vardnav::ble::gatt
