// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// One object of a JSON document being read: members by name, each of an expected kind, and every
// fault noted with its place, up to kMaxFaults. What could not be read is empty, and reading goes
// on, so that an author sees all faults at once. Included by .cpp files only (JSON). Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pipelines/model/unit.h"
#include "pipelines/model/verdict.h"
#include "rules/document/document.h"

namespace vardnav::rules {

/// 1 to 64 of a-z, 0-9 and -.
bool isId(std::string_view text);

class Reader {
 public:
  /// Both outlive the reader.
  Reader(const nlohmann::json& json, std::string place, DocumentFaults& faults);

  /// A misspelt member must not be a missing one.
  void knowOnly(std::span<const std::string_view> names);
  void knowOnly(std::initializer_list<std::string_view> names) {
    knowOnly(std::span(names.begin(), names.size()));
  }
  bool has(std::string_view name) const;
  /// Null where it is missing, which is a fault.
  const nlohmann::json& member(std::string_view name);
  Reader object(std::string_view name);

  std::string text(std::string_view name);  ///< 1 to 1000 octets
  std::string id(std::string_view name);    ///< 1 to 64 of a-z, 0-9 and -
  std::uint16_t count(std::string_view name, std::uint16_t least, std::uint16_t most);
  std::uint32_t whole(std::string_view name, std::uint32_t most);  ///< 1 to most
  bool yesOrNo(std::string_view name);
  Text bothLanguages(std::string_view name);
  /// "3.0", "-1.645": at most 6 decimals, at most 1000000 from zero, no needless zero in front.
  Decimal decimal(std::string_view name);
  /// {"value":"72","unit":"h"}: whole minutes, hours or days of 24 hours, up to 400 days.
  Milliseconds duration(std::string_view name, bool mayBeZero = false);
  std::chrono::minutes timeOfDay(std::string_view name, bool mayBeMidnightAtEnd = false);

  /// One of a table of names: `parse` gives an optional.
  template <class Parse>
  auto named(std::string_view name, Parse parse, std::string_view what) {
    using T = typename decltype(parse(std::string_view()))::value_type;
    const std::string value = text(name);
    if (const auto parsed = parse(std::string_view(value))) return *parsed;
    if (!value.empty()) refuse(name, "unknown " + std::string(what));
    return T{};
  }

  /// Calls `each(reader)` for every object of an array of `least` to `most`.
  template <class Each>
  void objects(std::string_view name, std::size_t least, std::size_t most, Each each) {
    const std::size_t size = sizeOfArray(name, least, most);
    for (std::size_t i = 0; i < size && !isFull(); ++i) {
      Reader reader = element(name, i);
      each(reader);
    }
  }

  /// Calls `each(text, place)` for every string of an array of `least` to `most`, all different.
  template <class Each>
  void texts(std::string_view name, std::size_t least, std::size_t most, Each each) {
    const std::size_t size = sizeOfArray(name, least, most);
    for (std::size_t i = 0; i < size && !isFull(); ++i) {
      const std::string step = std::string(name) + "/" + std::to_string(i);
      if (const auto value = textOfElement(name, i)) each(*value, step);
    }
  }

  void refuse(std::string_view name, std::string reason);
  bool isFull() const { return faults_.size() >= kMaxFaults; }
  std::size_t faultCount() const { return faults_.size(); }

 private:
  std::string pointer(std::string_view name) const { return place_ + "/" + std::string(name); }
  std::uint32_t between(std::string_view name, std::uint32_t least, std::uint32_t most);
  /// 0 where it is no such array, which is a fault.
  std::size_t sizeOfArray(std::string_view name, std::size_t least, std::size_t most);
  Reader element(std::string_view name, std::size_t index);
  std::optional<std::string> textOfElement(std::string_view name, std::size_t index);

  const nlohmann::json* json_;
  std::string place_;
  DocumentFaults& faults_;
};

}  // namespace vardnav::rules
