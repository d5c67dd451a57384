// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/pulse_oximeter.h"

#include "ble/gatt/date_time_fields.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

/// Where a characteristic's flags announce the fields that both have.
struct StatusFlags {
  std::uint8_t measurement;
  std::uint8_t device;
  std::uint8_t index;
};
constexpr StatusFlags kSpotCheck{1U << 1, 1U << 2, 1U << 3};
constexpr std::uint8_t kHasTime = 1U << 0;
constexpr std::uint8_t kClockNotSet = 1U << 4;
constexpr StatusFlags kContinuous{1U << 2, 1U << 3, 1U << 4};
constexpr std::uint8_t kHasFast = 1U << 0;
constexpr std::uint8_t kHasSlow = 1U << 1;
constexpr std::uint32_t kLargest24 = 0xFFFFFF;

OxygenPulse readPair(OctetReader& reader) {
  OxygenPulse out;
  out.spo2Percent = decodeSfloat(reader.u16());
  out.pulsePerMinute = decodeSfloat(reader.u16());
  return out;
}

OximeterStatus readStatus(OctetReader& reader, std::uint8_t flags, const StatusFlags& has) {
  OximeterStatus out;
  if (flags & has.measurement) out.measurement = reader.u16();
  if (flags & has.device) out.device = reader.u24();
  if (flags & has.index) out.pulseAmplitudeIndexPercent = decodeSfloat(reader.u16());
  return out;
}

/// Writes fields behind the flags; remembers a value that the wire cannot hold.
class FieldWriter {
 public:
  void sfloat(const Number& number) {
    const auto wire = encodeSfloat(number);
    if (!wire) fits_ = false;
    fields_.u16(wire.value_or(0));
  }
  void pair(const OxygenPulse& pair) {
    sfloat(pair.spo2Percent);
    sfloat(pair.pulsePerMinute);
  }
  void time(const DateTime& time) {
    if (!time.isPossible()) fits_ = false;
    writeDateTime(fields_, time);
  }
  void flag(std::uint8_t bit) { flags_ |= bit; }
  void status(const OximeterStatus& status, const StatusFlags& has) {
    if (status.measurement) {
      flag(has.measurement);
      fields_.u16(*status.measurement);
    }
    if (status.device) {
      flag(has.device);
      if (*status.device > kLargest24) fits_ = false;
      fields_.u24(*status.device);
    }
    if (status.pulseAmplitudeIndexPercent) {
      flag(has.index);
      sfloat(*status.pulseAmplitudeIndexPercent);
    }
  }
  Encoding take() {
    if (!fits_) return std::unexpected(Fault::kNotEncodable);
    OctetWriter writer;
    writer.u8(static_cast<std::uint8_t>(flags_));
    writer.bytes(fields_.take());
    return writer.take();
  }

 private:
  OctetWriter fields_;
  unsigned flags_ = 0;
  bool fits_ = true;
};

}  // namespace

Decoding<SpotCheckMeasurement> decodeSpotCheckMeasurement(ByteView octets) {
  OctetReader reader(octets);
  SpotCheckMeasurement out;
  const std::uint8_t flags = reader.u8();
  out.isClockNotSet = (flags & kClockNotSet) != 0;
  out.normal = readPair(reader);
  if (flags & kHasTime) out.time = readDateTime(reader);
  out.status = readStatus(reader, flags, kSpotCheck);
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  if (out.time && !out.time->isPossible()) return std::unexpected(Fault::kBadDate);
  return Decoded<SpotCheckMeasurement>{out, reader.remaining()};
}

Decoding<ContinuousOximeterMeasurement> decodeContinuousOximeterMeasurement(ByteView octets) {
  OctetReader reader(octets);
  ContinuousOximeterMeasurement out;
  const std::uint8_t flags = reader.u8();
  out.normal = readPair(reader);
  if (flags & kHasFast) out.fast = readPair(reader);
  if (flags & kHasSlow) out.slow = readPair(reader);
  out.status = readStatus(reader, flags, kContinuous);
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<ContinuousOximeterMeasurement>{out, reader.remaining()};
}

Decoding<OximeterFeatures> decodeOximeterFeatures(ByteView octets) {
  OctetReader reader(octets);
  OximeterFeatures out;
  out.bits = reader.u16();
  if (out.has(OximeterFeatures::kMeasurementStatus)) out.measurementStatus = reader.u16();
  if (out.has(OximeterFeatures::kDeviceStatus)) out.deviceStatus = reader.u24();
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<OximeterFeatures>{out, reader.remaining()};
}

Encoding encode(const SpotCheckMeasurement& measurement) {
  FieldWriter writer;
  writer.pair(measurement.normal);
  if (measurement.time) {
    writer.flag(kHasTime);
    writer.time(*measurement.time);
  }
  if (measurement.isClockNotSet) writer.flag(kClockNotSet);
  writer.status(measurement.status, kSpotCheck);
  return writer.take();
}

Encoding encode(const ContinuousOximeterMeasurement& measurement) {
  FieldWriter writer;
  writer.pair(measurement.normal);
  if (measurement.fast) {
    writer.flag(kHasFast);
    writer.pair(*measurement.fast);
  }
  if (measurement.slow) {
    writer.flag(kHasSlow);
    writer.pair(*measurement.slow);
  }
  writer.status(measurement.status, kContinuous);
  return writer.take();
}

Encoding encode(const OximeterFeatures& features) {
  const bool agrees =
      features.has(OximeterFeatures::kMeasurementStatus) ==
          features.measurementStatus.has_value() &&
      features.has(OximeterFeatures::kDeviceStatus) == features.deviceStatus.has_value();
  if (!agrees || features.deviceStatus.value_or(0) > kLargest24) {
    return std::unexpected(Fault::kNotEncodable);
  }
  OctetWriter writer;
  writer.u16(features.bits);
  if (features.measurementStatus) writer.u16(*features.measurementStatus);
  if (features.deviceStatus) writer.u24(*features.deviceStatus);
  return writer.take();
}

}  // namespace vardnav::ble::gatt
