// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/time.h"

#include <date/date.h>
#include <date/tz.h>

#include <array>
#include <charconv>
#include <cstdio>

namespace vardnav {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  const char* first = text.data() + at;
  const auto [end, error] = std::from_chars(first, first + count, value);
  if (error != std::errc{} || end != first + count || *first == '-') return std::nullopt;
  return value;
}

bool hasAt(std::string_view text, std::size_t at, char c) {
  return at < text.size() && text[at] == c;
}

// The first 19 characters: "YYYY-MM-DDThh:mm:ss".
std::optional<LocalTime> parseCivil(std::string_view text) {
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  const bool hasSeparators = hasAt(text, 4, '-') && hasAt(text, 7, '-') &&
                             (hasAt(text, 10, 'T') || hasAt(text, 10, 't')) &&
                             hasAt(text, 13, ':') && hasAt(text, 16, ':');
  if (!hasSeparators || !year || !month || !day || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return std::chrono::local_days{date} + hours{*hour} + minutes{*minute} + seconds{*second};
}

std::string civil(std::chrono::seconds sinceEpoch) {
  const auto day = std::chrono::floor<days>(sinceEpoch);
  const std::chrono::year_month_day date{std::chrono::sys_days{day}};
  const auto inDay = (sinceEpoch - day).count();
  std::array<char, 40> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                    static_cast<unsigned>(date.day()), static_cast<int>(inDay / 3600),
                    static_cast<int>(inDay / 60 % 60), static_cast<int>(inDay % 60));
  return {text.data(), static_cast<std::size_t>(length)};
}

const date::time_zone& stockholm() {
  static const date::time_zone* const kZone = date::locate_zone("Europe/Stockholm");
  return *kZone;
}

// After the fraction: "Z" or "+hh:mm".
std::optional<minutes> parseOffset(std::string_view text) {
  if (text == "Z" || text == "z") return minutes{0};
  const auto hour = digits(text, 1, 2);
  const auto minute = digits(text, 4, 2);
  if (text.size() != 6 || text[3] != ':' || !hour || !minute || *hour > 23 || *minute > 59) {
    return std::nullopt;
  }
  const auto offset = hours{*hour} + minutes{*minute};
  if (text[0] == '+') return offset;
  if (text[0] == '-') return -offset;
  return std::nullopt;
}

}  // namespace

std::string toRfc3339(UtcTime time) {
  const auto whole = std::chrono::floor<seconds>(time.time_since_epoch());
  const auto fraction = (time.time_since_epoch() - whole).count();
  std::array<char, 8> tail{};
  std::snprintf(tail.data(), tail.size(), ".%03dZ", static_cast<int>(fraction));
  return civil(whole) + tail.data();
}

std::optional<UtcTime> parseRfc3339(std::string_view text) {
  if (text.size() < 20) return std::nullopt;
  const auto local = parseCivil(text.substr(0, 19));
  if (!local) return std::nullopt;
  text.remove_prefix(19);
  Milliseconds fraction{0};
  if (text[0] == '.') {
    std::size_t end = 1;
    int scale = 100;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') {
      fraction += Milliseconds{(text[end] - '0') * scale};
      scale /= 10;
      ++end;
    }
    if (end == 1) return std::nullopt;
    text.remove_prefix(end);
  }
  const auto offset = parseOffset(text);
  if (!offset) return std::nullopt;
  return UtcTime{local->time_since_epoch() + fraction - *offset};
}

std::string toIso(LocalTime time) { return civil(time.time_since_epoch()); }

std::optional<LocalTime> parseIsoLocal(std::string_view text) {
  if (text.size() != 19) return std::nullopt;
  return parseCivil(text);
}

LocalTime toStockholm(UtcTime time) {
  const auto whole = std::chrono::floor<seconds>(time);
  const auto info = stockholm().get_info(date::sys_seconds{whole.time_since_epoch()});
  return LocalTime{whole.time_since_epoch() + info.offset};
}

UtcTime fromStockholm(LocalTime time) {
  const auto info = stockholm().get_info(date::local_seconds{time.time_since_epoch()});
  // `first` is the offset before the gap, and of a doubled hour the first one.
  return UtcTime{time.time_since_epoch() - info.first.offset};
}

}  // namespace vardnav
