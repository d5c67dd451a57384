// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/glucose_context.h"
#include "ble/gatt/glucose_measurement.h"
#include "pipelines/intake/measurement.h"

namespace vardnav::intake {
namespace {

using ble::gatt::GlucoseMeasurement;

bool has(const GlucoseMeasurement& measurement, GlucoseMeasurement::Status bit) {
  return (measurement.status.value_or(0) & bit) != 0;
}

/// A meter says HI and LO by a special number, by its status, or by both.
std::optional<Value> valueFrom(const GlucoseMeasurement& measurement) {
  const bool isHigh = has(measurement, GlucoseMeasurement::kResultTooHigh);
  const bool isLow = has(measurement, GlucoseMeasurement::kResultTooLow);
  if (measurement.concentration && !measurement.concentration->value) {
    const Value special = valueOf(measurement.concentration->value);
    if (special.kind != Value::Kind::kNotANumber) return special;
  }
  if (isHigh && isLow) return Value{Value::Kind::kNotANumber, {}};
  if (isHigh) return Value{Value::Kind::kHigh, {}};
  if (isLow) return Value{Value::Kind::kLow, {}};
  if (!measurement.concentration) return std::nullopt;
  if (const auto quantity = measurement.quantity()) return Value::of(quantity->value);
  return valueOf(measurement.concentration->value);
}

Unit unitFrom(const GlucoseMeasurement& measurement) {
  const bool isMass =
      measurement.concentration &&
      measurement.concentration->unit == GlucoseMeasurement::WireUnit::kKilogramPerLitre;
  return isMass ? Unit::kMilligramPerDecilitre : Unit::kMillimolePerLitre;
}

Stamp stampFrom(const GlucoseMeasurement& measurement) {
  Stamp stamp;
  stamp.kind = Stamp::Kind::kUnknown;
  if (const auto local = measurement.userFacingTime()) {
    stamp.kind = Stamp::Kind::kKnown;
    stamp.time = {DeviceTime::Timeline::kLocal, *local};
  }
  stamp.isDoubtful = has(measurement, GlucoseMeasurement::kTimeFault);
  return stamp;
}

std::string keyTextFrom(const GlucoseMeasurement& measurement) {
  const ble::gatt::DateTime& base = measurement.baseTime;
  std::string text = "glucose";
  for (const unsigned part : {unsigned{base.year}, unsigned{base.month}, unsigned{base.day},
                              unsigned{base.hour}, unsigned{base.minute}, unsigned{base.second}}) {
    text += "|" + std::to_string(part);
  }
  text += "|";
  if (const auto& offset = measurement.timeOffset) {
    text += offset->has_value() ? std::to_string((*offset)->count())
            : offset->error() == ble::gatt::OffsetFault::kOverrun ? "overrun"
                                                                  : "underrun";
  }
  if (const auto& concentration = measurement.concentration) {
    text += "|" + rawText(concentration->value) + "|" +
            std::to_string(static_cast<unsigned>(concentration->unit)) + "|" +
            std::to_string(static_cast<unsigned>(concentration->type)) + "|" +
            std::to_string(static_cast<unsigned>(concentration->location));
  }
  return text;
}

Decoded measurementFrom(const GlucoseMeasurement& measurement) {
  const auto value = valueFrom(measurement);
  if (!value) return std::unexpected(Reason::kNoValue);

  Measurement result;
  result.isFromMemory = true;
  result.stamp = stampFrom(measurement);
  result.isControlSolution = measurement.isControlSolution();
  result.values = {{Code::kGlucose, *value, unitFrom(measurement), {}}};
  if (result.isControlSolution) result.values.front().flags.set(Flag::kControlSolution);
  result.keyText = keyTextFrom(measurement);
  result.hasRawStamp = measurement.baseTime.local().has_value();
  return result;
}

constexpr std::size_t kYearAt = 3;  // of 2A18: flags, sequence, base time
constexpr std::size_t kMonthAt = 5;
constexpr std::uint8_t kMonthThatIsNone = 13;

/// CareSens meters may tell month 13. The value is sound, its day is not known.
Bytes withoutImpossibleMonth(Bytes octets) {
  if (octets.size() > kMonthAt + 1 && octets[kMonthAt] == kMonthThatIsNone) {
    for (std::size_t i = kYearAt; i <= kMonthAt + 1; ++i) octets[i] = 0;
  }
  return octets;
}

/// i-SENS uses a meal that the profile reserves.
constexpr auto kKetoneMeal = ble::gatt::GlucoseContext::Meal{6};

bool isKetone(const RawRecord& record) {
  const auto context = ble::gatt::decodeGlucoseContext(record.context);
  return context && context->value.meal == kKetoneMeal;
}

/// A full TaiDoc meter sends a HI of this year, which nobody measured.
constexpr int kTaiDocNoDate = 2037;

}  // namespace

Decoded decodeGlucose(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeGlucoseMeasurement(record.bytes);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  return measurementFrom(decoded->value);
}

Decoded decodeCareSens(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeGlucoseMeasurement(withoutImpossibleMonth(record.bytes));
  if (!decoded) return std::unexpected(Reason::kMalformed);
  Decoded measurement = measurementFrom(decoded->value);
  if (!measurement || !isKetone(record)) return measurement;
  MeasuredValue& value = measurement->values.front();
  // A mass of which ketone body, nobody says.
  if (value.unit != Unit::kMillimolePerLitre) return std::unexpected(Reason::kUnknownKind);
  value.code = Code::kKetone;
  return measurement;
}

Decoded decodeTaiDoc(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeGlucoseMeasurement(record.bytes);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  if (decoded->value.baseTime.year >= kTaiDocNoDate) return std::unexpected(Reason::kMalformed);
  return measurementFrom(decoded->value);
}

}  // namespace vardnav::intake
