// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/signature.h"

#include <sodium.h>

#include <algorithm>

#include "pipelines/model/bytes.h"
#include "pipelines/model/digest.h"

namespace vardnav {
namespace {

static_assert(crypto_sign_PUBLICKEYBYTES == 32 && crypto_sign_SEEDBYTES == 32 &&
              crypto_sign_SECRETKEYBYTES == 64 && crypto_sign_BYTES == 64);

constexpr std::size_t kIdDigits = 16;

const std::uint8_t* octetsOf(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

template <std::size_t N>
std::string lowerHex(const std::array<std::uint8_t, N>& octets) {
  std::array<char, 2 * N + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), octets.data(), octets.size());
  return {hex.data(), 2 * N};
}

template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> fromHexOf(std::string_view hex) {
  const auto bytes = fromHex(hex);
  if (!bytes || bytes->size() != N) return std::nullopt;
  std::array<std::uint8_t, N> octets{};
  std::ranges::copy(*bytes, octets.begin());
  return octets;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace

std::string PublicKey::toHex() const { return lowerHex(octets); }

std::string PublicKey::id() const { return sha256Hex(ByteView(octets)).substr(0, kIdDigits); }

std::optional<PublicKey> PublicKey::fromHex(std::string_view hex) {
  const auto octets = fromHexOf<32>(hex);
  if (!octets) return std::nullopt;
  return PublicKey{*octets};
}

Result<SigningKey> SigningKey::generate() {
  if (sodium_init() < 0) {
    return fail(ErrorCode::kUnavailable, "libsodium finds no source of randomness");
  }
  SigningKey key;
  randombytes_buf(key.seed_.data(), key.seed_.size());
  key.derive();
  return key;
}

std::optional<SigningKey> SigningKey::fromSeedHex(std::string_view hex) {
  const auto seed = fromHexOf<32>(trimmed(hex));
  if (!seed) return std::nullopt;
  SigningKey key;
  key.seed_ = *seed;
  key.derive();
  return key;
}

SigningKey::~SigningKey() {
  sodium_memzero(seed_.data(), seed_.size());
  sodium_memzero(secret_.data(), secret_.size());
}

void SigningKey::derive() {
  crypto_sign_seed_keypair(public_.octets.data(), secret_.data(), seed_.data());
}

std::string SigningKey::seedHex() const { return lowerHex(seed_); }

std::string SigningKey::sign(std::string_view octets) const {
  std::array<std::uint8_t, crypto_sign_BYTES> signature{};
  crypto_sign_detached(signature.data(), nullptr, octetsOf(octets), octets.size(), secret_.data());
  return lowerHex(signature);
}

bool isSignedBy(const PublicKey& key, std::string_view octets, std::string_view signatureHex) {
  const auto signature = fromHexOf<crypto_sign_BYTES>(signatureHex);
  return signature && crypto_sign_verify_detached(signature->data(), octetsOf(octets),
                                                  octets.size(), key.octets.data()) == 0;
}

}  // namespace vardnav
