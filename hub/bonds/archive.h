// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// A backup of an adapter's bonds: keys with which anyone could be this hub towards its devices, so
// it exists outside memory only encrypted. Pure but for the randomness of seal(). Any thread.
//
//   "VNBONDS" · version 1 · nonce 24 · XChaCha20-Poly1305 (IETF, libsodium) of the content, with
//   the first eight octets as additional data
// Content, little-endian:
//   adapter 17 · taken at, ms since 1970 u64 · count u16 · count × (device 17 · size u32 · info)
//
// An archive is outside data, also after decryption: addresses are exact, sizes bounded, and
// nothing may follow.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/model/bytes.h"
#include "pipelines/model/error.h"
#include "pipelines/model/time.h"

namespace vardnav::bonds {

inline constexpr std::size_t kMostBonds = 256;
inline constexpr std::size_t kLargestInfo = 64UL * 1024;
inline constexpr std::size_t kLargestArchive = 4UL * 1024 * 1024;

struct Bond {
  std::string device;  ///< address
  std::string info;    ///< bluetoothd's file of that name, as it is
  friend bool operator==(const Bond&, const Bond&) = default;
};

struct Archive {
  std::string adapter;  ///< address
  UtcTime takenAt{};
  std::vector<Bond> bonds;
  friend bool operator==(const Archive&, const Archive&) = default;
};

/// Wiped at its end.
class Key {
 public:
  static Result<Key> generate();
  /// 64 hexadecimal digits, surrounding white space ignored.
  static std::optional<Key> fromHex(std::string_view hex);
  Key(const Key&) = default;
  Key& operator=(const Key&) = default;
  ~Key();

  std::string toHex() const;
  const std::uint8_t* data() const { return octets_.data(); }

 private:
  Key() = default;
  std::array<std::uint8_t, 32> octets_{};
};

/// The content, unencrypted; fails where a bound is exceeded.
Result<Bytes> encode(const Archive& archive);
Result<Archive> decode(ByteView content);

Result<Bytes> seal(const Key& key, const Archive& archive);
/// Fails for another key, any changed octet, another version and whatever decode() refuses.
Result<Archive> open(const Key& key, ByteView file);

}  // namespace vardnav::bonds
