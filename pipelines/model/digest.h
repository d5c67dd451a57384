// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// SHA-256 (FIPS 180-4) over unambiguous concatenations, and the 128-bit keys made from it.
// Any thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pipelines/model/bytes.h"

namespace vardnav {

/// First 128 bits of a SHA-256. Readings and verdicts are known by one.
struct Key128 {
  std::array<std::uint8_t, 16> octets{};

  std::string toHex() const;  ///< 32 lower-case digits
  static std::optional<Key128> fromHex(std::string_view hex);
  friend auto operator<=>(const Key128&, const Key128&) = default;
};

using ReadingKey = Key128;

/// Fields are length-prefixed (u32, big-endian), so that "ab","c" and "a","bc" differ.
class DigestBuilder {
 public:
  DigestBuilder();
  ~DigestBuilder();
  DigestBuilder(const DigestBuilder&) = delete;
  DigestBuilder& operator=(const DigestBuilder&) = delete;

  DigestBuilder& add(ByteView field);
  DigestBuilder& add(std::string_view field);
  DigestBuilder& add(std::uint64_t field);  ///< 8 octets, big-endian

  std::array<std::uint8_t, 32> sha256();  ///< finishes; call once
  Key128 key();                           ///< finishes; call once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of exactly these octets, as 64 lower-case digits (no length prefix).
std::string sha256Hex(ByteView bytes);
std::string sha256Hex(std::string_view text);

}  // namespace vardnav
