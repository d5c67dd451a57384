// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

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

}  // namespace

Decoded decodeGlucose(ByteView octets) {
  const auto decoded = ble::gatt::decodeGlucoseMeasurement(octets);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  const GlucoseMeasurement& measurement = decoded->value;
  const auto value = valueFrom(measurement);
  if (!value) return std::unexpected(Reason::kNoValue);

  Measurement result;
  result.stamp = stampFrom(measurement);
  result.isControlSolution = measurement.isControlSolution();
  result.values = {{Code::kGlucose, *value, unitFrom(measurement), {}}};
  if (result.isControlSolution) result.values.front().flags.set(Flag::kControlSolution);
  result.keyText = keyTextFrom(measurement);
  result.hasRawStamp = measurement.baseTime.local().has_value();
  return result;
}

}  // namespace vardnav::intake
