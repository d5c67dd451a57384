// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One record of a continuous glucose monitor; its stamp is the sensor's start (in the context) and
// the minutes since then.

#include "ble/gatt/cgm_measurement.h"
#include "pipelines/intake/measurement.h"

namespace vardnav::intake {
namespace {

// CGM Service 1.0.2, 3.1: warning octet.
constexpr unsigned kBelowRange = 1U << 6;
constexpr unsigned kAboveRange = 1U << 7;
// Status octet: sensor of the wrong type, broken, or a general fault of the device.
constexpr unsigned kUnsound = 1U << 2 | 1U << 3 | 1U << 5;

Value valueFrom(const ble::gatt::CgmRecord& record) {
  const unsigned warning = record.warning.value_or(0);
  if (!record.glucose) {
    const Value special = valueOf(record.glucose);
    if (special.kind != Value::Kind::kNotANumber) return special;
  }
  if ((warning & kAboveRange) != 0) return {Value::Kind::kHigh, {}};
  if ((warning & kBelowRange) != 0) return {Value::Kind::kLow, {}};
  return valueOf(record.glucose);
}

}  // namespace

Decoded decodeContinuousGlucose(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeCgmMeasurement(record.bytes);
  // The session cuts notifications into records; several at once are of an older one.
  if (!decoded || decoded->value.records.size() != 1) return std::unexpected(Reason::kMalformed);
  const ble::gatt::CgmRecord& cgm = decoded->value.records.front();
  Measurement result;
  const bool isUnsound = (cgm.status.value_or(0) & kUnsound) != 0;
  result.values = {{Code::kGlucose, valueFrom(cgm), Unit::kMilligramPerDecilitre,
                    isUnsound ? Flags{Flag::kQuestionable} : Flags{}}};
  result.keyText = "cgm|" + rawText(cgm.glucose) + "|" + std::to_string(cgm.offset.count());
  const auto start = ble::gatt::decodeCgmSessionStart(record.context);
  if (start) {
    result.stamp = stampOf(start->value.time);
    result.keyText += "|" + rawText(std::optional(start->value.time));
  }
  if (result.stamp.kind == Stamp::Kind::kKnown) {
    result.stamp.time.at += cgm.offset;
    result.hasRawStamp = true;
  }
  return result;
}

}  // namespace vardnav::intake
