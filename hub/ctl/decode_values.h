// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// How single values look in the JSON of decode.h. Internal to this folder.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "ble/gatt/date_time.h"
#include "ble/gatt/fault.h"
#include "ble/gatt/ieee11073_float.h"
#include "ble/gatt/local_time_information.h"
#include "ble/gatt/user_id.h"
#include "hub/ctl/decode.h"

namespace vardnav::ctl {

/// An integer where it is one, else the double whose shortest form has the decimal's digits: no
/// characteristic has more of them (8) than a double keeps (15).
Json numberOf(const Decimal& value);
Json numberOf(const ble::gatt::Number& value);
template <class Reason>
Json numberOrNull(const std::expected<Decimal, Reason>& value) {
  return value ? numberOf(*value) : Json();
}
Json userOf(const ble::gatt::UserId& user);

/// "2019-08-21T09:31:13" under `key`; if a part is unknown null, and `key`_parts.
void addTime(Json& out, const std::string& key, const ble::gatt::DateTime& time);

/// `time_zone_min`, `dst_min`.
void addOffsets(Json& out, const ble::gatt::LocalTimeInformation& offsets);

/// The names of the bits that are set, lowest first; an empty name is a reserved bit.
Json flagsOf(std::uint32_t bits, std::span<const std::string_view> names);

/// names[value], "reserved" beyond them or where the name is empty.
std::string_view nameIn(std::span<const std::string_view> names, std::size_t value);

Rendering refused(ble::gatt::Fault fault);

/// What `toJson` makes of a decoded value, and how many octets were left.
template <class T, class ToJson>
Rendering rendered(const ble::gatt::Decoding<T>& decoding, ToJson toJson) {
  if (!decoding) return refused(decoding.error());
  Json out = toJson(decoding->value);
  if (decoding->trailing > 0) out["trailing_octets"] = decoding->trailing;
  return out;
}

}  // namespace vardnav::ctl
