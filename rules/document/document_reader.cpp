// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "rules/document/document_reader.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "rules/document/json_check.h"

namespace vardnav::rules {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxIdLength = 64;
constexpr std::size_t kMaxTextLength = 1000;
constexpr int kMaxPlaces = 6;
constexpr Decimal kMaxMagnitude{1, 6};
constexpr Milliseconds kMaxDuration = std::chrono::hours{24 * 400};

const Json kAbsent;

/// As the schema has it: an optional minus, no needless zero in front, 1 to 6 decimals after a
/// point.
bool isPlainDecimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto isDigits = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!isDigits(whole) || whole.size() > 7 || (whole.size() > 1 && whole[0] == '0')) return false;
  if (point == std::string_view::npos) return true;
  const auto places = text.substr(point + 1);
  return isDigits(places) && places.size() <= kMaxPlaces;
}

std::optional<std::chrono::minutes> timeOfDayFrom(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] - '0'; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  const int hour = digit(0) * 10 + digit(1);
  const int minute = digit(3) * 10 + digit(4);
  if (hour > 24 || minute > 59 || (hour == 24 && minute != 0)) return std::nullopt;
  return std::chrono::hours{hour} + std::chrono::minutes{minute};
}

Milliseconds lengthOf(std::string_view unit) {
  if (unit == "min") return std::chrono::minutes{1};
  if (unit == "h") return std::chrono::hours{1};
  if (unit == "d") return std::chrono::hours{24};
  return Milliseconds{0};
}

}  // namespace

bool isId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdLength && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Reader::Reader(const Json& json, std::string place, DocumentFaults& faults)
    : json_(&json), place_(std::move(place)), faults_(faults) {
  // What is missing has been told already.
  if (!json_->is_object() && !json_->is_null()) refuse("", "not an object");
}

void Reader::knowOnly(std::span<const std::string_view> names) {
  if (!json_->is_object()) return;
  for (const auto& [name, value] : json_->items()) {
    if (isFull()) return;
    if (std::ranges::find(names, name) == names.end()) {
      faults_.push_back({place_ + pointerStep(name), "unknown member"});
    }
  }
}

bool Reader::has(std::string_view name) const {
  return json_->is_object() && json_->contains(name);
}

const Json& Reader::member(std::string_view name) {
  if (has(name)) return *json_->find(name);
  if (json_->is_object()) refuse(name, "missing");
  return kAbsent;
}

Reader Reader::object(std::string_view name) { return {member(name), pointer(name), faults_}; }

std::string Reader::text(std::string_view name) {
  const Json& value = member(name);
  if (value.is_null()) return {};
  if (const auto* text = value.get_ptr<const std::string*>()) {
    if (!text->empty() && text->size() <= kMaxTextLength) return *text;
  }
  refuse(name, "not a text of 1 to 1000 octets");
  return {};
}

std::string Reader::id(std::string_view name) {
  std::string value = text(name);
  if (!value.empty() && !isId(value)) refuse(name, "not an id of 1 to 64 of a-z, 0-9 and -");
  return value;
}

std::uint32_t Reader::between(std::string_view name, std::uint32_t least, std::uint32_t most) {
  const Json& value = member(name);
  if (value.is_null()) return least;
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number >= least && number <= most) return static_cast<std::uint32_t>(number);
  }
  refuse(name, least == most ? "not " + std::to_string(least)
                             : "not a whole number from " + std::to_string(least) + " to " +
                                   std::to_string(most));
  return least;
}

std::uint16_t Reader::count(std::string_view name, std::uint16_t least, std::uint16_t most) {
  return static_cast<std::uint16_t>(between(name, least, most));
}

std::uint32_t Reader::whole(std::string_view name, std::uint32_t most) {
  return between(name, 1, most);
}

bool Reader::yesOrNo(std::string_view name) {
  const Json& value = member(name);
  if (value.is_boolean()) return value.get<bool>();
  if (!value.is_null()) refuse(name, "neither true nor false");
  return false;
}

Text Reader::bothLanguages(std::string_view name) {
  Reader texts = object(name);
  texts.knowOnly({"sv", "en"});
  std::string sv = texts.text("sv");
  return {std::move(sv), texts.text("en")};
}

Decimal Reader::decimal(std::string_view name) {
  const std::string written = text(name);
  if (written.empty()) return {};
  const auto value = isPlainDecimal(written) ? Decimal::parse(written) : std::nullopt;
  if (!value || *value > kMaxMagnitude || *value < Decimal(-1, 6)) {
    refuse(name, "not a decimal of at most 6 places and at most 1000000: write 3.9 or -1.645");
    return {};
  }
  return *value;
}

Milliseconds Reader::duration(std::string_view name, bool mayBeZero) {
  Reader reader = object(name);
  reader.knowOnly({"value", "unit"});
  const std::string value = reader.text("value");
  const std::string unit = reader.text("unit");
  if (value.empty() || unit.empty()) return Milliseconds{0};
  const Milliseconds length = lengthOf(unit);
  if (length.count() == 0) {
    reader.refuse("unit", "not min, h or d, in which durations are given");
    return Milliseconds{0};
  }
  const bool isWhole =
      value.size() <= 6 && isPlainDecimal(value) && value.find_first_of(".-") == std::string::npos;
  const Milliseconds duration = length * (isWhole ? std::stoi(value) : 0);
  if (!isWhole || duration > kMaxDuration || (duration.count() == 0 && !mayBeZero)) {
    reader.refuse("value", mayBeZero ? "not whole, from 0 to 400 days"
                                     : "not whole, above 0 and up to 400 days");
    return Milliseconds{0};
  }
  return duration;
}

std::chrono::minutes Reader::timeOfDay(std::string_view name, bool mayBeMidnightAtEnd) {
  const std::string written = text(name);
  if (written.empty()) return std::chrono::minutes{0};
  const auto time = timeOfDayFrom(written);
  if (time && (mayBeMidnightAtEnd || *time < std::chrono::hours{24})) return *time;
  refuse(name, "not a time of day: write 12:00");
  return std::chrono::minutes{0};
}

void Reader::refuse(std::string_view name, std::string reason) {
  if (isFull()) return;
  faults_.push_back({name.empty() ? place_ : pointer(name), std::move(reason)});
}

std::size_t Reader::sizeOfArray(std::string_view name, std::size_t least, std::size_t most) {
  const Json& value = member(name);
  if (value.is_null()) return 0;
  if (value.is_array() && value.size() >= least && value.size() <= most) return value.size();
  refuse(name, "not an array of " + std::to_string(least) + " to " + std::to_string(most));
  return 0;
}

Reader Reader::element(std::string_view name, std::size_t index) {
  return {member(name)[index], pointer(name) + "/" + std::to_string(index), faults_};
}

std::optional<std::string> Reader::textOfElement(std::string_view name, std::size_t index) {
  const Json& array = member(name);
  const std::string step = std::string(name) + "/" + std::to_string(index);
  const auto* value = array[index].get_ptr<const std::string*>();
  if (value == nullptr || value->empty() || value->size() > kMaxTextLength) {
    refuse(step, "not a text of 1 to 1000 octets");
    return std::nullopt;
  }
  for (std::size_t i = 0; i < index; ++i) {
    if (array[i] == array[index]) {
      refuse(step, "twice in one list");
      return std::nullopt;
    }
  }
  return *value;
}

}  // namespace vardnav::rules
