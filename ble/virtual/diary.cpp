// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "ble/virtual/diary.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace vardnav::ble::virtual_home {
namespace {

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Cuts off and returns what is before the first `separator`; nullopt if there is none.
std::optional<std::string_view> cut(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = text.substr(0, at);
  text.remove_prefix(at + 1);
  return before;
}

std::optional<LocalTime> stamp(std::string_view date, std::string_view time) {
  const auto month = cut(date, '-');
  const auto day = cut(date, '-');
  const auto hour = cut(time, ':');
  if (!month || !day || !hour) return std::nullopt;
  const auto m = number(*month);
  const auto d = number(*day);
  const auto y = number(date);
  const auto h = number(*hour);
  const auto min = number(time);
  if (!m || !d || !y || !h || !min || *h > 23 || *min > 59 || *y < 1900 || *y > 2100) {
    return std::nullopt;
  }
  const std::chrono::year_month_day civil{std::chrono::year{static_cast<int>(*y)},
                                          std::chrono::month{*m}, std::chrono::day{*d}};
  if (!civil.ok()) return std::nullopt;
  return std::chrono::local_days{civil} + std::chrono::hours{*h} + std::chrono::minutes{*min};
}

bool isGlucose(unsigned code) { return code == 48 || (code >= 57 && code <= 64); }

void addLine(std::string_view line, Diary& diary) {
  const auto date = cut(line, '\t');
  const auto time = cut(line, '\t');
  const auto code = cut(line, '\t');
  const auto at = date && time ? stamp(*date, *time) : std::nullopt;
  const auto kind = code ? number(*code) : std::nullopt;
  const auto value = number(line);
  // No meter shows 0 or four digits.
  if (!at || !kind || !value || (isGlucose(*kind) && (*value == 0 || *value > 999))) {
    ++diary.damagedLines;
  } else if (isGlucose(*kind)) {
    diary.glucose.push_back({*at, Decimal{static_cast<std::int64_t>(*value), 0}});
  } else {
    ++diary.otherEvents;
  }
}

}  // namespace

Diary parseDiary(std::string_view text) {
  Diary diary;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) addLine(line, diary);
  }
  std::ranges::stable_sort(diary.glucose, {}, &DiaryEntry::at);
  return diary;
}

}  // namespace vardnav::ble::virtual_home
