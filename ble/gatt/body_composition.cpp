// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/body_composition.h"

#include <array>

#include "ble/gatt/date_time_fields.h"
#include "ble/gatt/fixed_point.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint16_t kIsImperial = 1U << 0;
constexpr std::uint16_t kHasTime = 1U << 1;
constexpr std::uint16_t kHasUser = 1U << 2;
constexpr std::uint16_t kIsMultiplePacket = 1U << 12;
constexpr std::uint16_t kUnsuccessfulWire = 0xFFFF;

/// The optional u16 fields in their order on the wire, which is that of their flags from bit 3.
struct Field {
  std::optional<Decimal> BodyComposition::* value;
  Step si;
  Step imperial;

  const Step& step(bool isImperial) const { return isImperial ? imperial : si; }
};
constexpr unsigned kFirstField = 3;
constexpr std::array<Field, 9> kFields{{
    {&BodyComposition::basalMetabolismKilojoule, kKilojoule, kKilojoule},
    {&BodyComposition::musclePercent, kPercent, kPercent},
    {&BodyComposition::muscleMass, kKilogram, kPound},
    {&BodyComposition::fatFreeMass, kKilogram, kPound},
    {&BodyComposition::softLeanMass, kKilogram, kPound},
    {&BodyComposition::bodyWaterMass, kKilogram, kPound},
    {&BodyComposition::impedanceOhm, kOhm, kOhm},
    {&BodyComposition::weight, kKilogram, kPound},
    {&BodyComposition::height, kMetre, kInch},
}};

constexpr bool isFlagged(std::uint16_t flags, std::size_t field) {
  return (flags >> (kFirstField + field) & 1U) != 0;
}

}  // namespace

Decoding<BodyComposition> decodeBodyComposition(ByteView octets) {
  OctetReader reader(octets);
  BodyComposition out;
  const std::uint16_t flags = reader.u16();
  out.isImperial = (flags & kIsImperial) != 0;
  out.isMultiplePacket = (flags & kIsMultiplePacket) != 0;
  const std::uint16_t fat = reader.u16();
  if (fat == kUnsuccessfulWire) {
    out.fatPercent = std::unexpected(Unsuccessful{});
  } else {
    out.fatPercent = decimalOf(fat, kPercent);
  }
  if (flags & kHasTime) out.time = readDateTime(reader);
  if (flags & kHasUser) out.user = readUserId(reader);
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    if (!isFlagged(flags, i)) continue;
    out.*kFields[i].value = decimalOf(reader.u16(), kFields[i].step(out.isImperial));
  }
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  if (out.time && !out.time->isPossible()) return std::unexpected(Fault::kBadDate);
  return Decoded<BodyComposition>{out, reader.remaining()};
}

Encoding encode(const BodyComposition& composition) {
  unsigned flags = composition.isImperial ? kIsImperial : 0U;
  if (composition.isMultiplePacket) flags |= kIsMultiplePacket;
  bool fits = true;
  OctetWriter fields;
  std::optional<std::uint16_t> fat = kUnsuccessfulWire;
  if (composition.fatPercent)
    fat = wireOf(*composition.fatPercent, kPercent, kUnsuccessfulWire - 1);
  fits &= fat.has_value();
  fields.u16(fat.value_or(0));
  if (composition.time) {
    flags |= kHasTime;
    fits &= composition.time->isPossible();
    writeDateTime(fields, *composition.time);
  }
  if (composition.user) {
    flags |= kHasUser;
    fits &= writeUserId(fields, *composition.user);
  }
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    const std::optional<Decimal>& value = composition.*kFields[i].value;
    if (!value) continue;
    flags |= 1U << (kFirstField + i);
    const auto wire = wireOf(*value, kFields[i].step(composition.isImperial));
    fits &= wire.has_value();
    fields.u16(wire.value_or(0));
  }
  if (!fits) return std::unexpected(Fault::kNotEncodable);
  OctetWriter writer;
  writer.u16(static_cast<std::uint16_t>(flags));
  writer.bytes(fields.take());
  return writer.take();
}

}  // namespace vardnav::ble::gatt
