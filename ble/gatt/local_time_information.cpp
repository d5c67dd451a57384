// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/local_time_information.h"

namespace vardnav::ble::gatt {
namespace {

using std::chrono::minutes;

constexpr std::int8_t kUnknownZoneWire = -128;
constexpr int kLowestZone = -48;
constexpr int kHighestZone = 56;
constexpr int kMinutesPerStep = 15;
constexpr std::uint8_t kUnknownSavingWire = 255;

Offset zoneOf(std::int8_t wire) {
  if (wire < kLowestZone || wire > kHighestZone) return std::unexpected(Unknown{});
  return minutes(wire * kMinutesPerStep);
}

constexpr bool isSaving(int wire) { return wire == 0 || wire == 2 || wire == 4 || wire == 8; }

Offset savingOf(std::uint8_t wire) {
  if (!isSaving(wire)) return std::unexpected(Unknown{});
  return minutes(wire * kMinutesPerStep);
}

}  // namespace

LocalTimeInformation readLocalTimeInformation(OctetReader& reader) {
  LocalTimeInformation out;
  out.timeZone = zoneOf(reader.s8());
  out.daylightSaving = savingOf(reader.u8());
  return out;
}

bool writeLocalTimeInformation(OctetWriter& writer, const LocalTimeInformation& information) {
  const auto stepsOf = [](const Offset& offset, int unknown) {
    return offset ? offset->count() / kMinutesPerStep : unknown;
  };
  const auto isWhole = [](const Offset& offset) {
    return !offset || offset->count() % kMinutesPerStep == 0;
  };
  const auto zone = stepsOf(information.timeZone, kUnknownZoneWire);
  const auto saving = stepsOf(information.daylightSaving, kUnknownSavingWire);
  const bool fits = isWhole(information.timeZone) && isWhole(information.daylightSaving) &&
                    (!information.timeZone || (zone >= kLowestZone && zone <= kHighestZone)) &&
                    (!information.daylightSaving ||
                     (saving >= 0 && saving <= 8 && isSaving(static_cast<int>(saving))));
  writer.u8(static_cast<std::uint8_t>(zone));
  writer.u8(static_cast<std::uint8_t>(saving));
  return fits;
}

Decoding<LocalTimeInformation> decodeLocalTimeInformation(ByteView octets) {
  OctetReader reader(octets);
  const LocalTimeInformation out = readLocalTimeInformation(reader);
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  return Decoded<LocalTimeInformation>{out, reader.remaining()};
}

Encoding encode(const LocalTimeInformation& information) {
  OctetWriter writer;
  if (!writeLocalTimeInformation(writer, information)) {
    return std::unexpected(Fault::kNotEncodable);
  }
  return writer.take();
}

}  // namespace vardnav::ble::gatt
