// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Blood pressure, oximeters, thermometers and heart rate. A pulse or a mean that the device gives
// as no number is left out: it did not claim to have measured one.

#include "ble/gatt/blood_pressure.h"
#include "ble/gatt/heart_rate.h"
#include "ble/gatt/pulse_oximeter.h"
#include "ble/gatt/temperature_measurement.h"
#include "pipelines/intake/measurement.h"

namespace vardnav::intake {
namespace {

using ble::gatt::Number;
using ble::gatt::OximeterStatus;

/// Device and sensor status, bits 1 to 8, 10 and 12 to 15: the signal is weak, disturbed or broken.
constexpr std::uint32_t kPoorSignal = 0xF5FE;
constexpr std::uint32_t kUnconnectedToUser = 1U << 11;

constexpr std::uint16_t kDoubtfulCuff =
    ble::gatt::CuffContext::kBodyMovement | ble::gatt::CuffContext::kCuffTooLoose |
    ble::gatt::CuffContext::kIrregularPulse | ble::gatt::CuffContext::kImproperPosition;

void takeTime(Measurement& result, const std::optional<ble::gatt::DateTime>& time) {
  if (time) {
    result.stamp = stampOf(*time);
    result.hasRawStamp = result.stamp.kind == Stamp::Kind::kKnown;
  }
  result.keyText += "|" + rawText(time);
}

void add(Measurement& result, Code code, const Value& value, Unit unit, Flags flags) {
  result.values.push_back({code, value, unit, flags});
}

void addIfNumber(Measurement& result, Code code, const std::optional<Number>& number, Unit unit,
                 Flags flags) {
  if (number && *number) add(result, code, Value::of(**number), unit, flags);
}

/// In the product's unit: a pressure in kPa has no limits of its own.
std::optional<Value> pressureFrom(const Number& number, bool isKilopascal) {
  if (!number || !isKilopascal) return valueOf(number);
  const auto converted = kilopascalToMillimetreOfMercury(*number);
  if (!converted) return std::nullopt;
  return Value::of(*converted);
}

bool isMeasured(const Value& value) { return value.kind != Value::Kind::kNotANumber; }

Flags flagsOf(const OximeterStatus& status) {
  const unsigned measurement = status.measurement.value_or(0);
  const bool isDoubtful =
      (measurement & (OximeterStatus::kQuestionable | OximeterStatus::kEarlyEstimated)) != 0 ||
      (status.device.value_or(0) & kPoorSignal) != 0;
  return isDoubtful ? Flags{Flag::kQuestionable} : Flags{};
}

Decoded oximeterFrom(const ble::gatt::OxygenPulse& normal, const OximeterStatus& status,
                     const std::optional<ble::gatt::DateTime>& time, bool isClockNotSet) {
  const bool isOnUser = (status.device.value_or(0) & kUnconnectedToUser) == 0;
  const Value spo2 = valueOf(normal.spo2Percent);
  if (!status.isReading() || !isOnUser || !isMeasured(spo2)) {
    return std::unexpected(Reason::kNoValue);
  }
  const Flags flags = flagsOf(status);
  Measurement result;
  result.keyText = "oximeter|" + rawText(normal.spo2Percent) + "|" + rawText(normal.pulsePerMinute);
  takeTime(result, time);
  result.stamp.isDoubtful = isClockNotSet;
  add(result, Code::kSpo2, spo2, Unit::kPercent, flags);
  addIfNumber(result, Code::kPulse, normal.pulsePerMinute, Unit::kPerMinute, flags);
  return result;
}

}  // namespace

Decoded decodeBloodPressure(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeBloodPressureMeasurement(record.bytes);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  const auto& measurement = decoded->value;
  const auto& context = measurement.context;
  const auto systolic = pressureFrom(measurement.systolic, context.isKilopascal);
  const auto diastolic = pressureFrom(measurement.diastolic, context.isKilopascal);
  const auto mean = pressureFrom(measurement.mean, context.isKilopascal);
  if (!systolic || !diastolic || !mean) return std::unexpected(Reason::kMalformed);
  if (!isMeasured(*systolic) && !isMeasured(*diastolic)) return std::unexpected(Reason::kNoValue);
  // The heart does not do this: pieces of two frames, or a broken sensor.
  const bool areNumbers =
      systolic->kind == Value::Kind::kNumber && diastolic->kind == Value::Kind::kNumber;
  if (areNumbers && systolic->number < diastolic->number) {
    return std::unexpected(Reason::kMalformed);
  }

  const bool isDoubtful = (context.status.value_or(0) & kDoubtfulCuff) != 0;
  const Flags flags = isDoubtful ? Flags{Flag::kQuestionable} : Flags{};
  Measurement result;
  result.user = context.user;
  result.keyText = std::string("blood-pressure|") + (context.isKilopascal ? "kPa|" : "mmHg|") +
                   rawText(measurement.systolic) + "|" + rawText(measurement.diastolic) + "|" +
                   rawText(measurement.mean) + "|" + rawText(context.user);
  takeTime(result, context.time);
  add(result, Code::kSystolic, *systolic, Unit::kMillimetreOfMercury, flags);
  add(result, Code::kDiastolic, *diastolic, Unit::kMillimetreOfMercury, flags);
  if (isMeasured(*mean)) {
    add(result, Code::kMeanArterial, *mean, Unit::kMillimetreOfMercury, flags);
  }
  addIfNumber(result, Code::kPulse, context.pulsePerMinute, Unit::kPerMinute, flags);
  return result;
}

Decoded decodeSpotCheck(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeSpotCheckMeasurement(record.bytes);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  const auto& measurement = decoded->value;
  return oximeterFrom(measurement.normal, measurement.status, measurement.time,
                      measurement.isClockNotSet);
}

Decoded decodeContinuousOximeter(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeContinuousOximeterMeasurement(record.bytes);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  return oximeterFrom(decoded->value.normal, decoded->value.status, std::nullopt, false);
}

Decoded decodeTemperature(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeTemperatureMeasurement(record.bytes);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  const auto& measurement = decoded->value;
  Value value = valueOf(measurement.temperature);
  if (!isMeasured(value)) return std::unexpected(Reason::kNoValue);
  if (value.kind == Value::Kind::kNumber && measurement.isFahrenheit) {
    const auto celsius = fahrenheitToCelsius(value.number);
    if (!celsius) return std::unexpected(Reason::kMalformed);
    value.number = *celsius;
  }
  using Type = ble::gatt::TemperatureType;
  // Skin of a finger or toe is not the body's temperature.
  const bool isSkin = measurement.type == Type::kFinger || measurement.type == Type::kToe;
  Measurement result;
  result.keyText = std::string("temperature|") + (measurement.isFahrenheit ? "F|" : "C|") +
                   rawText(measurement.temperature) + "|";
  if (measurement.type) {
    result.keyText += std::to_string(static_cast<unsigned>(*measurement.type));
  }
  takeTime(result, measurement.time);
  add(result, Code::kTemperature, value, Unit::kDegreeCelsius,
      isSkin ? Flags{Flag::kQuestionable} : Flags{});
  return result;
}

Decoded decodeHeartRate(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeHeartRateMeasurement(record.bytes);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  const auto& measurement = decoded->value;
  using Contact = ble::gatt::HeartRateMeasurement::Contact;
  if (measurement.perMinute == 0 || measurement.contact == Contact::kNotDetected) {
    return std::unexpected(Reason::kNoValue);
  }
  Measurement result;
  result.keyText = "heart-rate|" + std::to_string(measurement.perMinute);
  add(result, Code::kPulse, Value::of({measurement.perMinute, 0}), Unit::kPerMinute, {});
  return result;
}

}  // namespace vardnav::intake
