// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/heart_rate.h"

#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kIsWide = 1U << 0;
constexpr std::uint8_t kContactDetected = 1U << 1;
constexpr std::uint8_t kContactSupported = 1U << 2;
constexpr std::uint8_t kHasEnergy = 1U << 3;
constexpr std::uint8_t kHasIntervals = 1U << 4;

using Contact = HeartRateMeasurement::Contact;

Contact contactOf(std::uint8_t flags) {
  if ((flags & kContactSupported) == 0) return Contact::kNotSupported;
  return flags & kContactDetected ? Contact::kDetected : Contact::kNotDetected;
}

}  // namespace

Decoding<HeartRateMeasurement> decodeHeartRateMeasurement(ByteView octets) {
  OctetReader reader(octets);
  HeartRateMeasurement out;
  const std::uint8_t flags = reader.u8();
  out.contact = contactOf(flags);
  out.perMinute = flags & kIsWide ? reader.u16() : reader.u8();
  if (flags & kHasEnergy) out.energyKilojoule = reader.u16();
  if (flags & kHasIntervals) {
    // At least one, and no half of one: the octets end with the last.
    do {
      out.rrIntervals.push_back(reader.u16());
    } while (reader.remaining() > 0 && !reader.isTruncated());
  }
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<HeartRateMeasurement>{std::move(out), reader.remaining()};
}

Decoding<BodySensorLocation> decodeBodySensorLocation(ByteView octets) {
  OctetReader reader(octets);
  const auto out = static_cast<BodySensorLocation>(reader.u8());
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<BodySensorLocation>{out, reader.remaining()};
}

Encoding encode(const HeartRateMeasurement& measurement) {
  unsigned flags = 0;
  const bool isWide = measurement.perMinute > 0xFF;
  if (isWide) flags |= kIsWide;
  if (measurement.contact != Contact::kNotSupported) flags |= kContactSupported;
  if (measurement.contact == Contact::kDetected) flags |= kContactDetected;
  if (measurement.energyKilojoule) flags |= kHasEnergy;
  if (!measurement.rrIntervals.empty()) flags |= kHasIntervals;
  OctetWriter writer;
  writer.u8(static_cast<std::uint8_t>(flags));
  if (isWide) {
    writer.u16(measurement.perMinute);
  } else {
    writer.u8(static_cast<std::uint8_t>(measurement.perMinute));
  }
  if (measurement.energyKilojoule) writer.u16(*measurement.energyKilojoule);
  for (const std::uint16_t interval : measurement.rrIntervals) writer.u16(interval);
  return writer.take();
}

Encoding encode(BodySensorLocation location) { return Bytes{static_cast<std::uint8_t>(location)}; }

}  // namespace vardnav::ble::gatt
