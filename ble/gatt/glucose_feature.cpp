// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/glucose_feature.h"

#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {

Decoding<GlucoseFeature> decodeGlucoseFeature(ByteView octets) {
  OctetReader reader(octets);
  const GlucoseFeature out{reader.u16()};
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<GlucoseFeature>{out, reader.remaining()};
}

Encoding encode(const GlucoseFeature& feature) {
  OctetWriter writer;
  writer.u16(feature.bits);
  return writer.take();
}

}  // namespace vardnav::ble::gatt
