// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// How this folder reads JSON objects: the first fault sticks, with its place. Private to the
// codecs' sources, the only header that knows the JSON library. Any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pipelines/wire/codec.h"
#include "pipelines/wire/nesting.h"
#include "pipelines/wire/topics.h"

namespace vardnav::wire {

using Json = nlohmann::json;

inline constexpr std::size_t kMaxIdLength = 128;
inline constexpr std::uint64_t kMaxInteger =
    (1ULL << 53) - 1;  // exact in every JSON reader (RFC 8259, 6)

inline std::unexpected<Fault> malformed(std::string place, std::string reason) {
  return std::unexpected(Fault{Fault::Kind::kMalformed, std::move(place), std::move(reason)});
}

/// Any octets; nothing is built that nests deeper than `levels`.
inline Decoded<Json> parseJson(std::string_view text, std::size_t levels) {
  if (text.size() > kMaxMessageBytes) return malformed("", "longer than 1 MiB");
  if (nestsDeeperThan(text, levels)) return malformed("", "nested too deeply");
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return malformed("", "not JSON");
  return json;
}

/// Only what toRfc3339 can write again: an offset may lead out of the years 0000 to 9999.
inline std::optional<UtcTime> timeFrom(std::string_view text) {
  const auto time = parseRfc3339(text);
  if (!time || parseRfc3339(toRfc3339(*time)) != time) return std::nullopt;
  return time;
}

/// One object being read. The first fault sticks; what is read after it is empty.
class Reader {
 public:
  Reader(const Json& json, std::string place) : json_(json), place_(std::move(place)) {
    if (!json_.is_object()) refuse("", "not an object");
  }

  bool has(const char* name) const { return json_.is_object() && json_.contains(name); }

  const Json& member(const char* name) {
    static const Json kAbsent;
    if (has(name)) return json_.at(name);
    refuse(name, "missing");
    return kAbsent;
  }

  /// A string that `parse` understands; `reason` says that it did not.
  template <class Parse>
  auto parsed(const char* name, Parse parse, const char* reason) {
    using T = typename decltype(parse(std::string_view()))::value_type;
    const Json& value = member(name);
    if (const auto* text = value.get_ptr<const std::string*>()) {
      if (auto result = parse(std::string_view(*text))) return *std::move(result);
    }
    refuse(name, reason);
    return T{};
  }

  std::string text(const char* name) {
    return parsed(
        name, [](std::string_view text) { return std::optional<std::string>(text); },
        "not a string");
  }

  template <class SomeId>
  SomeId id(const char* name) {
    return parsed(
        name,
        [](std::string_view text) -> std::optional<SomeId> {
          if (text.empty() || text.size() > kMaxIdLength) return std::nullopt;
          if (text.find('\0') != std::string_view::npos) return std::nullopt;  // no store takes it
          return SomeId(std::string(text));
        },
        "not an id of 1 to 128 octets");
  }

  UtcTime time(const char* name) { return parsed(name, timeFrom, "not an RFC 3339 time"); }
  Key128 key(const char* name) { return parsed(name, Key128::fromHex, "not 32 hex digits"); }

  std::uint64_t integer(const char* name, std::uint64_t least, std::uint64_t most) {
    const Json& value = member(name);
    if (value.is_number_unsigned()) {
      const auto number = value.get<std::uint64_t>();
      if (number >= least && number <= most) return number;
    }
    refuse(name, "not a whole number in range");
    return least;
  }

  bool boolean(const char* name) {
    const Json& value = member(name);
    if (value.is_boolean()) return value.get<bool>();
    refuse(name, "neither true nor false");
    return false;
  }

  /// Calls `each(element, place)` until it gives a fault.
  template <class Each>
  void array(const char* name, Each each) {
    const Json& value = member(name);
    if (!value.is_array()) return refuse(name, "not an array");
    for (std::size_t i = 0; i < value.size() && !fault_; ++i) {
      fault_ = each(value[i], pointer(name) + "/" + std::to_string(i));
    }
  }

  std::string pointer(const char* name) const { return place_ + "/" + name; }

  void refuse(const char* name, const char* reason) {
    if (fault_) return;
    fault_ = Fault{Fault::Kind::kMalformed, *name == '\0' ? place_ : pointer(name), reason};
  }
  void take(const std::optional<Fault>& fault) {
    if (!fault_) fault_ = fault;
  }
  const std::optional<Fault>& fault() const { return fault_; }

 private:
  const Json& json_;
  std::string place_;
  std::optional<Fault> fault_;
};

inline std::optional<HubId> hubIdFrom(std::string_view text) {
  if (!isHubId(text)) return std::nullopt;
  return HubId(std::string(text));
}

/// Of the message's form: only kVersion is known.
inline std::optional<Fault> unknownVersion(Reader& reader) {
  const auto version = reader.integer("version", 0, kMaxInteger);
  if (reader.fault()) return reader.fault();
  if (version == kVersion) return std::nullopt;
  return Fault{
      Fault::Kind::kUnknownVersion, "/version",
      "version " + std::to_string(version) + " is not supported, only " + std::to_string(kVersion)};
}

}  // namespace vardnav::wire
