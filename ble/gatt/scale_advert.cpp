// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/scale_advert.h"

#include "ble/gatt/date_time_fields.h"
#include "ble/gatt/fixed_point.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

// Both layouts.
constexpr std::uint8_t kIsStable = 1U << 5;
constexpr std::uint8_t kIsLoadRemoved = 1U << 7;
// 181D.
constexpr std::uint8_t kIsPound = 1U << 0;
constexpr std::uint8_t kIsJin = 1U << 4;
// 181B.
constexpr std::uint8_t kPoundWire = 3;
constexpr std::uint8_t kKilogramWire = 2;
constexpr std::uint8_t kHasImpedance = 1U << 1;
constexpr std::uint8_t kIsJinBody = 1U << 6;

constexpr Step kHundredth{1, -2};

using WeightUnit = ScaleAdvert::WeightUnit;

const Step& stepOf(WeightUnit unit) {
  return unit == WeightUnit::kKilogram ? kKilogram : kHundredth;
}

DateTime readAnyDateTime(OctetReader& reader) {
  const DateTime time = readDateTime(reader);
  return time.isPossible() ? time : DateTime{};
}

std::uint8_t stateFlags(const ScaleAdvert& advert) {
  return static_cast<std::uint8_t>((advert.isStable ? kIsStable : 0U) |
                                   (advert.isLoadRemoved ? kIsLoadRemoved : 0U));
}

void setState(ScaleAdvert& advert, std::uint8_t flags) {
  advert.isStable = (flags & kIsStable) != 0;
  advert.isLoadRemoved = (flags & kIsLoadRemoved) != 0;
}

}  // namespace

Decoding<ScaleAdvert> decodeWeightAdvert(ByteView octets) {
  OctetReader reader(octets);
  ScaleAdvert out;
  const std::uint8_t flags = reader.u8();
  setState(out, flags);
  if (flags & kIsPound) {
    out.unit = WeightUnit::kPound;
  } else if (flags & kIsJin) {
    out.unit = WeightUnit::kJin;
  }
  out.weight = decimalOf(reader.u16(), stepOf(out.unit));
  out.time = readAnyDateTime(reader);
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<ScaleAdvert>{out, reader.remaining()};
}

Decoding<ScaleAdvert> decodeBodyCompositionAdvert(ByteView octets) {
  OctetReader reader(octets);
  ScaleAdvert out;
  const std::uint8_t unit = reader.u8();
  const std::uint8_t flags = reader.u8();
  setState(out, flags);
  if (flags & kIsJinBody) {
    out.unit = WeightUnit::kJin;
  } else if (unit == kPoundWire) {
    out.unit = WeightUnit::kPound;
  }
  out.time = readAnyDateTime(reader);
  const std::uint16_t impedance = reader.u16();
  if (flags & kHasImpedance) out.impedanceOhm = impedance;
  out.weight = decimalOf(reader.u16(), stepOf(out.unit));
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  // A weight in a unit that nobody knows is worse than none.
  if (unit != kKilogramWire && unit != kPoundWire && out.unit != WeightUnit::kJin) {
    return std::unexpected(Fault::kUnsupported);
  }
  return Decoded<ScaleAdvert>{out, reader.remaining()};
}

Encoding encodeWeightAdvert(const ScaleAdvert& advert) {
  const auto weight = wireOf(advert.weight, stepOf(advert.unit));
  if (!weight || advert.impedanceOhm || !advert.time.isPossible()) {
    return std::unexpected(Fault::kNotEncodable);
  }
  unsigned flags = stateFlags(advert);
  if (advert.unit == WeightUnit::kPound) flags |= kIsPound;
  if (advert.unit == WeightUnit::kJin) flags |= kIsJin;
  OctetWriter writer;
  writer.u8(static_cast<std::uint8_t>(flags));
  writer.u16(*weight);
  writeDateTime(writer, advert.time);
  return writer.take();
}

Encoding encodeBodyCompositionAdvert(const ScaleAdvert& advert) {
  const auto weight = wireOf(advert.weight, stepOf(advert.unit));
  if (!weight || !advert.time.isPossible()) return std::unexpected(Fault::kNotEncodable);
  unsigned flags = stateFlags(advert);
  if (advert.impedanceOhm) flags |= kHasImpedance;
  if (advert.unit == WeightUnit::kJin) flags |= kIsJinBody;
  OctetWriter writer;
  writer.u8(advert.unit == WeightUnit::kPound ? kPoundWire : kKilogramWire);
  writer.u8(static_cast<std::uint8_t>(flags));
  writeDateTime(writer, advert.time);
  writer.u16(advert.impedanceOhm.value_or(0));
  writer.u16(*weight);
  return writer.take();
}

}  // namespace vardnav::ble::gatt
