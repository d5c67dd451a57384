// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/glucose_measurement.h"

#include "ble/gatt/date_time_fields.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kHasOffset = 1U << 0;
constexpr std::uint8_t kHasConcentration = 1U << 1;
constexpr std::uint8_t kIsMole = 1U << 2;
constexpr std::uint8_t kHasStatus = 1U << 3;
constexpr std::uint8_t kContextFollows = 1U << 4;

constexpr std::int16_t kOverrunWire = 0x7FFF;
constexpr std::int16_t kUnderrunWire = -0x8000;

std::expected<std::chrono::minutes, OffsetFault> offsetOf(std::int16_t wire) {
  if (wire == kOverrunWire) return std::unexpected(OffsetFault::kOverrun);
  if (wire == kUnderrunWire) return std::unexpected(OffsetFault::kUnderrun);
  return std::chrono::minutes(wire);
}

std::optional<std::int16_t> wireOf(const std::expected<std::chrono::minutes, OffsetFault>& offset) {
  if (!offset) return offset.error() == OffsetFault::kOverrun ? kOverrunWire : kUnderrunWire;
  const auto minutes = offset->count();
  if (minutes >= kOverrunWire || minutes <= kUnderrunWire) return std::nullopt;
  return static_cast<std::int16_t>(minutes);
}

}  // namespace

std::optional<LocalTime> GlucoseMeasurement::userFacingTime() const {
  const auto base = baseTime.local();
  if (!base || !timeOffset) return base;
  if (!*timeOffset) return std::nullopt;
  return *base + **timeOffset;
}

std::optional<Quantity> GlucoseMeasurement::quantity() const {
  if (!concentration || !concentration->value) return std::nullopt;
  const Decimal& value = *concentration->value;
  // 1 kg/L = 100 000 mg/dL, 1 mol/L = 1000 mmol/L.
  if (concentration->unit == WireUnit::kKilogramPerLitre) {
    return Quantity{value.shifted(5), Unit::kMilligramPerDecilitre};
  }
  return Quantity{value.shifted(3), Unit::kMillimolePerLitre};
}

bool GlucoseMeasurement::isControlSolution() const {
  return concentration && (concentration->type == SampleType::kControlSolution ||
                           concentration->location == SampleLocation::kControlSolution);
}

Decoding<GlucoseMeasurement> decodeGlucoseMeasurement(ByteView octets) {
  OctetReader reader(octets);
  GlucoseMeasurement out;
  const std::uint8_t flags = reader.u8();
  out.contextFollows = (flags & kContextFollows) != 0;
  out.sequence = reader.u16();
  out.baseTime = readDateTime(reader);
  if (flags & kHasOffset) out.timeOffset = offsetOf(reader.s16());
  if (flags & kHasConcentration) {
    GlucoseMeasurement::Concentration concentration;
    concentration.value = decodeSfloat(reader.u16());
    concentration.unit = flags & kIsMole ? GlucoseMeasurement::WireUnit::kMolePerLitre
                                         : GlucoseMeasurement::WireUnit::kKilogramPerLitre;
    const std::uint8_t nibbles = reader.u8();
    concentration.type = static_cast<GlucoseMeasurement::SampleType>(nibbles & 0x0F);
    concentration.location = static_cast<GlucoseMeasurement::SampleLocation>(nibbles >> 4);
    out.concentration = concentration;
  }
  if (flags & kHasStatus) out.status = reader.u16();
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  if (!out.baseTime.isPossible()) return std::unexpected(Fault::kBadDate);
  return Decoded<GlucoseMeasurement>{out, reader.remaining()};
}

Encoding encode(const GlucoseMeasurement& measurement) {
  if (!measurement.baseTime.isPossible()) return std::unexpected(Fault::kNotEncodable);
  unsigned flags = 0;
  OctetWriter fields;
  fields.u16(measurement.sequence);
  writeDateTime(fields, measurement.baseTime);
  if (measurement.timeOffset) {
    const auto offset = wireOf(*measurement.timeOffset);
    if (!offset) return std::unexpected(Fault::kNotEncodable);
    flags |= kHasOffset;
    fields.u16(static_cast<std::uint16_t>(*offset));
  }
  if (const auto& concentration = measurement.concentration) {
    const auto value = encodeSfloat(concentration->value);
    const auto type = static_cast<unsigned>(concentration->type);
    const auto location = static_cast<unsigned>(concentration->location);
    if (!value || type > 15 || location > 15) return std::unexpected(Fault::kNotEncodable);
    flags |= kHasConcentration;
    if (concentration->unit == GlucoseMeasurement::WireUnit::kMolePerLitre) flags |= kIsMole;
    fields.u16(*value);
    fields.u8(static_cast<std::uint8_t>(location << 4 | type));
  }
  if (measurement.status) {
    flags |= kHasStatus;
    fields.u16(*measurement.status);
  }
  if (measurement.contextFollows) flags |= kContextFollows;
  OctetWriter writer;
  writer.u8(static_cast<std::uint8_t>(flags));
  writer.bytes(fields.take());
  return writer.take();
}

}  // namespace vardnav::ble::gatt
