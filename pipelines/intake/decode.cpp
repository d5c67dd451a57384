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
  std::string_view kind;
  Decoded (*decode)(const RawRecord&);
};

constexpr std::array kDecoders = {
    Decoder{ble::gatt::kGlucoseMeasurementUuid, decodeGlucose},
    Decoder{"2A18/caresens", decodeCareSens},
    Decoder{"2A18/taidoc", decodeTaiDoc},
    Decoder{ble::gatt::kCgmMeasurementUuid, decodeContinuousGlucose},
    Decoder{ble::gatt::kWeightMeasurementUuid, decodeWeight},
    Decoder{"23434101-1fe4-1eff-80cb-00ff78297d8b", decodeAndWeight},
    Decoder{ble::gatt::kBodyCompositionUuid, decodeBodyComposition},
    Decoder{ble::gatt::kWeightScaleService, decodeWeightAdvert},
    Decoder{ble::gatt::kBodyCompositionService, decodeBodyAdvert},
    Decoder{ble::gatt::kBloodPressureMeasurementUuid, decodeBloodPressure},
    Decoder{ble::gatt::kSpotCheckMeasurementUuid, decodeSpotCheck},
    Decoder{ble::gatt::kContinuousOximeterUuid, decodeContinuousOximeter},
    Decoder{ble::gatt::kTemperatureMeasurementUuid, decodeTemperature},
    Decoder{ble::gatt::kHeartRateMeasurementUuid, decodeHeartRate},
    Decoder{"00000002-0000-1000-8000-008025000000", decodeVitalograph},
    Decoder{"FF02", decodeContec},
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

Stamp stampOf(const ble::gatt::DateTime& time) {
  Stamp stamp;
  stamp.kind = Stamp::Kind::kUnknown;
  if (const auto local = time.local()) {
    stamp.kind = Stamp::Kind::kKnown;
    stamp.time = {DeviceTime::Timeline::kLocal, *local};
  }
  return stamp;
}

std::string rawText(const std::optional<ble::gatt::DateTime>& time) {
  if (!time) return {};
  std::string text = std::to_string(time->year);
  for (const unsigned part : {time->month, time->day, time->hour, time->minute, time->second}) {
    text += "|" + std::to_string(part);
  }
  return text;
}

std::string rawText(const User& user) {
  if (!user) return {};
  return *user ? std::to_string(**user) : "unknown";
}

Decoded decode(const RawRecord& record) {
  for (const Decoder& decoder : kDecoders) {
    if (decoder.kind != record.characteristic) continue;
    Decoded measurement = decoder.decode(record);
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
