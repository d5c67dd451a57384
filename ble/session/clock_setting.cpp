// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/session/clock_setting.h"

#include "ble/gatt/current_time.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble {
namespace {

constexpr std::uint8_t kManuallyAdjusted = 0x01;

LocalTime wallClockOf(UtcTime time) {
  return LocalTime(std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()));
}

/// 1 Monday to 7; 1970-01-01 was a Thursday.
std::uint8_t weekdayOf(LocalTime time) {
  const auto days = std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
  return static_cast<std::uint8_t>((days % 7 + 7 + 3) % 7 + 1);
}

Bytes dateTime(LocalTime time) { return gatt::encode(gatt::DateTime::of(time)).value_or(Bytes{}); }

}  // namespace

Bytes encodeClock(ClockLayout layout, UtcTime now) {
  const LocalTime local = toStockholm(now);
  gatt::OctetWriter writer;
  switch (layout) {
    case ClockLayout::kDateTime:
      return dateTime(local);
    case ClockLayout::kCurrentTime:
      return gatt::encode(gatt::CurrentTime{gatt::DateTime::of(local), weekdayOf(local), 0,
                                            kManuallyAdjusted})
          .value_or(Bytes{});
    case ClockLayout::kContour: {
      const LocalTime utc = wallClockOf(now);
      writer.u8(1);
      writer.bytes(dateTime(utc));
      const auto offset = std::chrono::duration_cast<std::chrono::minutes>(local - utc);
      writer.u16(static_cast<std::uint16_t>(offset.count()));
      return writer.take();
    }
    case ClockLayout::kCareSens:
      writer.bytes(Bytes{0xC0, 0x03, 0x01, 0x00});
      writer.bytes(dateTime(local));
      return writer.take();
  }
  return {};
}

}  // namespace vardnav::ble
