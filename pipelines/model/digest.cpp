// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "pipelines/model/digest.h"

#include <sodium.h>

#include <algorithm>

namespace vardnav {
namespace {

std::string lowerHex(ByteView bytes) {
  std::string hex = toHex(bytes);
  std::ranges::transform(hex, hex.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
  });
  return hex;
}

ByteView asBytes(std::string_view text) {
  // Characters are read as octets; no other type is aliased.
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::string Key128::toHex() const { return lowerHex(octets); }

std::optional<Key128> Key128::fromHex(std::string_view hex) {
  const auto bytes = vardnav::fromHex(hex);
  if (!bytes || bytes->size() != 16) return std::nullopt;
  Key128 key;
  std::ranges::copy(*bytes, key.octets.begin());
  return key;
}

struct DigestBuilder::State {
  crypto_hash_sha256_state hash;
};

DigestBuilder::DigestBuilder() : state_(std::make_unique<State>()) {
  crypto_hash_sha256_init(&state_->hash);
}

DigestBuilder::~DigestBuilder() = default;

DigestBuilder& DigestBuilder::add(ByteView field) {
  const auto size = static_cast<std::uint32_t>(field.size());
  const std::array<std::uint8_t, 4> prefix = {
      static_cast<std::uint8_t>(size >> 24U), static_cast<std::uint8_t>(size >> 16U),
      static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)};
  crypto_hash_sha256_update(&state_->hash, prefix.data(), prefix.size());
  crypto_hash_sha256_update(&state_->hash, field.data(), field.size());
  return *this;
}

DigestBuilder& DigestBuilder::add(std::string_view field) { return add(asBytes(field)); }

DigestBuilder& DigestBuilder::add(std::uint64_t field) {
  std::array<std::uint8_t, 8> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    octets[i] = static_cast<std::uint8_t>(field >> (56U - 8U * i));
  }
  return add(ByteView(octets));
}

std::array<std::uint8_t, 32> DigestBuilder::sha256() {
  std::array<std::uint8_t, 32> digest{};
  crypto_hash_sha256_final(&state_->hash, digest.data());
  return digest;
}

Key128 DigestBuilder::key() {
  const auto digest = sha256();
  Key128 key;
  std::copy_n(digest.begin(), key.octets.size(), key.octets.begin());
  return key;
}

std::string sha256Hex(ByteView bytes) {
  std::array<std::uint8_t, 32> digest{};
  crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
  return lowerHex(digest);
}

std::string sha256Hex(std::string_view text) { return sha256Hex(asBytes(text)); }

}  // namespace vardnav
