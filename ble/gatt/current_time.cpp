// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/current_time.h"

#include "ble/gatt/date_time_fields.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {

Decoding<CurrentTime> decodeCurrentTime(ByteView octets) {
  OctetReader reader(octets);
  CurrentTime out;
  out.time = readDateTime(reader);
  out.weekday = reader.u8();
  out.fractions256 = reader.u8();
  out.adjustReason = reader.u8();
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  if (!out.time.isPossible()) return std::unexpected(Fault::kBadDate);
  return Decoded<CurrentTime>{out, reader.remaining()};
}

Encoding encode(const CurrentTime& time) {
  if (!time.time.isPossible()) return std::unexpected(Fault::kNotEncodable);
  OctetWriter writer;
  writeDateTime(writer, time.time);
  writer.u8(time.weekday);
  writer.u8(time.fractions256);
  writer.u8(time.adjustReason);
  return writer.take();
}

}  // namespace vardnav::ble::gatt
