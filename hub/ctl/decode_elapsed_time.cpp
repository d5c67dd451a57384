// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/ctl/decode_elapsed_time.h"

#include <array>

#include "hub/ctl/decode_values.h"

namespace vardnav::ctl {
namespace {

using namespace ble::gatt;

constexpr std::array<std::string_view, 8> kSources{
    "unknown", "ntp", "gps", "radio", "manual", "atomic", "cellular", "not_synchronized"};

/// Digits behind the second, by ElapsedTime::Resolution.
constexpr std::array<int, 4> kPlaces{0, 1, 3, 4};

int placesOf(const ElapsedTime& time) { return kPlaces[static_cast<std::size_t>(time.resolution)]; }

/// "2021-11-20T11:50:10", the part of a second only if there is one, Z if the device says UTC.
Json wallTimeOf(const ElapsedTime& time) {
  const auto device = time.deviceTime();
  if (!device) return nullptr;
  std::string out = toIso(device->at);
  const int places = placesOf(time);
  std::uint64_t units = 1;
  for (int i = 0; i < places; ++i) units *= 10;
  if (const std::uint64_t part = time.raw % units; part != 0) {
    const std::string digits = std::to_string(part);
    out += '.' + std::string(static_cast<std::size_t>(places) - digits.size(), '0') + digits;
  }
  if (device->timeline == DeviceTime::Timeline::kUtc) out += 'Z';
  return out;
}

}  // namespace

Json elapsedTimeAsJson(const ElapsedTime& time) {
  const Encoding octets = encode(time);
  return {{"flags", octets ? octets->front() : 0},
          {"tick", time.isTick},
          {"utc", time.isUtc},
          {"resolution_s", numberOf(Decimal(1, -placesOf(time)))},
          {"tz_dst_used", time.usesOffset},
          {"current_timeline", time.isCurrentTimeline},
          {"raw_time", time.raw},
          {"sync_source", time.syncSource},
          {"sync_source_name", nameIn(kSources, time.syncSource)},
          {"tz_dst_offset_min", time.offsetQuarters * 15},
          {"wall_time", wallTimeOf(time)}};
}

}  // namespace vardnav::ctl
