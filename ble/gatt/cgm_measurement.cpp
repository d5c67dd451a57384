// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/cgm_measurement.h"

#include <utility>

#include "ble/gatt/crc.h"
#include "ble/gatt/date_time_fields.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kHasTrend = 1U << 0;
constexpr std::uint8_t kHasQuality = 1U << 1;
constexpr std::uint8_t kHasWarning = 1U << 5;
constexpr std::uint8_t kHasCalibration = 1U << 6;
constexpr std::uint8_t kHasStatus = 1U << 7;
constexpr std::size_t kSmallestRecord = 6;
constexpr std::size_t kSessionStartSize = 9;
constexpr std::size_t kRunTimeSize = 2;

/// `octets` are one record, its size included.
std::expected<CgmRecord, Fault> readRecord(ByteView octets) {
  OctetReader reader(octets);
  reader.u8();
  const std::uint8_t flags = reader.u8();
  CgmRecord out;
  out.glucose = decodeSfloat(reader.u16());
  out.offset = std::chrono::minutes(reader.u16());
  if (flags & kHasStatus) out.status = reader.u8();
  if (flags & kHasCalibration) out.calibrationTemperature = reader.u8();
  if (flags & kHasWarning) out.warning = reader.u8();
  if (flags & kHasTrend) out.trend = decodeSfloat(reader.u16());
  if (flags & kHasQuality) out.qualityPercent = decodeSfloat(reader.u16());
  if (reader.isTruncated()) return std::unexpected(Fault::kBadSize);
  if (reader.remaining() != 0 && reader.remaining() != kCrcSize) {
    return std::unexpected(Fault::kBadSize);
  }
  out.hasCrc = reader.remaining() == kCrcSize;
  if (out.hasCrc && !isCrcRight(octets)) return std::unexpected(Fault::kBadCrc);
  return out;
}

std::uint8_t flagsOf(const CgmRecord& record) {
  unsigned flags = 0;
  if (record.trend) flags |= kHasTrend;
  if (record.qualityPercent) flags |= kHasQuality;
  if (record.warning) flags |= kHasWarning;
  if (record.calibrationTemperature) flags |= kHasCalibration;
  if (record.status) flags |= kHasStatus;
  return static_cast<std::uint8_t>(flags);
}

bool isU16(std::int64_t count) { return count >= 0 && count <= 0xFFFF; }

/// Empty if a value does not fit.
Bytes octetsOf(const CgmRecord& record) {
  OctetWriter fields;
  bool fits = isU16(record.offset.count());
  const auto sfloat = [&](const Number& number) {
    const auto wire = encodeSfloat(number);
    fits &= wire.has_value();
    fields.u16(wire.value_or(0));
  };
  sfloat(record.glucose);
  fields.u16(static_cast<std::uint16_t>(record.offset.count()));
  if (record.status) fields.u8(*record.status);
  if (record.calibrationTemperature) fields.u8(*record.calibrationTemperature);
  if (record.warning) fields.u8(*record.warning);
  if (record.trend) sfloat(*record.trend);
  if (record.qualityPercent) sfloat(*record.qualityPercent);
  if (!fits) return {};
  OctetWriter writer;
  writer.u8(static_cast<std::uint8_t>(2 + fields.size() + (record.hasCrc ? kCrcSize : 0)));
  writer.u8(flagsOf(record));
  writer.bytes(fields.take());
  return record.hasCrc ? withCrc(writer.take()) : writer.take();
}

/// Whether a value of fixed size has a CRC behind it.
std::expected<bool, Fault> readOptionalCrc(ByteView octets, std::size_t size) {
  if (octets.size() < size) return std::unexpected(Fault::kTruncated);
  if (octets.size() == size) return false;
  if (octets.size() != size + kCrcSize) return std::unexpected(Fault::kBadLength);
  if (!isCrcRight(octets)) return std::unexpected(Fault::kBadCrc);
  return true;
}

}  // namespace

Decoding<CgmMeasurement> decodeCgmMeasurement(ByteView octets) {
  if (octets.empty()) return std::unexpected(Fault::kTruncated);
  CgmMeasurement out;
  while (!octets.empty()) {
    const std::size_t size = octets.front();
    if (size < kSmallestRecord) return std::unexpected(Fault::kBadSize);
    if (size > octets.size()) return std::unexpected(Fault::kTruncated);
    auto record = readRecord(octets.first(size));
    if (!record) return std::unexpected(record.error());
    out.records.push_back(std::move(*record));
    octets = octets.subspan(size);
  }
  return Decoded<CgmMeasurement>{std::move(out), 0};
}

Decoding<CgmSessionStart> decodeCgmSessionStart(ByteView octets) {
  const auto hasCrc = readOptionalCrc(octets, kSessionStartSize);
  if (!hasCrc) return std::unexpected(hasCrc.error());
  OctetReader reader(octets);
  CgmSessionStart out;
  out.time = readDateTime(reader);
  out.offsets = readLocalTimeInformation(reader);
  out.hasCrc = *hasCrc;
  if (!out.time.isPossible()) return std::unexpected(Fault::kBadDate);
  return Decoded<CgmSessionStart>{out, 0};
}

Decoding<CgmSessionRunTime> decodeCgmSessionRunTime(ByteView octets) {
  const auto hasCrc = readOptionalCrc(octets, kRunTimeSize);
  if (!hasCrc) return std::unexpected(hasCrc.error());
  OctetReader reader(octets);
  return Decoded<CgmSessionRunTime>{{std::chrono::hours(reader.u16()), *hasCrc}, 0};
}

Encoding encode(const CgmMeasurement& measurement) {
  if (measurement.records.empty()) return std::unexpected(Fault::kNotEncodable);
  OctetWriter writer;
  for (const CgmRecord& record : measurement.records) {
    const Bytes octets = octetsOf(record);
    if (octets.empty()) return std::unexpected(Fault::kNotEncodable);
    writer.bytes(octets);
  }
  return writer.take();
}

Encoding encode(const CgmSessionStart& start) {
  if (!start.time.isPossible()) return std::unexpected(Fault::kNotEncodable);
  OctetWriter writer;
  writeDateTime(writer, start.time);
  if (!writeLocalTimeInformation(writer, start.offsets)) {
    return std::unexpected(Fault::kNotEncodable);
  }
  return start.hasCrc ? withCrc(writer.take()) : writer.take();
}

Encoding encode(const CgmSessionRunTime& time) {
  if (!isU16(time.expected.count())) return std::unexpected(Fault::kNotEncodable);
  OctetWriter writer;
  writer.u16(static_cast<std::uint16_t>(time.expected.count()));
  return time.hasCrc ? withCrc(writer.take()) : writer.take();
}

}  // namespace vardnav::ble::gatt
