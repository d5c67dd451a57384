// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/gatt/date_time.h"

#include <chrono>

#include "ble/gatt/date_time_fields.h"
#include "ble/gatt/octets.h"

namespace vardnav::ble::gatt {
namespace {

std::chrono::year_month_day dayOf(const DateTime& time) {
  return std::chrono::year(time.year) / std::chrono::month(time.month) / std::chrono::day(time.day);
}

}  // namespace

std::optional<LocalTime> DateTime::local() const {
  if (year == 0 || month == 0 || day == 0 || !isPossible()) return std::nullopt;
  return std::chrono::local_days(dayOf(*this)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second);
}

DateTime DateTime::of(LocalTime time) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  constexpr std::chrono::local_days kFirst{std::chrono::year(1582) / 1 / 1};
  constexpr std::chrono::local_days kEnd{std::chrono::year(10000) / 1 / 1};
  if (midnight < kFirst || midnight >= kEnd) return {};
  const std::chrono::year_month_day day(midnight);
  const std::chrono::hh_mm_ss clock(time - midnight);
  DateTime out;
  out.year = static_cast<std::uint16_t>(static_cast<int>(day.year()));
  out.month = static_cast<std::uint8_t>(static_cast<unsigned>(day.month()));
  out.day = static_cast<std::uint8_t>(static_cast<unsigned>(day.day()));
  out.hour = static_cast<std::uint8_t>(clock.hours().count());
  out.minute = static_cast<std::uint8_t>(clock.minutes().count());
  out.second = static_cast<std::uint8_t>(clock.seconds().count());
  return out;
}

bool DateTime::isPossible() const {
  if (hour > 23 || minute > 59 || second > 59) return false;
  if (month > 12 || day > 31) return false;
  if (year != 0 && (year < 1582 || year > 9999)) return false;
  if (year == 0 || month == 0 || day == 0) return true;
  return dayOf(*this).ok();
}

Decoding<DateTime> decodeDateTime(ByteView octets) {
  OctetReader reader(octets);
  const DateTime time = readDateTime(reader);
  if (reader.isTruncated()) return std::unexpected(Fault::kTruncated);
  if (!time.isPossible()) return std::unexpected(Fault::kBadDate);
  return Decoded<DateTime>{time, reader.remaining()};
}

Encoding encode(const DateTime& time) {
  if (!time.isPossible()) return std::unexpected(Fault::kNotEncodable);
  OctetWriter writer;
  writeDateTime(writer, time);
  return writer.take();
}

}  // namespace vardnav::ble::gatt
