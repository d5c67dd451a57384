// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/measurement_stamp.h"

#include "ble/gatt/blood_pressure.h"
#include "ble/gatt/body_composition.h"
#include "ble/gatt/pulse_oximeter.h"
#include "ble/gatt/temperature_measurement.h"
#include "ble/gatt/uuids.h"
#include "ble/gatt/weight_measurement.h"
#include "ble/session/vendor_uuids.h"

namespace vardnav::ble {
namespace {

std::optional<gatt::DateTime> weightStamp(ByteView octets) {
  const auto decoded = gatt::decodeWeightMeasurement(octets);
  return decoded ? decoded->value.time : std::nullopt;
}

}  // namespace

std::optional<gatt::DateTime> measurementStampOf(const RawRecord& record) {
  const std::string& from = record.characteristic;
  if (from == gatt::kWeightMeasurementUuid || from == kAndWeightUuid) {
    return weightStamp(record.bytes);
  }
  if (from == gatt::kBodyCompositionUuid) {
    const auto decoded = gatt::decodeBodyComposition(record.bytes);
    if (!decoded) return std::nullopt;
    return decoded->value.time ? decoded->value.time : weightStamp(record.context);
  }
  if (from == gatt::kBloodPressureMeasurementUuid) {
    const auto decoded = gatt::decodeBloodPressureMeasurement(record.bytes);
    return decoded ? decoded->value.context.time : std::nullopt;
  }
  if (from == gatt::kSpotCheckMeasurementUuid) {
    const auto decoded = gatt::decodeSpotCheckMeasurement(record.bytes);
    return decoded ? decoded->value.time : std::nullopt;
  }
  if (from == gatt::kTemperatureMeasurementUuid) {
    const auto decoded = gatt::decodeTemperatureMeasurement(record.bytes);
    return decoded ? decoded->value.time : std::nullopt;
  }
  return std::nullopt;
}

bool isFromStorage(const RawRecord& record) {
  if (record.characteristic != gatt::kSpotCheckMeasurementUuid) return false;
  const auto decoded = gatt::decodeSpotCheckMeasurement(record.bytes);
  if (!decoded) return false;
  return (decoded->value.status.measurement.value_or(0) & gatt::OximeterStatus::kFromStorage) != 0;
}

}  // namespace vardnav::ble
