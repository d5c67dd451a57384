// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/device_time_frame.h"

#include <chrono>

#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {

LocalTime DeviceTimeFrame::baseTime() const {
  constexpr std::chrono::local_days k1900{std::chrono::year(1900) / 1 / 1};
  constexpr std::chrono::local_days k2000{std::chrono::year(2000) / 1 / 1};
  return (status & kEpoch2000 ? k2000 : k1900) + std::chrono::seconds(baseSeconds);
}

Decoding<DeviceTimeFrame> decodeDeviceTimeFrame(ByteView octets) {
  OctetReader reader(octets);
  DeviceTimeFrame out;
  out.baseSeconds = reader.u32();
  out.offsets = readLocalTimeInformation(reader);
  out.status = reader.u16();
  if (reader.remaining() >= 4) out.userSeconds = reader.u32();
  for (auto* field : {&out.driftSeconds, &out.nextSequence, &out.fractions65536}) {
    if (out.userSeconds && reader.remaining() >= 2) *field = reader.u16();
  }
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<DeviceTimeFrame>{out, reader.remaining()};
}

Encoding encode(const DeviceTimeFrame& frame) {
  OctetWriter writer;
  writer.u32(frame.baseSeconds);
  bool fits = writeLocalTimeInformation(writer, frame.offsets);
  writer.u16(frame.status);
  bool isAllSoFar = frame.userSeconds.has_value();
  if (frame.userSeconds) writer.u32(*frame.userSeconds);
  for (const auto* field : {&frame.driftSeconds, &frame.nextSequence, &frame.fractions65536}) {
    if (*field) {
      fits &= isAllSoFar;
      writer.u16(**field);
    }
    isAllSoFar = field->has_value();
  }
  if (!fits) return std::unexpected(Fault::kNotEncodable);
  return writer.take();
}

}  // namespace vardnav::ble::gatt
