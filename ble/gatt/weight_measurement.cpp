// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/weight_measurement.h"

#include "ble/gatt/date_time_fields.h"
#include "ble/gatt/fixed_point.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kIsImperial = 1U << 0;
constexpr std::uint8_t kHasTime = 1U << 1;
constexpr std::uint8_t kHasUser = 1U << 2;
constexpr std::uint8_t kHasBody = 1U << 3;

constexpr std::uint16_t kUnsuccessfulWire = 0xFFFF;

}  // namespace

std::optional<Quantity> WeightMeasurement::quantity() const {
  if (!weight) return std::nullopt;
  return Quantity{*weight, isImperial ? Unit::kPound : Unit::kKilogram};
}

Decoding<WeightMeasurement> decodeWeightMeasurement(ByteView octets) {
  OctetReader reader(octets);
  WeightMeasurement out;
  const std::uint8_t flags = reader.u8();
  out.isImperial = (flags & kIsImperial) != 0;
  const std::uint16_t weight = reader.u16();
  if (weight == kUnsuccessfulWire) {
    out.weight = std::unexpected(Unsuccessful{});
  } else {
    out.weight = decimalOf(weight, out.isImperial ? kPound : kKilogram);
  }
  if (flags & kHasTime) out.time = readDateTime(reader);
  if (flags & kHasUser) out.user = readUserId(reader);
  if (flags & kHasBody) {
    const Decimal bmi = decimalOf(reader.u16(), kBmi);
    out.body = {bmi, decimalOf(reader.u16(), out.isImperial ? kInch : kMetre)};
  }
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  if (out.time && !out.time->isPossible()) return std::unexpected(Fault::kBadDate);
  return Decoded<WeightMeasurement>{out, reader.remaining()};
}

Encoding encode(const WeightMeasurement& measurement) {
  unsigned flags = measurement.isImperial ? kIsImperial : 0U;
  OctetWriter fields;
  std::optional<std::uint16_t> weight = kUnsuccessfulWire;
  if (measurement.weight) {
    weight = wireOf(*measurement.weight, measurement.isImperial ? kPound : kKilogram,
                    kUnsuccessfulWire - 1);
  }
  if (!weight) return std::unexpected(Fault::kNotEncodable);
  fields.u16(*weight);
  if (measurement.time) {
    if (!measurement.time->isPossible()) return std::unexpected(Fault::kNotEncodable);
    flags |= kHasTime;
    writeDateTime(fields, *measurement.time);
  }
  if (measurement.user) {
    flags |= kHasUser;
    if (!writeUserId(fields, *measurement.user)) return std::unexpected(Fault::kNotEncodable);
  }
  if (measurement.body) {
    const auto bmi = wireOf(measurement.body->bmi, kBmi, 0xFFFF);
    const auto height =
        wireOf(measurement.body->height, measurement.isImperial ? kInch : kMetre, 0xFFFF);
    if (!bmi || !height) return std::unexpected(Fault::kNotEncodable);
    flags |= kHasBody;
    fields.u16(*bmi);
    fields.u16(*height);
  }
  OctetWriter writer;
  writer.u8(static_cast<std::uint8_t>(flags));
  writer.bytes(fields.take());
  return writer.take();
}

}  // namespace vardnav::ble::gatt
