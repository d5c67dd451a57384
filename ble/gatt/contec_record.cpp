// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/contec_record.h"

#include <algorithm>

#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kRecordMark = 0xE1;
constexpr std::uint8_t kMask = 0x7F;
constexpr std::uint16_t kLargestPair = 0x3FFF;
constexpr std::uint16_t kCentury = 2000;

/// The values between the drug flag and the PEF time, in their order.
struct Value {
  Decimal ContecRecord::* value;
  int exponent;
};
constexpr std::array<Value, 11> kValues{{
    {&ContecRecord::fvcLitre, -2},
    {&ContecRecord::fev05Litre, -2},
    {&ContecRecord::fev1Litre, -2},
    {&ContecRecord::ratioPercent, -1},
    {&ContecRecord::fev3Litre, -2},
    {&ContecRecord::fev6Litre, -2},
    {&ContecRecord::pefLitrePerSecond, -2},
    {&ContecRecord::fef25LitrePerSecond, -2},
    {&ContecRecord::fef50LitrePerSecond, -2},
    {&ContecRecord::fef75LitrePerSecond, -2},
    {&ContecRecord::fef2575LitrePerSecond, -2},
}};

std::uint8_t checksumOf(ByteView octets) {
  unsigned sum = 0;
  for (const std::uint8_t octet : octets) sum += octet;
  return static_cast<std::uint8_t>(sum & kMask);
}

std::uint16_t readPair(OctetReader& reader) {
  const unsigned low = reader.u8();
  return static_cast<std::uint16_t>(low | static_cast<unsigned>(reader.u8()) << 7);
}

/// Writes 7-bit octets; remembers what does not fit.
class PairWriter {
 public:
  void octet(unsigned value) {
    if (value > kMask) fits_ = false;
    writer_.u8(static_cast<std::uint8_t>(value & kMask));
  }
  void pair(std::int64_t value) {
    if (value < 0 || value > kLargestPair) fits_ = false;
    writer_.u8(static_cast<std::uint8_t>(value & kMask));
    writer_.u8(static_cast<std::uint8_t>(value >> 7 & kMask));
  }
  void decimal(const Decimal& value, int exponent) {
    const auto rounded = value.rounded(-exponent);
    if (!rounded || *rounded != value) fits_ = false;
    pair(rounded ? rounded->mantissa() : 0);
  }
  Encoding take() {
    if (!fits_) return std::unexpected(Fault::kNotEncodable);
    Bytes out{kRecordMark};
    const Bytes rest = writer_.take();
    out.insert(out.end(), rest.begin(), rest.end());
    out.push_back(checksumOf(out));
    return out;
  }

 private:
  OctetWriter writer_;
  bool fits_ = true;
};

}  // namespace

Decoding<ContecRecord> decodeContecRecord(ByteView octets) {
  if (octets.empty()) return std::unexpected(Fault::kTruncated);
  if (octets.front() != kRecordMark) return std::unexpected(Fault::kBadFrame);
  const ByteView whole = octets.first(std::min(octets.size(), ContecRecord::kSize));
  const auto isWide = [](std::uint8_t octet) { return octet > kMask; };
  if (std::any_of(whole.begin() + 1, whole.end(), isWide)) {
    return std::unexpected(Fault::kBadFrame);
  }
  if (whole.size() < ContecRecord::kSize) return std::unexpected(Fault::kTruncated);
  if (checksumOf(whole.first(ContecRecord::kSize - 1)) != whole.back()) {
    return std::unexpected(Fault::kBadChecksum);
  }
  OctetReader reader(whole.subspan(1));
  ContecRecord out;
  out.unexplained = reader.u8();
  out.measureType = reader.u8();
  out.number = readPair(reader);
  out.time.year = static_cast<std::uint16_t>(kCentury + reader.u8());
  out.time.month = reader.u8();
  out.time.day = reader.u8();
  out.time.hour = reader.u8();
  out.time.minute = reader.u8();
  out.time.second = reader.u8();
  out.sex = reader.u8();
  out.ageYears = reader.u8();
  out.heightCentimetre = readPair(reader);
  out.standard = reader.u8();
  out.drug = reader.u8();
  for (const Value& value : kValues) out.*value.value = Decimal(readPair(reader), value.exponent);
  out.pefTimeMilliseconds = readPair(reader);
  out.extrapolatedVolumeMillilitre = readPair(reader);
  if (!out.time.isPossible()) return std::unexpected(Fault::kBadDate);
  return Decoded<ContecRecord>{out, octets.size() - ContecRecord::kSize};
}

Encoding encode(const ContecRecord& record) {
  if (!record.time.isPossible() || record.time.year < kCentury) {
    return std::unexpected(Fault::kNotEncodable);
  }
  PairWriter writer;
  writer.octet(record.unexplained);
  writer.octet(record.measureType);
  writer.pair(record.number);
  writer.octet(record.time.year - unsigned{kCentury});
  for (const auto part : {record.time.month, record.time.day, record.time.hour, record.time.minute,
                          record.time.second, record.sex, record.ageYears}) {
    writer.octet(part);
  }
  writer.pair(record.heightCentimetre);
  writer.octet(record.standard);
  writer.octet(record.drug);
  for (const Value& value : kValues) writer.decimal(record.*value.value, value.exponent);
  writer.pair(record.pefTimeMilliseconds);
  writer.pair(record.extrapolatedVolumeMillilitre);
  return writer.take();
}

}  // namespace vardnav::ble::gatt
