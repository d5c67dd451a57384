// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/weight_measurement.h"
#include "pipelines/intake/measurement.h"

namespace vardnav::intake {

Decoded decodeWeight(ByteView octets) {
  const auto decoded = ble::gatt::decodeWeightMeasurement(octets);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  const ble::gatt::WeightMeasurement& measurement = decoded->value;
  const auto quantity = measurement.quantity();
  // Some scales send a frame of zero before they have weighed.
  if (!quantity || quantity->value.mantissa() == 0) return std::unexpected(Reason::kNoValue);

  Measurement result;
  result.user = measurement.user;
  result.values = {{Code::kWeight, Value::of(quantity->value), quantity->unit, {}}};
  if (measurement.time) {
    result.stamp.kind = Stamp::Kind::kUnknown;
    if (const auto local = measurement.time->local()) {
      result.stamp.kind = Stamp::Kind::kKnown;
      result.stamp.time = {DeviceTime::Timeline::kLocal, *local};
      result.hasRawStamp = true;
    }
  }
  // Body mass index and height follow from the profile on the scale, which its user may change.
  result.keyText = "weight|" + rawText(quantity->value) + "|" + std::string(ucumOf(quantity->unit));
  if (measurement.user) {
    result.keyText += "|" + (*measurement.user ? std::to_string(**measurement.user) : "unknown");
  }
  return result;
}

}  // namespace vardnav::intake
