// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Ed25519 signatures (RFC 8032, pure: over the octets themselves) with keys and signatures as
// lower-case hexadecimal. A key is known by its id: the first 16 digits of its SHA-256, which
// tells two keys apart but proves nothing. Any thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipelines/model/error.h"

namespace vardnav {

struct PublicKey {
  std::array<std::uint8_t, 32> octets{};

  std::string toHex() const;  ///< 64 digits
  std::string id() const;     ///< 16 digits
  static std::optional<PublicKey> fromHex(std::string_view hex);
  friend auto operator<=>(const PublicKey&, const PublicKey&) = default;
};

/// Held in memory only as long as it signs; wiped at its end.
class SigningKey {
 public:
  /// From the system's randomness.
  static Result<SigningKey> generate();
  /// From what seedHex() gave: 64 digits, surrounding white space ignored.
  static std::optional<SigningKey> fromSeedHex(std::string_view hex);

  SigningKey(const SigningKey&) = default;
  SigningKey& operator=(const SigningKey&) = default;
  ~SigningKey();

  const PublicKey& publicKey() const { return public_; }
  /// The secret: for a file that only its owner reads.
  std::string seedHex() const;
  /// 128 digits.
  std::string sign(std::string_view octets) const;

 private:
  SigningKey() = default;
  void derive();

  std::array<std::uint8_t, 32> seed_{};
  std::array<std::uint8_t, 64> secret_{};
  PublicKey public_;
};

/// False too for a signature that is no 128 hexadecimal digits.
bool isSignedBy(const PublicKey& key, std::string_view octets, std::string_view signatureHex);

}  // namespace vardnav
