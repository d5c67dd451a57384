// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/blood_pressure.h"

#include <array>

#include "ble/gatt/date_time_fields.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kIsKilopascal = 1U << 0;
constexpr std::uint8_t kHasTime = 1U << 1;
constexpr std::uint8_t kHasPulse = 1U << 2;
constexpr std::uint8_t kHasUser = 1U << 3;
constexpr std::uint8_t kHasStatus = 1U << 4;

struct Frame {
  std::array<Number, 3> pressures;
  CuffContext context;
};

Decoding<Frame> decodeFrame(ByteView octets) {
  OctetReader reader(octets);
  Frame out;
  const std::uint8_t flags = reader.u8();
  out.context.isKilopascal = (flags & kIsKilopascal) != 0;
  for (Number& pressure : out.pressures) pressure = decodeSfloat(reader.u16());
  if (flags & kHasTime) out.context.time = readDateTime(reader);
  if (flags & kHasPulse) out.context.pulsePerMinute = decodeSfloat(reader.u16());
  if (flags & kHasUser) out.context.user = readUserId(reader);
  if (flags & kHasStatus) out.context.status = reader.u16();
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  if (out.context.time && !out.context.time->isPossible()) {
    return std::unexpected(Fault::kBadDate);
  }
  return Decoded<Frame>{out, reader.remaining()};
}

std::uint8_t flagsOf(const CuffContext& context) {
  unsigned flags = context.isKilopascal ? kIsKilopascal : 0U;
  if (context.time) flags |= kHasTime;
  if (context.pulsePerMinute) flags |= kHasPulse;
  if (context.user) flags |= kHasUser;
  if (context.status) flags |= kHasStatus;
  return static_cast<std::uint8_t>(flags);
}

bool writeSfloat(OctetWriter& writer, const Number& number) {
  const auto wire = encodeSfloat(number);
  writer.u16(wire.value_or(0));
  return wire.has_value();
}

Encoding encodeFrame(const Frame& frame) {
  const CuffContext& context = frame.context;
  OctetWriter writer;
  bool fits = true;
  writer.u8(flagsOf(context));
  for (const Number& pressure : frame.pressures) fits &= writeSfloat(writer, pressure);
  if (context.time) {
    fits &= context.time->isPossible();
    writeDateTime(writer, *context.time);
  }
  if (context.pulsePerMinute) fits &= writeSfloat(writer, *context.pulsePerMinute);
  if (context.user) fits &= writeUserId(writer, *context.user);
  if (context.status) writer.u16(*context.status);
  if (!fits) return std::unexpected(Fault::kNotEncodable);
  return writer.take();
}

}  // namespace

Decoding<BloodPressureMeasurement> decodeBloodPressureMeasurement(ByteView octets) {
  const auto frame = decodeFrame(octets);
  if (!frame) return std::unexpected(frame.error());
  const auto& [systolic, diastolic, mean] = frame->value.pressures;
  return Decoded<BloodPressureMeasurement>{{systolic, diastolic, mean, frame->value.context},
                                           frame->trailing};
}

Decoding<IntermediateCuffPressure> decodeIntermediateCuffPressure(ByteView octets) {
  const auto frame = decodeFrame(octets);
  if (!frame) return std::unexpected(frame.error());
  return Decoded<IntermediateCuffPressure>{{frame->value.pressures.front(), frame->value.context},
                                           frame->trailing};
}

Decoding<BloodPressureFeature> decodeBloodPressureFeature(ByteView octets) {
  OctetReader reader(octets);
  const BloodPressureFeature out{reader.u16()};
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<BloodPressureFeature>{out, reader.remaining()};
}

Encoding encode(const BloodPressureMeasurement& measurement) {
  return encodeFrame(
      {{measurement.systolic, measurement.diastolic, measurement.mean}, measurement.context});
}

Encoding encode(const IntermediateCuffPressure& pressure) {
  const Number unused = std::unexpected(NoNumber::kNaN);
  return encodeFrame({{pressure.pressure, unused, unused}, pressure.context});
}

Encoding encode(const BloodPressureFeature& feature) {
  OctetWriter writer;
  writer.u16(feature.bits);
  return writer.take();
}

}  // namespace vardnav::ble::gatt
