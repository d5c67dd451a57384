// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/alerts/working_day.h"

#include <algorithm>
#include <array>

namespace vardnav::cloud::alerts {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month_day;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month_day;
using namespace std::chrono_literals;

constexpr std::array kFixed = {
    month_day{std::chrono::January / 1},   month_day{std::chrono::January / 6},
    month_day{std::chrono::May / 1},       month_day{std::chrono::June / 6},
    month_day{std::chrono::December / 25}, month_day{std::chrono::December / 26},
};

/// The Saturday from `first` to six days later.
bool isSaturdayFrom(sys_days date, year_month_day first) {
  const sys_days begin{first};
  return weekday{date} == std::chrono::Saturday && begin <= date && date <= begin + days{6};
}

}  // namespace

// Meeus, Jones and Butcher (Jean Meeus, Astronomical Algorithms, chapter 8).
sys_days easterSunday(year y) {
  const int n = static_cast<int>(y);
  const int a = n % 19;
  const int b = n / 100;
  const int c = n % 100;
  const int d = b / 4;
  const int e = b % 4;
  const int f = (b + 8) / 25;
  const int g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4;
  const int k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int sum = h + l - 7 * m + 114;
  return year_month_day{y, std::chrono::month{static_cast<unsigned>(sum / 31)},
                        day{static_cast<unsigned>(sum % 31 + 1)}};
}

bool isPublicHoliday(year_month_day date) {
  if (std::ranges::find(kFixed, month_day{date.month(), date.day()}) != kFixed.end()) return true;
  const sys_days at{date};
  const sys_days easter = easterSunday(date.year());
  const auto fromEaster = (at - easter).count();
  // Good Friday, Easter, Easter Monday, Ascension, Whit Sunday.
  for (const int offset : {-2, 0, 1, 39, 49}) {
    if (fromEaster == offset) return true;
  }
  const auto y = date.year();
  return isSaturdayFrom(at, y / std::chrono::June / 20) ||   // Midsummer Day
         isSaturdayFrom(at, y / std::chrono::October / 31);  // All Saints' Day
}

bool isWorkingDay(year_month_day date) {
  const weekday on{sys_days{date}};
  return on != std::chrono::Saturday && on != std::chrono::Sunday && !isPublicHoliday(date);
}

UtcTime nextWorkingMorning(UtcTime moment) {
  auto date = std::chrono::floor<days>(toStockholm(moment)) + days{1};
  while (!isWorkingDay(year_month_day{date})) date += days{1};
  return fromStockholm(date + 8h);
}

}  // namespace vardnav::cloud::alerts
