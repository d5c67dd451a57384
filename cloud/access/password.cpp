// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

#include "cloud/access/password.h"

#include <sodium.h>

#include <array>

namespace vardnav::cloud::access {

Result<void> openPasswords() {
  if (sodium_init() < 0) {
    return fail(ErrorCode::kUnavailable, "libsodium found no source of randomness");
  }
  return {};
}

Result<std::string> hashPassword(std::string_view password) {
  if (password.empty() || password.size() > kMaxPassword) {
    return fail(ErrorCode::kInvalidInput,
                "a password must have 1 to " + std::to_string(kMaxPassword) + " octets");
  }
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(),
                            crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return fail(ErrorCode::kUnavailable, "no memory to hash a password (64 MiB are needed)");
  }
  return std::string(text.data());
}

bool isPasswordOf(const std::string& hash, std::string_view password) {
  return password.size() <= kMaxPassword && hash.size() < crypto_pwhash_STRBYTES &&
         crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace vardnav::cloud::access
