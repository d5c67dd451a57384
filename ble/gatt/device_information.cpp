// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/device_information.h"

#include <algorithm>
#include <utility>

#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

constexpr std::uint8_t kFull = 100;

}  // namespace

Decoding<BatteryLevel> decodeBatteryLevel(ByteView octets) {
  OctetReader reader(octets);
  const BatteryLevel out{reader.u8()};
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  if (out.percent > kFull) return std::unexpected(Fault::kOutOfRange);
  return Decoded<BatteryLevel>{out, reader.remaining()};
}

Decoding<DeviceText> decodeDeviceText(ByteView octets) {
  DeviceText out{std::string(octets.begin(), octets.end())};
  out.text.erase(out.text.find_last_not_of('\0') + 1);
  return Decoded<DeviceText>{std::move(out), 0};
}

Decoding<SystemId> decodeSystemId(ByteView octets) {
  OctetReader reader(octets);
  SystemId out;
  const ByteView manufacturer = reader.bytes(out.manufacturer.size());
  const ByteView organisation = reader.bytes(out.organisation.size());
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  std::ranges::reverse_copy(manufacturer, out.manufacturer.begin());
  std::ranges::reverse_copy(organisation, out.organisation.begin());
  return Decoded<SystemId>{out, reader.remaining()};
}

Decoding<PnpId> decodePnpId(ByteView octets) {
  OctetReader reader(octets);
  PnpId out;
  out.vendorIdSource = reader.u8();
  out.vendorId = reader.u16();
  out.productId = reader.u16();
  out.productVersion = reader.u16();
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<PnpId>{out, reader.remaining()};
}

Encoding encode(const BatteryLevel& level) {
  if (level.percent > kFull) return std::unexpected(Fault::kNotEncodable);
  return Bytes{level.percent};
}

Encoding encode(const DeviceText& text) { return Bytes(text.text.begin(), text.text.end()); }

Encoding encode(const SystemId& id) {
  Bytes out(id.manufacturer.rbegin(), id.manufacturer.rend());
  out.insert(out.end(), id.organisation.rbegin(), id.organisation.rend());
  return out;
}

Encoding encode(const PnpId& id) {
  OctetWriter writer;
  writer.u8(id.vendorIdSource);
  writer.u16(id.vendorId);
  writer.u16(id.productId);
  writer.u16(id.productVersion);
  return writer.take();
}

}  // namespace vardnav::ble::gatt
