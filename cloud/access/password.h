// SPDX-FileCopyrightText: 2026 The Vardnav authors
// SPDX-License-Identifier: Apache-2.0

// Passwords as Argon2id texts (RFC 9106; libsodium's INTERACTIVE limits: 64 MiB, about 65 ms).
// Call neither on a thread that serves. Any thread, after libsodium is initialised.
#pragma once

#include <string>
#include <string_view>

#include "pipelines/model/error.h"

namespace vardnav::cloud::access {

/// Octets; longer ones are refused unread.
inline constexpr std::size_t kMaxPassword = 1024;

/// Initialises libsodium; any number of times.
Result<void> openPasswords();

/// kInvalidInput: empty or longer than kMaxPassword. kUnavailable: no memory for it now.
Result<std::string> hashPassword(std::string_view password);
/// False also for a hash that is none.
bool isPasswordOf(const std::string& hash, std::string_view password);

}  // namespace vardnav::cloud::access
