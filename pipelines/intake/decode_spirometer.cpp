// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Spirometers with frames of their own. A value of zero was not measured. A blow that the device
// calls bad is marked on every value, and counts nowhere.

#include "ble/gatt/contec_record.h"
#include "ble/gatt/vitalograph_frame.h"
#include "pipelines/intake/measurement.h"

namespace vardnav::intake {
namespace {

// Of the Contec: forced manoeuvres; others (VC, MVV) are no FVC.
constexpr std::uint8_t kAllMeasures = 0;
constexpr std::uint8_t kForcedMeasure = 1;

void addUnlessZero(Measurement& result, Code code, const Decimal& number, Unit unit, Flags flags) {
  if (number.mantissa() == 0) return;
  result.values.push_back({code, Value::of(number), unit, flags});
}

Decoded finished(Measurement result) {
  if (result.values.empty()) return std::unexpected(Reason::kNoValue);
  return result;
}

/// The frame holds the device's own time where only the device knows, and is pushed after the
/// blow: received then, and told apart by all its octets.
Measurement vitalographOf(const ble::gatt::VitalographBlow& blow, const RawRecord& record) {
  const Flags flags = blow.isGood ? Flags{} : Flags{Flag::kBadBlow};
  Measurement result;
  result.keyText = "vitalograph|" + toHex(record.bytes);
  result.hasRawStamp = true;
  addUnlessZero(result, Code::kFev1, blow.fev1Litre, Unit::kLitre, flags);
  addUnlessZero(result, Code::kFev6, blow.fev6Litre, Unit::kLitre, flags);
  return result;
}

}  // namespace

Decoded decodeVitalograph(const RawRecord& record) {
  if (const auto monitor = ble::gatt::decodeVitalographMonitorFrame(record.bytes)) {
    Measurement result = vitalographOf(monitor->value.blow, record);
    const Flags flags = monitor->value.blow.isGood ? Flags{} : Flags{Flag::kBadBlow};
    addUnlessZero(result, Code::kPef, monitor->value.pefLitrePerMinute, Unit::kLitrePerMinute,
                  flags);
    return finished(std::move(result));
  }
  if (const auto classic = ble::gatt::decodeVitalographClassicFrame(record.bytes)) {
    return finished(vitalographOf(classic->value.blow, record));
  }
  return std::unexpected(Reason::kMalformed);
}

Decoded decodeContec(const RawRecord& record) {
  const auto decoded = ble::gatt::decodeContecRecord(record.bytes);
  if (!decoded) return std::unexpected(Reason::kMalformed);
  const ble::gatt::ContecRecord& blow = decoded->value;
  if (blow.measureType != kAllMeasures && blow.measureType != kForcedMeasure) {
    return std::unexpected(Reason::kUnknownKind);
  }
  // The record does not say whether the blow was acceptable.
  const Flags flags{Flag::kQuestionable};
  Measurement result;
  result.isFromMemory = true;
  result.stamp = stampOf(blow.time);
  result.hasRawStamp = result.stamp.kind == Stamp::Kind::kKnown;
  result.keyText = "contec|" + rawText(blow.fvcLitre) + "|" + rawText(blow.fev1Litre) + "|" +
                   rawText(blow.fev6Litre) + "|" + rawText(blow.pefLitrePerSecond) + "|" +
                   rawText(std::optional(blow.time));
  addUnlessZero(result, Code::kFev1, blow.fev1Litre, Unit::kLitre, flags);
  addUnlessZero(result, Code::kFev6, blow.fev6Litre, Unit::kLitre, flags);
  addUnlessZero(result, Code::kFvc, blow.fvcLitre, Unit::kLitre, flags);
  addUnlessZero(result, Code::kFev1Fvc, blow.ratioPercent, Unit::kPercent, flags);
  addUnlessZero(result, Code::kPef, blow.pefLitrePerSecond, Unit::kLitrePerSecond, flags);
  return finished(std::move(result));
}

}  // namespace vardnav::intake
