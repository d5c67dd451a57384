// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/ctl/decode_values.h"

#include <algorithm>
#include <charconv>

namespace vardnav::ctl {

Json numberOf(const Decimal& value) {
  if (const auto whole = value.rounded(0); whole && *whole == value) return whole->mantissa();
  const std::string text = value.toString();
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Json numberOf(const ble::gatt::Number& value) {
  return value ? numberOf(*value) : Json(ble::gatt::nameOf(value.error()));
}

Json userOf(const ble::gatt::UserId& user) { return user ? Json(*user) : Json(); }

void addTime(Json& out, const std::string& key, const ble::gatt::DateTime& time) {
  if (const auto local = time.local()) {
    out[key] = toIso(*local);
    return;
  }
  const auto part = [](unsigned value) { return value == 0 ? Json() : Json(value); };
  out[key] = nullptr;
  out[key + "_parts"] = {{"year", part(time.year)}, {"month", part(time.month)},
                         {"day", part(time.day)},   {"hour", time.hour},
                         {"minute", time.minute},   {"second", time.second}};
}

void addOffsets(Json& out, const ble::gatt::LocalTimeInformation& offsets) {
  const auto minutes = [](const ble::gatt::Offset& offset) {
    return offset ? Json(offset->count()) : Json();
  };
  out["time_zone_min"] = minutes(offsets.timeZone);
  out["dst_min"] = minutes(offsets.daylightSaving);
}

Json flagsOf(std::uint32_t bits, std::span<const std::string_view> names) {
  Json out = Json::array();
  for (std::size_t bit = 0; bit < names.size(); ++bit) {
    if ((bits >> bit & 1U) != 0 && !names[bit].empty()) out.push_back(names[bit]);
  }
  return out;
}

std::string_view nameIn(std::span<const std::string_view> names, std::size_t value) {
  return value < names.size() && !names[value].empty() ? names[value] : "reserved";
}

Rendering refused(ble::gatt::Fault fault) {
  std::string reason(ble::gatt::nameOf(fault));
  std::ranges::replace(reason, '-', '_');
  return std::unexpected(reason);
}

}  // namespace vardnav::ctl
