// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/temperature_measurement.h"

#include "ble/gatt/date_time_fields.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kIsFahrenheit = 1U << 0;
constexpr std::uint8_t kHasTime = 1U << 1;
constexpr std::uint8_t kHasType = 1U << 2;

}  // namespace

Decoding<TemperatureMeasurement> decodeTemperatureMeasurement(ByteView octets) {
  OctetReader reader(octets);
  TemperatureMeasurement out;
  const std::uint8_t flags = reader.u8();
  out.isFahrenheit = (flags & kIsFahrenheit) != 0;
  out.temperature = decodeFloat(reader.u32());
  if (flags & kHasTime) out.time = readDateTime(reader);
  if (flags & kHasType) out.type = static_cast<TemperatureType>(reader.u8());
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  if (out.time && !out.time->isPossible()) return std::unexpected(Fault::kBadDate);
  return Decoded<TemperatureMeasurement>{out, reader.remaining()};
}

Decoding<TemperatureType> decodeTemperatureType(ByteView octets) {
  OctetReader reader(octets);
  const auto out = static_cast<TemperatureType>(reader.u8());
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<TemperatureType>{out, reader.remaining()};
}

Encoding encode(const TemperatureMeasurement& measurement) {
  const auto temperature = encodeFloat(measurement.temperature);
  if (!temperature || (measurement.time && !measurement.time->isPossible())) {
    return std::unexpected(Fault::kNotEncodable);
  }
  unsigned flags = measurement.isFahrenheit ? kIsFahrenheit : 0U;
  if (measurement.time) flags |= kHasTime;
  if (measurement.type) flags |= kHasType;
  OctetWriter writer;
  writer.u8(static_cast<std::uint8_t>(flags));
  writer.u32(*temperature);
  if (measurement.time) writeDateTime(writer, *measurement.time);
  if (measurement.type) writer.u8(static_cast<std::uint8_t>(*measurement.type));
  return writer.take();
}

Encoding encode(TemperatureType type) { return Bytes{static_cast<std::uint8_t>(type)}; }

}  // namespace vardnav::ble::gatt
