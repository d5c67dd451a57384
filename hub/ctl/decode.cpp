// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "hub/ctl/decode.h"

#include <algorithm>
#include <array>

namespace vardnav::ctl {
namespace {

constexpr std::string_view kBase = "-0000-1000-8000-00805f9b34fb";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool isSame(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

/// "0x2a18" and "00002a18-0000-…" name what "2A18" does.
std::string_view shortForm(std::string_view name) {
  constexpr std::size_t kShort = 4;
  constexpr std::size_t kLong = 8;
  if (name.size() == kLong + kBase.size() && name.starts_with("0000") &&
      isSame(name.substr(kLong), kBase)) {
    return name.substr(kShort, kShort);
  }
  if (name.starts_with("0x") || name.starts_with("0X")) return name.substr(2);
  return name;
}

}  // namespace

const Decoder* decoderOf(std::string_view characteristic) {
  const std::string_view name = shortForm(characteristic);
  const std::array families{glucoseDecoders(), scaleDecoders(),  vitalDecoders(),
                            cgmDecoders(),     deviceDecoders(), controlDecoders(),
                            healthDecoders(),  vendorDecoders()};
  for (const auto family : families) {
    for (const Decoder& decoder : family) {
      if (isSame(decoder.characteristic, name)) return &decoder;
    }
  }
  return nullptr;
}

std::optional<Bytes> octetsOf(std::string_view hex) {
  std::string digits;
  for (const char c : hex) {
    if (c != ' ' && c != ':' && c != '-' && c != '\t') digits += c;
  }
  return fromHex(digits);
}

}  // namespace vardnav::ctl
