// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <array>
#include <string_view>

#include "ble/gatt/uuids.h"
#include "pipelines/intake/measurement.h"

namespace vardnav::intake {
namespace {

struct Decoder {
  std::string_view characteristic;
  Decoded (*decode)(ByteView);
};

constexpr std::array kDecoders = {
    Decoder{ble::gatt::kGlucoseMeasurementUuid, decodeGlucose},
    Decoder{ble::gatt::kWeightMeasurementUuid, decodeWeight},
    Decoder{ble::gatt::kLiveObservationsUuid, decodeHealth},
    Decoder{ble::gatt::kStoredObservationsUuid, decodeStoredHealth},
};

/// Nothing measured here is below zero, and 18 digits hold every real result.
bool isPossible(const Value& value) {
  if (value.kind != Value::Kind::kNumber) return true;
  return value.number.mantissa() >= 0 && Decimal::parse(value.number.toString()).has_value();
}

}  // namespace

Value valueOf(const ble::gatt::Number& number) {
  if (number) return Value::of(*number);
  switch (number.error()) {
    case ble::gatt::NoNumber::kPlusInfinity:
      return {Value::Kind::kHigh, {}};
    case ble::gatt::NoNumber::kMinusInfinity:
      return {Value::Kind::kLow, {}};
    default:
      return {Value::Kind::kNotANumber, {}};
  }
}

std::string rawText(const ble::gatt::Number& number) {
  if (!number) return std::string(ble::gatt::nameOf(number.error()));
  return std::to_string(number->mantissa()) + "e" + std::to_string(number->exponent());
}

Decoded decode(const RawRecord& record) {
  for (const Decoder& decoder : kDecoders) {
    if (decoder.characteristic != record.characteristic) continue;
    Decoded measurement = decoder.decode(record.bytes);
    if (!measurement) return measurement;
    auto& values = measurement->values;
    if (!std::ranges::all_of(values, isPossible, &MeasuredValue::value)) {
      return std::unexpected(Reason::kMalformed);
    }
    std::ranges::sort(values, {}, &MeasuredValue::code);
    const auto repeated = std::ranges::adjacent_find(values, {}, &MeasuredValue::code);
    if (repeated != values.end()) return std::unexpected(Reason::kMalformed);
    return measurement;
  }
  return std::unexpected(Reason::kUnknownKind);
}

}  // namespace vardnav::intake
