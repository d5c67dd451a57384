// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/intake/intake.h"

#include <algorithm>

#include "pipelines/intake/anchoring.h"
#include "pipelines/intake/identity.h"
#include "pipelines/intake/measurement.h"

namespace vardnav::intake {
namespace {

/// Pounds convert exactly to more digits than anyone reads.
constexpr int kShownPlaces = 2;

std::optional<Quantity> shownOf(const MeasuredValue& measured) {
  if (measured.value.kind != Value::Kind::kNumber) return std::nullopt;
  auto shown = normalised({measured.value.number, measured.unit});
  if (shown && measured.unit == Unit::kPound) {
    const auto rounded = shown->value.rounded(kShownPlaces);
    if (!rounded) return std::nullopt;
    shown->value = *rounded;
  }
  return shown;
}

/// A FLOAT can state a number of hundreds of digits. Nothing measures one, and the wire's decimals
/// have 18 digits at most: it is no value, rather than one the backend must set aside.
bool isPlainNumber(const MeasuredValue& measured) {
  return measured.value.kind != Value::Kind::kNumber ||
         Decimal::parse(measured.value.number.toString()).has_value();
}

Bytes keyBytesOf(std::string_view text) { return {text.begin(), text.end()}; }

/// A memory may hold its last owner's records: what comes from one with no date at all cannot be
/// placed after the binding. Where only the device's clock cannot be read, its stamps place nothing
/// either, but one that says it is older than the binding is taken at its word. Of a device that
/// tells what it has just measured, a stamp without sense says only that its clock was never set.
Attribution ownerOf(const RawRecord& record, const Measurement& measurement,
                    const Placement& placement, std::span<const Binding> bindings) {
  const Attribution owner = attribute(record.device, measurement.user, placement.at, bindings);
  const Stamp& stamp = measurement.stamp;
  if (owner.reason != Reason::kNone || !placement.isFault()) return owner;
  const bool isUndated = measurement.isFromMemory
                             ? stamp.kind != Stamp::Kind::kKnown
                             : record.isStored && stamp.kind == Stamp::Kind::kAbsent;
  if (isUndated) return {{}, Reason::kBeforeBinding};
  const bool isUnverified = measurement.isFromMemory && !record.clock &&
                            stamp.time.timeline == DeviceTime::Timeline::kLocal;
  if (!isUnverified) return owner;
  const UtcTime told = fromStockholm(stamp.time.at);
  const Attribution then = attribute(record.device, measurement.user, told, bindings);
  return then.reason == Reason::kBeforeBinding ? then : owner;
}

Interpretation refused(const RawRecord& record, Reason reason) {
  Interpretation result;
  result.reason = reason;
  // The same octets again are the same refusal: stored once, without a counter.
  result.keyBytes = keyBytesOf(record.characteristic + "|" + toHex(record.bytes));
  return result;
}

}  // namespace

Interpretation interpret(const RawRecord& record, std::span<const Binding> bindings,
                         const std::optional<Decision>& decision) {
  const Decoded measurement = decode(record);
  if (!measurement) return refused(record, measurement.error());
  if (!std::ranges::all_of(measurement->values, isPlainNumber)) {
    return refused(record, Reason::kMalformed);
  }

  const Placement placement = place(measurement->stamp, record);
  Attribution owner = ownerOf(record, *measurement, placement, bindings);
  if (decision) {
    const bool isKept = decision->person.has_value();
    owner = {decision->person.value_or(PersonId()), isKept ? Reason::kNone : Reason::kDiscarded};
  }

  Interpretation result;
  const bool isControl = measurement->isControlSolution && owner.reason != Reason::kDiscarded;
  result.reason = isControl ? Reason::kControlSolution : owner.reason;
  if (result.reason == Reason::kNone) {
    result.disposition = Disposition::kAccepted;
  } else if (result.reason != Reason::kDiscarded) {
    result.disposition = Disposition::kQuarantined;
  }
  if (measurement->stamp.kind == Stamp::Kind::kKnown) result.deviceTime = measurement->stamp.time;
  result.keyBytes = keyBytesOf(measurement->keyText);
  result.needsCounter = !record.recordNumber && !measurement->hasRawStamp;

  if (result.disposition == Disposition::kRefused) return result;
  for (const MeasuredValue& measured : measurement->values) {
    Observation observation;
    observation.code = measured.code;
    observation.value = measured.value;
    observation.unit = measured.unit;
    observation.shown = shownOf(measured);
    observation.person = owner.person;
    observation.device = record.device;
    if (measurement->user && *measurement->user) observation.slot = **measurement->user;
    observation.recordNumber = record.recordNumber;
    observation.deviceTime = result.deviceTime;
    observation.at = placement.at;
    observation.method = placement.method;
    observation.uncertainty = placement.uncertainty;
    observation.receivedAt = record.receivedAt;
    observation.flags = measured.flags;
    if (measurement->isPersonUnconfirmed) observation.flags.set(Flag::kPersonUnconfirmed);
    if (placement.isFault()) observation.flags.set(Flag::kClockFault);
    result.observations.push_back(std::move(observation));
  }
  return result;
}

}  // namespace vardnav::intake
